//! `/_sandbox/faults`: what goes wrong. The kinds of faults are in `faults/act.rs`, what each does in `faults/play.rs`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;

use super::body::{Refused, body};
use crate::faults::{Fault, FaultState};
use crate::host::Host;
use crate::routes::call::Call;

/// How many there may be.
const MOST_FAULTS: usize = 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    fault: String,
}

pub(super) async fn show(State(host): State<Arc<Host>>) -> Json<Vec<FaultState>> {
    Json(host.faults().all().to_vec())
}

pub(super) async fn set(state: State<Arc<Host>>, call: Call) -> Result<Json<Vec<FaultState>>, Refused> {
    let New { fault } = body(&call)?;
    let fault: Fault = fault.parse().map_err(|error| Refused(format!("{error}")))?;
    if state.faults().all().len() >= MOST_FAULTS {
        return Err(Refused(format!("there are {MOST_FAULTS} faults already: clear them first")));
    }
    state.faults().add(fault);
    Ok(show(state).await)
}

pub(super) async fn clear(state: State<Arc<Host>>) -> Json<Vec<FaultState>> {
    state.faults().clear();
    show(state).await
}
