//! A sign-in and the places where it can be.

use crate::{
    AuthError, CancelToken, ChooseMethodStep, CodeStep, CredentialsStep, MailedCodeStep, NewPasswordStep,
    Office, ResetCodeStep, Session, StartStep, cancel::until_cancelled,
};
use std::sync::Arc;

/// A sign-in under way. It owns the place where the user is; after an error, a cancel or a doubt, `current()` says
/// where that is.
#[derive(uniffi::Object)]
pub struct SignIn {
    pub(crate) inner: auth_client::SignIn,
}

#[uniffi::export]
impl SignIn {
    /// The office that is signed in to.
    pub fn office(&self) -> Office {
        self.inner.office().into()
    }

    /// Where the sign-in is now.
    pub fn current(&self) -> SignInStep {
        self.inner.current().into()
    }

    /// Notes the e-mail before it is submitted: a lock-out is then known before the host is asked.
    pub fn set_account(&self, email: String) {
        self.inner.set_account(&email);
    }

    /// Keeps the pending step, so that another process can go on from it. A sign-in does so by itself as soon as the
    /// host has accepted something.
    #[uniffi::method(default(cancel = None))]
    pub async fn save(&self, cancel: Option<Arc<CancelToken>>) -> Result<(), AuthError> {
        until_cancelled(cancel, async { Ok(self.inner.save().await?) }).await
    }

    /// Gives the sign-in up: its pending step is removed from the store.
    #[uniffi::method(default(cancel = None))]
    pub async fn abandon(&self, cancel: Option<Arc<CancelToken>>) -> Result<(), AuthError> {
        until_cancelled(cancel, async { Ok(self.inner.clone().abandon().await?) }).await
    }
}

/// Where a sign-in is. Each place carries an object with just the calls that are legal there.
#[derive(uniffi::Enum)]
pub enum SignInStep {
    /// The front office's wizard has to be opened.
    Start {
        /// The calls that are legal there.
        step: Arc<StartStep>,
    },
    /// E-mail and password are wanted.
    Credentials {
        /// The calls that are legal there.
        step: Arc<CredentialsStep>,
    },
    /// One of several two-factor methods has to be chosen.
    ChooseMethod {
        /// The calls that are legal there.
        step: Arc<ChooseMethodStep>,
    },
    /// A code of the authenticator app or an SMS is wanted.
    Code {
        /// The calls that are legal there.
        step: Arc<CodeStep>,
    },
    /// The back office's e-mailed code is wanted.
    MailedCode {
        /// The calls that are legal there.
        step: Arc<MailedCodeStep>,
    },
    /// The e-mailed code of a forced reset is wanted.
    ResetCode {
        /// The calls that are legal there.
        step: Arc<ResetCodeStep>,
    },
    /// A new password is wanted.
    NewPassword {
        /// The calls that are legal there.
        step: Arc<NewPasswordStep>,
    },
    /// Signed in.
    SignedIn {
        /// The session.
        session: Arc<Session>,
    },
    /// The host wants something that this version does not know; the sign-in can go on in a browser.
    Unsupported {
        /// The host's name for what it wants.
        workflow: String,
    },
}

impl From<auth_client::SignInStep> for SignInStep {
    fn from(step: auth_client::SignInStep) -> Self {
        use auth_client::SignInStep as Rust;
        match step {
            Rust::Start(inner) => Self::Start { step: Arc::new(StartStep { inner }) },
            Rust::Credentials(inner) => Self::Credentials { step: Arc::new(CredentialsStep { inner }) },
            Rust::ChooseMethod(inner) => Self::ChooseMethod { step: Arc::new(ChooseMethodStep { inner }) },
            Rust::Code(inner) => Self::Code { step: Arc::new(CodeStep { inner }) },
            Rust::MailedCode(inner) => Self::MailedCode { step: Arc::new(MailedCodeStep { inner }) },
            Rust::ResetCode(inner) => Self::ResetCode { step: Arc::new(ResetCodeStep { inner }) },
            Rust::NewPassword(inner) => Self::NewPassword { step: Arc::new(NewPasswordStep { inner }) },
            Rust::SignedIn(inner) => Self::SignedIn { session: Arc::new(Session { inner }) },
            Rust::Unsupported(place) => Self::Unsupported { workflow: place.workflow().to_owned() },
        }
    }
}
