//! Making sure that it is the user who approves.

use super::Cause;
use crate::qr::QrDetails;
use async_trait::async_trait;

/// Asks the user to confirm that they are there, such as by fingerprint, face or the device's PIN. It is asked before an approval
/// leaves the phone.
#[async_trait]
pub trait UserPresence: Send + Sync {
    /// True if the user is there and confirms. False, and nothing is sent, if they do not.
    ///
    /// # Errors
    /// If the user could not be asked: that counts as false, and is the `source()` of the error that the caller gets.
    async fn confirm(&self, details: &QrDetails) -> Result<bool, Cause>;
}
