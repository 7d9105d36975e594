//! `/_sandbox/settings`: how the sandbox speaks, what it demands and what it allows.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::body::{Refused, body};
use super::qr;
use crate::dialect::{Dialect, DialectError};
use crate::host::Host;
use crate::limits::Change as LimitsChange;
use crate::routes::call::Call;

/// What is to be different; what is not named stays.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    recaptcha: Option<bool>,
    dialect: Option<String>,
    limits: Option<LimitsChange>,
    qr: Option<qr::Change>,
    access_seconds: Option<u64>,
    refresh_seconds: Option<u64>,
    refresh_grace_seconds: Option<u64>,
    /// The e-mail of a front-office user who has to set a new password.
    force_reset: Option<String>,
    /// True forgets all attempts and blocks.
    clear_limits: Option<bool>,
}

pub(super) async fn show(State(host): State<Arc<Host>>) -> Json<Value> {
    let lifetimes = host.settings.lifetimes();
    Json(json!({
        "recaptcha": host.settings.offers().recaptcha,
        "dialect": host.settings.dialect().to_string(),
        "limits": host.tables().counter.limits().json(),
        "qr": qr::show(&host.settings),
        "access_seconds": lifetimes.access.as_secs(),
        "refresh_seconds": lifetimes.refresh.as_secs(),
        "refresh_grace_seconds": host.settings.refresh_grace().as_secs(),
    }))
}

/// Changes all that is named, or nothing if one of it is wrong.
pub(super) async fn set(state: State<Arc<Host>>, call: Call) -> Result<Json<Value>, Refused> {
    let change: Change = body(&call)?;
    let dialect = change.dialect.as_deref().map(str::parse).transpose();
    let dialect: Option<Dialect> = dialect.map_err(|error: DialectError| Refused(error.to_string()))?;
    let qr = change.qr.as_ref().map(|change| change.applied_to(&state.settings)).transpose()?;
    if let Some(email) = &change.force_reset
        && !state.force_reset(email)
    {
        return Err(Refused(format!("no front-office user has the e-mail {email}")));
    }
    state.settings.change(|values| {
        values.offers.recaptcha = change.recaptcha.unwrap_or(values.offers.recaptcha);
        if let Some((is_available, qr)) = qr {
            values.offers.qr = is_available;
            values.qr = qr;
        }
        if let Some(dialect) = dialect {
            values.dialect = Arc::new(dialect);
        }
        let seconds = |seconds: Option<u64>, before| seconds.map_or(before, Duration::from_secs);
        values.lifetimes.access = seconds(change.access_seconds, values.lifetimes.access);
        values.lifetimes.refresh = seconds(change.refresh_seconds, values.lifetimes.refresh);
        values.refresh_grace = seconds(change.refresh_grace_seconds, values.refresh_grace);
    });
    {
        let counter = &mut state.tables().counter;
        if let Some(limits) = &change.limits {
            let limits = counter.limits().changed(limits);
            counter.set_limits(limits);
        }
        if change.clear_limits == Some(true) {
            counter.clear();
        }
    }
    Ok(show(state).await)
}
