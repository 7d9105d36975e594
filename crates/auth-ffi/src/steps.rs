//! The step objects: what is known there, and what can be done there.
//!
//! Every call that moves on gives the next step, which is also the sign-in's `current()`. A refusal keeps the step
//! usable; one that the sign-in has moved on from throws `StaleStep`, a second call at the same time throws `Busy`.

use crate::{
    AuthError, CancelToken, MethodOption, SignInStep, TwoFactorMethod, WizardInfo, cancel::until_cancelled,
};
use auth_client::{
    Credentials,
    secret::{OneTimeCode, Password, RecaptchaResponse},
};
use std::sync::Arc;

macro_rules! step_objects {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(uniffi::Object)]
        pub struct $name {
            pub(crate) inner: auth_client::$name,
        }
    )*};
}

step_objects! {
    /// Before the front office's wizard is open.
    StartStep;
    /// E-mail and password are wanted.
    CredentialsStep;
    /// One of several two-factor methods has to be chosen.
    ChooseMethodStep;
    /// A code of the authenticator app or an SMS is wanted.
    CodeStep;
    /// The back office's e-mailed code is wanted.
    MailedCodeStep;
    /// The e-mailed code of a forced reset is wanted.
    ResetCodeStep;
    /// A new password is wanted.
    NewPasswordStep;
}

/// A call that moves the sign-in. When it was cancelled while an answer was being taken in, that is waited for, so that
/// `current()` is the truth and the next call is not met with `Busy`.
async fn moved(
    sign_in: &auth_client::SignIn,
    cancel: Option<Arc<CancelToken>>,
    call: impl Future<Output = Result<SignInStep, AuthError>> + Send,
) -> Result<SignInStep, AuthError> {
    let outcome = until_cancelled(cancel, call).await;
    if matches!(outcome, Err(AuthError::Cancelled)) {
        sign_in.wait_until_idle().await;
    }
    outcome
}

#[uniffi::export]
impl StartStep {
    /// The e-mail that this sign-in is for, if it was given before.
    pub fn account(&self) -> Option<String> {
        self.inner.account().map(str::to_owned)
    }

    /// True after a forced reset: the new password is in force.
    pub fn password_changed(&self) -> bool {
        self.inner.password_changed()
    }

    /// Opens the wizard. It costs no attempt.
    #[uniffi::method(default(cancel = None))]
    pub async fn open(&self, cancel: Option<Arc<CancelToken>>) -> Result<SignInStep, AuthError> {
        moved(self.inner.sign_in(), cancel, async { Ok(self.inner.open().await?.into()) }).await
    }
}

#[uniffi::export]
impl CredentialsStep {
    /// What the wizard said, such as whether reCAPTCHA is demanded.
    pub fn info(&self) -> WizardInfo {
        self.inner.info().into()
    }

    /// The e-mail that was given before, to fill the form with.
    pub fn account(&self) -> Option<String> {
        self.inner.account().map(str::to_owned)
    }

    /// True after a forced reset: it is the new password that is wanted.
    pub fn password_changed(&self) -> bool {
        self.inner.password_changed()
    }

    /// Submits e-mail and password. It costs one of the account's few attempts.
    #[uniffi::method(default(recaptcha = None, cancel = None))]
    pub async fn submit(
        &self,
        email: String,
        password: String,
        recaptcha: Option<String>,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<SignInStep, AuthError> {
        let login = Credentials::new(email, Password::new(password));
        let login = match recaptcha {
            Some(response) => login.with_recaptcha(RecaptchaResponse::new(response)),
            None => login,
        };
        moved(self.inner.sign_in(), cancel, async { Ok(self.inner.submit(login).await?.into()) }).await
    }
}

#[uniffi::export]
impl ChooseMethodStep {
    /// The account's e-mail.
    pub fn account(&self) -> String {
        self.inner.account().to_owned()
    }

    /// The methods to choose from, never none.
    pub fn options(&self) -> Vec<MethodOption> {
        self.inner.options().iter().map(MethodOption::from).collect()
    }

    /// Chooses; SMS makes the host send one.
    #[uniffi::method(default(cancel = None))]
    pub async fn choose(
        &self,
        method: TwoFactorMethod,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<SignInStep, AuthError> {
        moved(self.inner.sign_in(), cancel, async { Ok(self.inner.choose(method.into()).await?.into()) })
            .await
    }
}

#[uniffi::export]
impl CodeStep {
    /// The account's e-mail.
    pub fn account(&self) -> String {
        self.inner.account().to_owned()
    }

    /// Where the code comes from.
    pub fn method(&self) -> TwoFactorMethod {
        self.inner.method().into()
    }

    /// Every method that can be used now, this one first.
    pub fn methods(&self) -> Vec<TwoFactorMethod> {
        self.inner.methods().into_iter().map(TwoFactorMethod::from).collect()
    }

    /// The methods with the host's captions, as far as it listed them.
    pub fn options(&self) -> Vec<MethodOption> {
        self.inner.options().iter().map(MethodOption::from).collect()
    }

    /// Submits a code. It costs one of few attempts.
    #[uniffi::method(default(cancel = None))]
    pub async fn submit(
        &self,
        code: String,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<SignInStep, AuthError> {
        let code = OneTimeCode::new(code);
        moved(self.inner.sign_in(), cancel, async { Ok(self.inner.submit(code).await?.into()) }).await
    }

    /// Changes to another method, or asks for the same once more.
    #[uniffi::method(default(cancel = None))]
    pub async fn choose(
        &self,
        method: TwoFactorMethod,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<SignInStep, AuthError> {
        moved(self.inner.sign_in(), cancel, async { Ok(self.inner.choose(method.into()).await?.into()) })
            .await
    }
}

#[uniffi::export]
impl MailedCodeStep {
    /// The account's e-mail.
    pub fn account(&self) -> String {
        self.inner.account().to_owned()
    }

    /// How the code was delivered: `email`, the only way documented.
    pub fn provider(&self) -> String {
        self.inner.provider().to_owned()
    }

    /// When the code is over by this device's clock, in seconds since 1970.
    pub fn expires_at_epoch_seconds(&self) -> i64 {
        self.inner.expires_at().as_second()
    }

    /// Submits a code. It costs one of few attempts.
    #[uniffi::method(default(cancel = None))]
    pub async fn submit(
        &self,
        code: String,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<SignInStep, AuthError> {
        let code = OneTimeCode::new(code);
        moved(self.inner.sign_in(), cancel, async { Ok(self.inner.submit(code).await?.into()) }).await
    }
}

#[uniffi::export]
impl ResetCodeStep {
    /// The account's e-mail, where the code went.
    pub fn account(&self) -> String {
        self.inner.account().to_owned()
    }

    /// Submits a code. It costs one of few attempts.
    #[uniffi::method(default(cancel = None))]
    pub async fn submit(
        &self,
        code: String,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<SignInStep, AuthError> {
        let code = OneTimeCode::new(code);
        moved(self.inner.sign_in(), cancel, async { Ok(self.inner.submit(code).await?.into()) }).await
    }
}

#[uniffi::export]
impl NewPasswordStep {
    /// The account's e-mail.
    pub fn account(&self) -> String {
        self.inner.account().to_owned()
    }

    /// Sets the new password; the next step wants it with the e-mail.
    #[uniffi::method(default(cancel = None))]
    pub async fn submit(
        &self,
        password: String,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<SignInStep, AuthError> {
        let password = Password::new(password);
        moved(self.inner.sign_in(), cancel, async { Ok(self.inner.submit(password).await?.into()) }).await
    }
}
