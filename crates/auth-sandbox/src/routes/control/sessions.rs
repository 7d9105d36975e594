//! `/_sandbox/sessions`: what becomes of a user's tokens.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::body::{Refused, body};
use crate::host::Host;
use crate::routes::call::Call;

/// The e-mail of whom it is done to.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Action {
    reject_tokens: Option<String>,
    end: Option<String>,
}

pub(super) async fn show(State(host): State<Arc<Host>>) -> Json<Value> {
    let now = host.now();
    Json(json!({ "unrevoked": host.tables().sessions.alive(now) }))
}

pub(super) async fn act(State(host): State<Arc<Host>>, call: Call) -> Result<Json<Value>, Refused> {
    match body(&call)? {
        Action { reject_tokens: Some(email), end: None } => {
            Ok(Json(json!({ "rejected": host.reject_tokens(&email) })))
        }
        Action { reject_tokens: None, end: Some(email) } => {
            Ok(Json(json!({ "ended": host.end_sessions(&email) })))
        }
        _ => Err(Refused("give one of reject_tokens and end, each with an e-mail".to_owned())),
    }
}
