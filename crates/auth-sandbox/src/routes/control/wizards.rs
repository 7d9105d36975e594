//! `/_sandbox/wizards`: forgetting the sign-ins in progress.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::body::{Refused, body};
use crate::host::Host;
use crate::routes::call::Call;

pub(super) async fn forget(State(host): State<Arc<Host>>, call: Call) -> Result<Json<Value>, Refused> {
    let Nothing {} = body(&call)?;
    Ok(Json(json!({ "forgotten": host.forget_wizards() })))
}

/// A body that may be left out.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}
