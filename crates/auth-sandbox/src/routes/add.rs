//! Registering endpoints.

use std::sync::Arc;

use axum::Router;
use axum::routing::MethodRouter;

use crate::host::Host;

/// Registers an endpoint with and without a slash at its end.
pub(super) fn add(
    router: Router<Arc<Host>>,
    path: &str,
    endpoint: MethodRouter<Arc<Host>>,
) -> Router<Arc<Host>> {
    router.route(path, endpoint.clone()).route(&format!("{path}/"), endpoint)
}
