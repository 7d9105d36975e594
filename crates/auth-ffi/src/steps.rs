//! The step objects: the data and the calls of each step.
//!
//! Every call returns the next step, which is then the sign-in's `current()` too. A refusal keeps the step usable. A step
//! that the sign-in has moved on from throws `StaleStep`. A second call at the same time throws `Busy`.

use crate::{
    AuthError, CancelToken, MethodOption, SignInStep, TwoFactorMethod, WizardInfo,
    cancel::{Boxed, until_cancelled},
    error::from::seconds,
};
use auth_client::{
    Credentials, RequestError, SignInError,
    secret::{OneTimeCode, Password, RecaptchaResponse},
};
use std::sync::Arc;

macro_rules! step_objects {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(PartialEq, Eq, Hash, uniffi::Object)]
        #[uniffi::export(Eq, Hash)]
        pub struct $name {
            pub(crate) inner: auth_client::$name,
        }
    )*};
}

step_objects! {
    /// The front office's wizard has to be opened.
    StartStep;
    /// E-mail and password are required.
    CredentialsStep;
    /// One of several two-factor methods has to be chosen.
    ChooseMethodStep;
    /// A code of the authenticator app or an SMS is required.
    CodeStep;
    /// The code that the back office e-mailed is required.
    MailedCodeStep;
    /// The e-mailed code of a forced password reset is required.
    ResetCodeStep;
    /// A new password is required.
    NewPasswordStep;
}

/// Makes a call that advances the sign-in. If it is cancelled while an answer is being processed, it waits for that, so
/// that `current()` is up to date and the next call does not throw `Busy`.
fn advance<'a>(
    sign_in: &'a auth_client::SignIn,
    cancel: Option<Arc<CancelToken>>,
    call: impl Future<Output = Result<auth_client::SignInStep, RequestError<SignInError>>> + Send + 'a,
) -> Boxed<'a, Result<SignInStep, AuthError>> {
    Box::pin(settled(sign_in, cancel, Box::pin(call)))
}

async fn settled<'a>(
    sign_in: &'a auth_client::SignIn,
    cancel: Option<Arc<CancelToken>>,
    call: Boxed<'a, Result<auth_client::SignInStep, RequestError<SignInError>>>,
) -> Result<SignInStep, AuthError> {
    let outcome = until_cancelled(cancel, async { Ok(call.await?.into()) }).await;
    if matches!(outcome, Err(AuthError::Cancelled)) {
        sign_in.wait_until_idle().await;
    }
    outcome
}

#[uniffi::export]
impl StartStep {
    /// The e-mail of this sign-in, if it was given before.
    pub fn account(&self) -> Option<String> {
        self.inner.account().map(str::to_owned)
    }

    /// True after a forced password reset: the new password is valid now.
    pub fn password_changed(&self) -> bool {
        self.inner.password_changed()
    }

    /// Opens the wizard. It does not count as an attempt.
    #[uniffi::method(default(cancel = None))]
    pub async fn open(&self, cancel: Option<Arc<CancelToken>>) -> Result<SignInStep, AuthError> {
        advance(self.inner.sign_in(), cancel, self.inner.open()).await
    }
}

#[uniffi::export]
impl CredentialsStep {
    /// The wizard's information, such as whether it requires reCAPTCHA.
    pub fn info(&self) -> WizardInfo {
        self.inner.info().into()
    }

    /// The e-mail that was given before, to prefill the form.
    pub fn account(&self) -> Option<String> {
        self.inner.account().map(str::to_owned)
    }

    /// True after a forced password reset: the new password is required.
    pub fn password_changed(&self) -> bool {
        self.inner.password_changed()
    }

    /// Submits e-mail and password. It counts as one of the account's attempts.
    #[uniffi::method(default(recaptcha = None, cancel = None))]
    pub async fn submit(
        &self,
        email: String,
        password: String,
        recaptcha: Option<String>,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<SignInStep, AuthError> {
        let credentials = Credentials::new(email, Password::new(password));
        let credentials = match recaptcha {
            Some(response) => credentials.with_recaptcha(RecaptchaResponse::new(response)),
            None => credentials,
        };
        advance(self.inner.sign_in(), cancel, self.inner.submit(credentials)).await
    }
}

#[uniffi::export]
impl ChooseMethodStep {
    /// The account's e-mail.
    pub fn account(&self) -> String {
        self.inner.account().to_owned()
    }

