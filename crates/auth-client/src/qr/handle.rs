//! The handle of a display's QR sign-in.

use super::{flow::Flow, state::QrState, states::QrStates};
use crate::session::AccountState;
use auth_core::{qr::QrSignInError, secret::AuthorizationToken};
use std::{fmt, sync::Arc};

/// A QR sign-in of this display: it gets a code, renews it, and signs in once it is approved. Cheap to clone.
///
/// It runs from the first read of its [states](Self::states) on, until it has ended, is [cancelled](Self::cancel), or all of its
/// handles and streams are dropped. A stream can be dropped and another one taken: the code goes on. A sign-in that was given up
/// stays given up: tokens that still come are revoked.
#[derive(Clone)]
pub struct QrSignIn {
    flow: Arc<Flow>,
}

impl QrSignIn {
    pub(crate) fn new(account: Arc<AccountState>) -> Self {
        Self { flow: Arc::new(Flow::new(account)) }
    }

    /// The states, from the newest one on. Reading them needs a tokio runtime.
    pub fn states(&self) -> QrStates {
        QrStates::of(self.flow.clone())
    }

    /// The newest state; `None` before the first.
    pub fn current(&self) -> Option<QrState> {
        self.flow.log.last()?.ok()
    }

    /// True if no other state follows.
    pub fn is_ended(&self) -> bool {
        self.flow.log.is_closed()
    }

    /// Hands over an authorization token that came in another way than by the live channel: it is exchanged for the code that
    /// is shown now.
    ///
    /// # Errors
    /// [`QrSignInError::NoCode`]: no code is shown, or it has expired.
    pub fn complete(&self, token: AuthorizationToken) -> Result<(), QrSignInError> {
        let is_shown =
            self.current().is_some_and(|state| state.code().is_some_and(|code| !code.time_left().is_zero()));
        if !is_shown {
            return Err(QrSignInError::NoCode);
        }
        // Full: another one is being exchanged. Closed: it has ended.
        self.flow.completing.try_send(token).map_err(|_| QrSignInError::NoCode)
    }

    /// Ends it: nobody is signed in by it any more, and the streams end.
    pub fn cancel(&self) {
        self.flow.cancel();
    }
}

impl fmt::Debug for QrSignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QrSignIn").field("state", &self.current().map(|state| state.name())).finish()
    }
}
