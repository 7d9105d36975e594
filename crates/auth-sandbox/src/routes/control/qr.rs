//! The part of `/_sandbox/settings` that is about QR sign-in.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::body::Refused;
use crate::qr::{QrOff, QrSettings};
use crate::settings::Settings;

/// What is to be different; what is not named stays.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    available: Option<bool>,
    lifetime_seconds: Option<f64>,
    lifetime_form: Option<String>,
    /// `null` takes the location away; left out it stays.
    #[serde(default, with = "double")]
    location: Option<Option<String>>,
    off_status: Option<u16>,
}

/// Tells a field that is `null` from one that is left out.
mod double {
    use serde::{Deserialize, Deserializer};

    #[expect(clippy::option_option, reason = "left out, null and a text are three things")]
    pub(super) fn deserialize<'a, D: Deserializer<'a>>(
        deserializer: D,
    ) -> Result<Option<Option<String>>, D::Error> {
        Option::deserialize(deserializer).map(Some)
    }
}

pub(super) fn show(settings: &Settings) -> Value {
    let QrSettings { lifetime, form, location, off } = settings.qr();
    json!({
        "available": settings.offers().qr,
        "lifetime_seconds": lifetime.as_secs_f64(),
        "lifetime_form": form.name(),
        "location": location,
        "off_status": off.status(),
    })
}

impl Change {
    /// What would be so then: whether QR sign-in is available, and how it behaves.
    pub(super) fn applied_to(&self, settings: &Settings) -> Result<(bool, QrSettings), Refused> {
        let mut qr = settings.qr();
        if let Some(seconds) = self.lifetime_seconds {
            let lifetime = Duration::try_from_secs_f64(seconds)
                .map_err(|_| Refused("lifetime_seconds must be a number of seconds from 0 up".to_owned()))?;
            qr.lifetime = lifetime;
        }
        if let Some(form) = &self.lifetime_form {
            qr.form = form.parse().map_err(Refused)?;
        }
        if let Some(location) = &self.location {
            qr.location.clone_from(location);
        }
        if let Some(status) = self.off_status {
            let off = QrOff::from_status(status);
            qr.off = off.ok_or_else(|| Refused("off_status must be 404 or 405".to_owned()))?;
        }
        Ok((self.available.unwrap_or(settings.offers().qr), qr))
    }
}
