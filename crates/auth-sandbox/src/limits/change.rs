//! Limits as JSON, in whole or in part.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::settings::Limits;

/// What is to be different; what is not named stays.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    enabled: Option<bool>,
    sign_in: Option<u32>,
    refresh: Option<u32>,
    codes: Option<u32>,
    confirm: Option<u32>,
    qr: Option<u32>,
    window_seconds: Option<u64>,
    block_seconds: Option<u64>,
}

impl Limits {
    pub(crate) fn changed(&self, change: &Change) -> Self {
        let seconds = |seconds: Option<u64>, before| seconds.map_or(before, Duration::from_secs);
        Self {
            enabled: change.enabled.unwrap_or(self.enabled),
            sign_in: change.sign_in.unwrap_or(self.sign_in),
            refresh: change.refresh.unwrap_or(self.refresh),
            codes: change.codes.unwrap_or(self.codes),
            confirm: change.confirm.unwrap_or(self.confirm),
            qr: change.qr.unwrap_or(self.qr),
            window: seconds(change.window_seconds, self.window),
            block: seconds(change.block_seconds, self.block),
        }
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "enabled": self.enabled,
            "sign_in": self.sign_in,
            "refresh": self.refresh,
            "codes": self.codes,
            "confirm": self.confirm,
            "qr": self.qr,
            "window_seconds": self.window.as_secs(),
            "block_seconds": self.block.as_secs(),
        })
    }
}
