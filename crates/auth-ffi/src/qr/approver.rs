//! The approver: what it scanned, and the decision.

use super::QrDetails;
use crate::{AuthError, CancelToken, Session, cancel::until_cancelled};
use std::sync::Arc;

/// How a code came to the approver. Say it truthfully: the risks that the user is shown depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum ScanSource {
    /// The app's own camera saw it on a screen.
    Camera,
    /// It was opened as a link, or sent as text or picture. Somebody who wants a sign-in approved sends codes in this way.
    Link,
}

impl From<ScanSource> for auth_client::ScanSource {
    fn from(source: ScanSource) -> Self {
        match source {
            ScanSource::Camera => Self::Camera,
            ScanSource::Link => Self::Link,
        }
    }
}

#[uniffi::export]
impl Session {
    /// Reads a scanned code, and asks the host what it knows of it, where that is possible. Nothing is approved.
    #[uniffi::method(default(cancel = None))]
    pub async fn inspect_qr(
        &self,
        scanned: Vec<u8>,
        source: ScanSource,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Arc<QrRequest>, AuthError> {
        until_cancelled(cancel, async {
            let inner = self.inner.inspect_qr(scanned, source.into()).await?;
            Ok(Arc::new(QrRequest { inner }))
        })
        .await
    }
}

/// A sign-in that waits for the approval of this device. Show its details, then approve or decline, once.
#[derive(uniffi::Object)]
pub struct QrRequest {
    inner: auth_client::QrRequest,
}

#[uniffi::export]
impl QrRequest {
    /// What to show before the user decides.
    pub fn details(&self) -> QrDetails {
        self.inner.details().into()
    }

    /// Approves: the other screen is signed in as this account. The user is asked to confirm first, if the client was given a
    /// `UserPresence`. An approval that was sent is carried out, even if the call is cancelled.
    #[uniffi::method(default(cancel = None))]
    pub async fn approve(&self, cancel: Option<Arc<CancelToken>>) -> Result<(), AuthError> {
        until_cancelled(cancel, async { Ok(self.inner.approve().await?) }).await
    }

    /// Declines: this request cannot be approved any more. True if the host was notified, so that the other screen can say so;
    /// false if the host has no call for it, and the code expires by itself.
    #[uniffi::method(default(cancel = None))]
    pub async fn decline(&self, cancel: Option<Arc<CancelToken>>) -> Result<bool, AuthError> {
        until_cancelled(cancel, async { Ok(self.inner.decline().await? == auth_client::Declined::Sent) })
            .await
    }
}
