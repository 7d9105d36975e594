//! Steering a running sandbox over HTTP, under `/_sandbox`. Every path takes a JSON object and answers with what is so now.

mod clock;
mod faults;
mod settings;

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::add;
use super::call::Call;
use crate::host::Host;

pub(super) fn routes() -> Router<Arc<Host>> {
    let mut router = Router::new();
    router = add(router, "/_sandbox/faults", get(faults::show).post(faults::set).delete(faults::clear));
    router = add(router, "/_sandbox/clock", get(clock::show).post(clock::set));
    router = add(router, "/_sandbox/settings", get(settings::show).post(settings::set));
    add(router, "/_sandbox/wizards", post(forget_wizards))
}

async fn forget_wizards(State(host): State<Arc<Host>>, call: Call) -> Result<Json<Value>, Refused> {
    let Nothing {} = body(&call)?;
    Ok(Json(json!({ "forgotten": host.forget_wizards() })))
}

/// A body that may be left out.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// What was asked for makes no sense, and nothing was changed.
struct Refused(String);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, Json(json!({ "error": self.0 }))).into_response()
    }
}

/// Reads the body; what is wrong with it is told in words.
fn body<T: DeserializeOwned>(call: &Call) -> Result<T, Refused> {
    let object = call.object().ok_or_else(|| Refused("the body must be a JSON object".to_owned()))?;
    serde_json::from_value(Value::Object(object.clone())).map_err(|error| Refused(error.to_string()))
}
