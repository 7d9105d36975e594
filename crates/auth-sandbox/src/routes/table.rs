//! All endpoints: which path leads where.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;

use super::{back, control, endpoint, front, live, observe, open, page, pin};
use crate::host::Host;

/// All endpoints of a sandbox.
pub(crate) fn all(host: &Arc<Host>) -> Router {
    let vendor = Router::new()
        .merge(front::routes())
        .merge(back::routes())
        .route_layer(from_fn_with_state(Arc::clone(host), pin::pin));
    let ours = || open::routes().merge(control::routes()).merge(page::routes()).merge(live::routes());
    let mut router = Router::new();
    router = match host.base_path.as_str() {
        "" => router.merge(vendor),
        base => router.nest(base, vendor.merge(ours())),
    };
    router
        .merge(ours())
        .merge(page::home(&host.base_path))
        .fallback(endpoint::no_endpoint)
        .method_not_allowed_fallback(endpoint::no_method)
        .layer(from_fn_with_state(Arc::clone(host), observe::observe))
        .with_state(Arc::clone(host))
}
