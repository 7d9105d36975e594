//! `/_sandbox/clock`: the sandbox's time.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::body::{Refused, body};
use crate::host::Host;
use crate::routes::call::Call;

/// One of three ways to move it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    advance_seconds: Option<f64>,
    offset_seconds: Option<f64>,
    now: Option<String>,
}

pub(super) async fn show(State(host): State<Arc<Host>>) -> Json<Value> {
    let now = host.now();
    Json(json!({
        "now": now.to_string(),
        "unix_seconds": now.as_second(),
        "offset_seconds": host.clock.offset().as_secs_f64(),
    }))
}

pub(super) async fn set(state: State<Arc<Host>>, call: Call) -> Result<Json<Value>, Refused> {
    let refused = |text: &str| Refused(text.to_owned());
    let clock = &state.clock;
    match body(&call)? {
        Move { advance_seconds: Some(seconds), offset_seconds: None, now: None } => {
            let by = Duration::try_from_secs_f64(seconds);
            clock.advance(by.map_err(|_| refused("advance_seconds must be a number of seconds from 0 up"))?);
        }
        Move { advance_seconds: None, offset_seconds: Some(seconds), now: None } => {
            let offset = SignedDuration::try_from_secs_f64(seconds);
            clock.set_offset(offset.map_err(|_| refused("offset_seconds must be a number of seconds"))?);
        }
        Move { advance_seconds: None, offset_seconds: None, now: Some(now) } => {
            let now = now.parse::<Timestamp>();
            clock.set(now.map_err(|_| refused("now must be a time such as 2025-03-01T12:00:00Z"))?);
        }
        _ => return Err(refused("give one of advance_seconds, offset_seconds and now")),
    }
    state.expire_qr_channels(state.now());
    Ok(show(state).await)
}
