//! The user's presence, confirmed by Kotlin or Swift, and its bridge to the core's port.

use crate::QrDetails;
use async_trait::async_trait;
use auth_client::ports;
use std::sync::Arc;

/// Asks the user to confirm that they are there, such as by fingerprint, face or the device's PIN, before an approval leaves the
/// device.
#[uniffi::export(foreign)]
#[async_trait]
pub trait UserPresence: Send + Sync {
    /// True if the user is there and confirms. False, and nothing is sent, if they do not. When the approval is cancelled, so
    /// is this call.
    async fn confirm(&self, details: QrDetails) -> bool;
}

/// Adapts a foreign one to [`ports::UserPresence`].
pub(crate) struct PresenceBridge(pub(crate) Arc<dyn UserPresence>);

#[async_trait]
impl ports::UserPresence for PresenceBridge {
    async fn confirm(&self, details: &auth_client::QrDetails) -> bool {
        self.0.confirm(details.into()).await
    }
}
