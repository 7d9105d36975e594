//! Turning a function that answers or refuses into an endpoint.

use std::future::Future;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};

use super::call::Call;
use crate::host::Host;
use crate::render::{Answer, Refusal, answer, refusal};

/// An endpoint for this HTTP method.
pub(super) fn endpoint<F, Fut>(method: MethodFilter, handler: F) -> MethodRouter<Arc<Host>>
where
    F: Fn(Arc<Host>, Call) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<Answer, Refusal>> + Send + 'static,
{
    on(method, move |State(host): State<Arc<Host>>, call: Call| {
        let language = call.language;
        let done = handler(Arc::clone(&host), call);
        async move {
            match done.await {
                Ok(granted) => answer(&host.settings.dialect(), language, granted),
                Err(refused) => refusal(&host.settings.dialect(), &refused),
            }
        }
    })
}

/// An endpoint for POST, as nearly all of them are.
pub(super) fn post<F, Fut>(handler: F) -> MethodRouter<Arc<Host>>
where
    F: Fn(Arc<Host>, Call) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<Answer, Refusal>> + Send + 'static,
{
    endpoint(MethodFilter::POST, handler)
}

/// What answers where there is no endpoint: the same refusal every time.
pub(super) async fn no_endpoint(State(host): State<Arc<Host>>) -> Response {
    refusal(&host.settings.dialect(), &Refusal::NoEndpoint)
}

/// What answers where an endpoint has another method.
pub(super) async fn no_method(State(host): State<Arc<Host>>) -> Response {
    refusal(&host.settings.dialect(), &Refusal::NoMethod)
}
