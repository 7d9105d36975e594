//! The user's presence, confirmed by Kotlin or Swift, and its bridge to the core's port.

use super::Thrown;
use crate::QrDetails;
use async_trait::async_trait;
use auth_client::ports;
use std::sync::Arc;

/// Asks the user to confirm that they are there, such as by fingerprint, face or the device's PIN, before an approval leaves the
/// device.
#[uniffi::export(foreign)]
#[async_trait]
pub trait UserPresence: Send + Sync {
    /// Whether the user is there and confirms; nothing is sent if they do not. When the approval is cancelled, so is this call.
    async fn confirm(&self, details: QrDetails) -> Presence;
}

/// Whether the user is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Presence {
    /// The user is there and confirms.
    Confirmed,
    /// The user does not confirm.
    NotConfirmed,
    /// The user could not be asked, which counts as not confirmed.
    Failed {
        /// The number by which the layer finds what was thrown again.
        thrown: i64,
    },
}

/// Adapts a foreign one to [`ports::UserPresence`].
pub(crate) struct PresenceBridge(pub(crate) Arc<dyn UserPresence>);

#[async_trait]
impl ports::UserPresence for PresenceBridge {
    async fn confirm(&self, details: &auth_client::QrDetails) -> Result<bool, ports::Cause> {
        match self.0.confirm(details.into()).await {
            Presence::Confirmed => Ok(true),
            Presence::NotConfirmed => Ok(false),
            Presence::Failed { thrown } => {
                Thrown::by("presence check", Some(thrown)).map_or(Ok(false), |thrown| Err(thrown.into()))
            }
        }
    }
}
