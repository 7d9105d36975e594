//! The code of a display.

use super::matrix;
use std::sync::Arc;

/// A code to show. Whoever is signed in and sees its payload can approve this sign-in, so it is an object, which nothing prints.
#[derive(uniffi::Object)]
pub struct QrCode {
    inner: auth_client::QrShown,
}

impl QrCode {
    pub(super) fn of(inner: auth_client::QrShown) -> Arc<Self> {
        Arc::new(Self { inner })
    }
}

#[uniffi::export]
impl QrCode {
    /// The text to show as a QR code.
    pub fn payload(&self) -> String {
        self.inner.payload().expose().to_owned()
    }

    /// The code as a square of modules, row by row: 1 for a dark one, 0 for a light one. It includes the light margin that scanners
    /// need. Null if the payload is too long for a QR code.
    pub fn matrix(&self) -> Option<Vec<u8>> {
        matrix::of(self.inner.payload().expose())
    }

    /// The id of the sign-in channel, for an app that learns of the approval in a way of its own.
    pub fn channel_id(&self) -> String {
        self.inner.channel_id().expose().to_owned()
    }

    /// The address of this screen, as the host sees it.
    pub fn ip(&self) -> Option<String> {
        self.inner.ip().map(str::to_owned)
    }

    /// Where the host takes this screen to be, by its address.
    pub fn location(&self) -> Option<String> {
        self.inner.location().map(str::to_owned)
    }

    /// When the code expires by this device's wall clock, in seconds since 1970. For a countdown use the time left, which does
    /// not depend on how that clock is set.
    pub fn expires_at_epoch_seconds(&self) -> i64 {
        self.inner.expires_at().as_second()
    }

    /// How long the code may still be shown, in milliseconds. Zero: hide it.
    pub fn time_left_millis(&self) -> i64 {
        i64::try_from(self.inner.time_left().as_millis()).unwrap_or(i64::MAX)
    }
}
