//! `/_sandbox/live`: who is connected to the live channel, and what goes wrong there.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::body::{Refused, body};
use crate::host::Host;
use crate::routes::call::Call;

/// What is to happen, in this order; what is not named does not.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    polling_only: Option<bool>,
    twice: Option<bool>,
    publish: Option<Event>,
    /// A packet as it is, such as `42["approved"`.
    frame: Option<String>,
    /// True breaks all connections.
    drop: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    channel: String,
    /// The event's name; any JSON, since nobody checks it.
    event: Value,
    #[serde(default)]
    data: Value,
}

pub(super) async fn show(State(host): State<Arc<Host>>) -> Json<Value> {
    let settings = host.live.settings();
    Json(json!({
        "polling_only": settings.polling_only,
        "twice": settings.twice,
        "sessions": host.live.list(),
    }))
}

pub(super) async fn act(state: State<Arc<Host>>, call: Call) -> Result<Json<Value>, Refused> {
    let order: Order = body(&call)?;
    state.live.change(|settings| {
        settings.polling_only = order.polling_only.unwrap_or(settings.polling_only);
        settings.twice = order.twice.unwrap_or(settings.twice);
    });
    if let Some(Event { channel, event, data }) = &order.publish {
        state.live.publish(channel, event, data);
    }
    if let Some(frame) = &order.frame {
        state.live.publish_raw(frame);
    }
    if order.drop == Some(true) {
        state.live.drop_all();
    }
    Ok(show(state).await)
}
