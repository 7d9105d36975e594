//! The HTTP face: which path leads where.

mod back;
mod call;
mod control;
mod endpoint;
mod fields;
mod front;
mod observe;
mod open;
mod refresh;
mod sign_out;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;

use crate::host::Host;

/// All endpoints of a sandbox.
pub(crate) fn all(host: &Arc<Host>) -> Router {
    let vendor = Router::new().merge(front::routes()).merge(back::routes());
    let mut router = Router::new();
    router = match host.base_path.as_str() {
        "" => router.merge(vendor),
        base => router.nest(base, vendor.merge(open::routes()).merge(control::routes())),
    };
    router
        .merge(open::routes())
        .merge(control::routes())
        .fallback(endpoint::no_endpoint)
        .method_not_allowed_fallback(endpoint::no_method)
        .layer(from_fn_with_state(Arc::clone(host), observe::observe))
        .with_state(Arc::clone(host))
}

/// Registers an endpoint with and without a slash at its end.
fn add(
    router: Router<Arc<Host>>,
    path: &str,
    endpoint: axum::routing::MethodRouter<Arc<Host>>,
) -> Router<Arc<Host>> {
    router.route(path, endpoint.clone()).route(&format!("{path}/"), endpoint)
}
