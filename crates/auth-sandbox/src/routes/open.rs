//! What the vendor's hosts do not have: a look behind the scenes, open to anybody.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use super::add::add;
use super::call::Call;
use crate::host::Host;
use crate::render::{Refusal, refusal};
use crate::tokens::PUBLIC_PEM;

pub(super) fn routes() -> Router<Arc<Host>> {
    let mut router = Router::new().route("/.well-known/jwks.json", get(jwks));
    router = add(router, "/_sandbox/jwt.pem", get(pem));
    router = add(router, "/_sandbox/ca.pem", get(ca));
    router = add(router, "/_sandbox/outbox", get(outbox));
    router = add(router, "/_sandbox/requests", get(requests));
    router = add(router, "/_sandbox/users", get(users));
    add(router, "/_sandbox/whoami", get(who_am_i))
}

#[derive(Deserialize)]
struct To {
    to: Option<String>,
}

async fn jwks(State(host): State<Arc<Host>>) -> Response {
    Json(host.signer.jwks()).into_response()
}

async fn pem() -> Response {
    ([(header::CONTENT_TYPE, "application/x-pem-file")], PUBLIC_PEM).into_response()
}

/// The certificate to trust; there is none without TLS.
async fn ca(State(host): State<Arc<Host>>) -> Response {
    match &host.ca_pem {
        Some(pem) => ([(header::CONTENT_TYPE, "application/x-pem-file")], pem.clone()).into_response(),
        None => (StatusCode::NOT_FOUND, Json(json!({ "error": "there is no TLS here" }))).into_response(),
    }
}

async fn outbox(State(host): State<Arc<Host>>, Query(query): Query<To>) -> Response {
    let mut messages = host.tables().outbox.all().to_vec();
    if let Some(to) = &query.to {
        messages.retain(|message| message.is_for(to));
    }
    let dropped = host.tables().outbox.dropped();
    (dropped_header(dropped), Json(messages)).into_response()
}

async fn requests(State(host): State<Arc<Host>>) -> Response {
    let (requests, dropped) = {
        let log = &host.tables().log;
        (log.all(), log.dropped())
    };
    (dropped_header(dropped), Json(requests)).into_response()
}

/// How many older entries are not in a list any more.
fn dropped_header(dropped: u64) -> [(&'static str, String); 1] {
    [("x-sandbox-dropped", dropped.to_string())]
}

async fn users(State(host): State<Arc<Host>>) -> Response {
    let users = host.tables().users.infos();
    Json(users).into_response()
}

/// Whose access token was sent: a protected resource to try tokens on.
async fn who_am_i(State(host): State<Arc<Host>>, call: Call) -> Response {
    match call.bearer.as_deref().and_then(|token| host.owner_of(token)) {
        Some(user) => {
            Json(json!({ "email": user.email, "office": user.office, "client_id": user.client_id }))
                .into_response()
        }
        None => refusal(&host.settings.dialect(), &Refusal::BadToken),
    }
}
