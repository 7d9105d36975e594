//! A sign-in and its steps.

use crate::{
    AuthError, CancelToken, ChooseMethodStep, CodeStep, CredentialsStep, MailedCodeStep, NewPasswordStep,
    Office, ResetCodeStep, Session, StartStep, cancel::until_cancelled,
};
use std::sync::Arc;

/// A sign-in. It owns the current step. After an error, a cancel or a lost answer, `current()` is the step to go on from.
#[derive(uniffi::Object)]
pub struct SignIn {
    pub(crate) inner: auth_client::SignIn,
}

#[uniffi::export]
impl SignIn {
    /// The office of this sign-in.
    pub fn office(&self) -> Office {
        self.inner.office().into()
    }

    /// The current step.
    pub fn current(&self) -> SignInStep {
        self.inner.current().into()
    }

    /// Sets the e-mail before it is submitted, so that a lock-out of this account is known before a request is sent.
    pub fn set_account(&self, email: String) {
        self.inner.set_account(&email);
    }

    /// Saves the pending step to the store, so that another process can resume it. It is saved automatically once the host
    /// has accepted an answer.
    #[uniffi::method(default(cancel = None))]
    pub async fn save(&self, cancel: Option<Arc<CancelToken>>) -> Result<(), AuthError> {
        until_cancelled(cancel, async { Ok(self.inner.save().await?) }).await
    }

    /// Abandons the sign-in: removes its pending step from the store.
    #[uniffi::method(default(cancel = None))]
    pub async fn abandon(&self, cancel: Option<Arc<CancelToken>>) -> Result<(), AuthError> {
        until_cancelled(cancel, async { Ok(self.inner.clone().abandon().await?) }).await
    }
}

/// The steps of a sign-in. Each case carries an object with the calls that are legal there.
#[derive(uniffi::Enum)]
pub enum SignInStep {
    /// The front office's wizard has to be opened.
    Start {
        /// The step's calls.
        step: Arc<StartStep>,
    },
    /// E-mail and password are required.
    Credentials {
        /// The step's calls.
        step: Arc<CredentialsStep>,
    },
    /// One of several two-factor methods has to be chosen.
    ChooseMethod {
        /// The step's calls.
        step: Arc<ChooseMethodStep>,
    },
    /// A code of the authenticator app or an SMS is required.
    Code {
        /// The step's calls.
        step: Arc<CodeStep>,
    },
    /// The code that the back office e-mailed is required.
    MailedCode {
        /// The step's calls.
        step: Arc<MailedCodeStep>,
    },
    /// The e-mailed code of a forced password reset is required.
    ResetCode {
        /// The step's calls.
        step: Arc<ResetCodeStep>,
    },
    /// A new password is required.
    NewPassword {
        /// The step's calls.
        step: Arc<NewPasswordStep>,
    },
    /// Signed in.
    SignedIn {
        /// The session.
        session: Arc<Session>,
    },
    /// The host requires a step that this version does not support. The user can sign in with a browser.
    Unsupported {
        /// The host's name of that step.
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
            Rust::Unsupported(step) => Self::Unsupported { workflow: step.workflow().to_owned() },
        }
    }
}
