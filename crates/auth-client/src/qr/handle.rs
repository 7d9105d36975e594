//! The handle of a display's QR sign-in.

use super::{
    completion::Completion,
    flow::Flow,
    state::{QrShown, QrState},
    states::QrStates,
};
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

    /// The states, from the newest one on. Reading them needs a tokio runtime, which has to be driven as long as a code is shown: it
    /// works there from the first read on. If that runtime ends, the stream ends with an error.
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

    /// Hands over an authorization token that came in another way than by the live channel, for the code that is shown now. Where
    /// it may be of an earlier one, use [`complete_code`](Self::complete_code).
    ///
    /// # Errors
    /// [`QrSignInError::NoCode`]: no code is shown, or it has expired, or an approval is being exchanged.
    pub fn complete(&self, token: AuthorizationToken) -> Result<(), QrSignInError> {
        let current = self.current();
        let code = current.as_ref().and_then(QrState::code).ok_or(QrSignInError::NoCode)?;
        self.complete_code(code, token)
    }

    /// Like [`complete`](Self::complete), for this code: if another one is shown by now, nothing is exchanged.
    ///
    /// # Errors
    /// [`QrSignInError::NoCode`]: this code is not shown any more, or an approval is being exchanged.
    pub fn complete_code(&self, code: &QrShown, token: AuthorizationToken) -> Result<(), QrSignInError> {
        let current = self.current();
        let is_shown = current.as_ref().and_then(QrState::code).is_some_and(|shown| {
            shown.channel_id().expose() == code.channel_id().expose() && !shown.time_left().is_zero()
        });
        if !is_shown {
            return Err(QrSignInError::NoCode);
        }
        // Full: another one is being exchanged. Closed: it has ended.
        let completion = Completion { channel: code.channel_id().clone(), token };
        self.flow.completing.try_send(completion).map_err(|_| QrSignInError::NoCode)
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
