//! The endpoint of the live channel.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::response::Response;
use axum::routing::any;

use super::query::{Asked, Fault, Transport};
use super::{open, polling, websocket};
use crate::host::Host;
use crate::routes::add::add;

pub(in crate::routes) fn routes() -> Router<Arc<Host>> {
    add(Router::new(), "/socket.io", any(serve))
}

async fn serve(State(host): State<Arc<Host>>, request: Request) -> Response {
    host.expire_qr_channels(host.now());
    match answer(&host, request).await {
        Ok(answer) => answer,
        Err(fault) => fault.response(),
    }
}

async fn answer(host: &Arc<Host>, request: Request) -> Result<Response, Fault> {
    let asked = Asked::read(request.uri().query().unwrap_or_default());
    let is_get = request.method() == Method::GET;
    if asked.transport == Transport::Unknown
        || (asked.transport == Transport::WebSocket && host.live.settings().polling_only)
    {
        return Err(Fault::UnknownTransport);
    }
    let session = match &asked.session {
        Some(id) => Some(host.live.find(id).ok_or(Fault::UnknownSession)?),
        None if !is_get => return Err(Fault::BadMethod),
        None => None,
    };
    match (asked.transport, session) {
        (Transport::WebSocket, session) if is_get => websocket::upgrade(host, session, request.headers()),
        (Transport::Polling, None) => open::by_polling(host),
        (Transport::Polling, Some(session)) if is_get => polling::send(session).await,
        (Transport::Polling, Some(session)) if request.method() == Method::POST => {
            polling::receive(host, &session, request.extensions())
        }
        _ => Err(Fault::BadRequest),
    }
}