    /// The methods to choose from; at least one.
    pub fn options(&self) -> Vec<MethodOption> {
        self.inner.options().iter().map(MethodOption::from).collect()
    }

    /// Chooses a method. For SMS, the host then sends a code.
    #[uniffi::method(default(cancel = None))]
    pub async fn choose(
        &self,
        method: TwoFactorMethod,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<SignInStep, AuthError> {
        advance(self.inner.sign_in(), cancel, self.inner.choose(method.into())).await
    }
}

#[uniffi::export]
impl CodeStep {
    /// The account's e-mail.
    pub fn account(&self) -> String {
        self.inner.account().to_owned()
    }

    /// The method that the code belongs to.
    pub fn method(&self) -> TwoFactorMethod {
        self.inner.method().into()
    }

    /// All methods that can be used now, the current one first.
    pub fn methods(&self) -> Vec<TwoFactorMethod> {
        self.inner.methods().into_iter().map(TwoFactorMethod::from).collect()
    }

    /// The methods with the host's captions, as far as the host listed them.
    pub fn options(&self) -> Vec<MethodOption> {
        self.inner.options().iter().map(MethodOption::from).collect()
    }

    /// Submits a code. It counts as one of the account's attempts.
    #[uniffi::method(default(cancel = None))]
    pub async fn submit(
        &self,
        code: String,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<SignInStep, AuthError> {
        let code = OneTimeCode::new(code);
        advance(self.inner.sign_in(), cancel, self.inner.submit(code)).await
    }

    /// How many seconds to wait until another code can be requested with `choose`, as far as it is known: 0, or what is left of a
    /// block by the host. No limit on text messages is documented; a host that has one says so when it refuses.
    #[uniffi::method(default(cancel = None))]
    pub async fn another_code_after_seconds(
        &self,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<i64, AuthError> {
        until_cancelled(cancel, async { Ok(seconds(self.inner.another_code_after().await?)) }).await
    }

    /// Changes to another method, or requests another code of the same one.
    #[uniffi::method(default(cancel = None))]
    pub async fn choose(
        &self,
        method: TwoFactorMethod,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<SignInStep, AuthError> {
        advance(self.inner.sign_in(), cancel, self.inner.choose(method.into())).await
    }
}

#[uniffi::export]
impl MailedCodeStep {
    /// The account's e-mail.
    pub fn account(&self) -> String {
        self.inner.account().to_owned()
    }

    /// How the code was sent: `email`, the only documented way.
    pub fn provider(&self) -> String {
        self.inner.provider().to_owned()
    }

    /// When the code expires by this device's clock, in seconds since 1970.
    pub fn expires_at_epoch_seconds(&self) -> i64 {
        self.inner.expires_at().as_second()
    }

    /// Submits a code. It counts as one of the account's attempts.
    #[uniffi::method(default(cancel = None))]
    pub async fn submit(
        &self,
        code: String,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<SignInStep, AuthError> {
        let code = OneTimeCode::new(code);
        advance(self.inner.sign_in(), cancel, self.inner.submit(code)).await
    }
}

#[uniffi::export]
impl ResetCodeStep {
    /// The account's e-mail, to which the code was sent.
    pub fn account(&self) -> String {
        self.inner.account().to_owned()
    }

    /// Submits a code. It counts as one of the account's attempts.
    #[uniffi::method(default(cancel = None))]
    pub async fn submit(
        &self,
        code: String,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<SignInStep, AuthError> {
        let code = OneTimeCode::new(code);
        advance(self.inner.sign_in(), cancel, self.inner.submit(code)).await
    }
}

#[uniffi::export]
impl NewPasswordStep {
    /// The account's e-mail.
    pub fn account(&self) -> String {
        self.inner.account().to_owned()
    }

    /// Sets the new password. The user then signs in with it.
    #[uniffi::method(default(cancel = None))]
    pub async fn submit(
        &self,
        password: String,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<SignInStep, AuthError> {
        let password = Password::new(password);
        advance(self.inner.sign_in(), cancel, self.inner.submit(password)).await
    }
}
