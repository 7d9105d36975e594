//! The calls that are legal at each step.

use super::step::{
    ChooseMethodStep, CodeStep, CredentialsStep, MailedCodeStep, NewPasswordStep, ResetCodeStep, SignInStep,
    StartStep,
};
use crate::RequestError;
use auth_core::{
    Endpoint, Office, Timestamp,
    ports::StoreError,
    secret::{OneTimeCode, Password},
    sign_in::{
        Credentials, MethodOption, NeedCode, NeedCredentials, NeedMailedCode, NeedMethod, NeedNewPassword,
        NeedResetCode, SignInError, Start, TwoFactorMethod, WizardInfo,
    },
};
use std::time::Duration;

impl StartStep {
    /// The e-mail that this sign-in is for, if it was given before.
    pub fn account(&self) -> Option<&str> {
        self.step.account()
    }

    /// True after a forced reset: the new password is in force.
    pub fn password_changed(&self) -> bool {
        self.step.password_changed()
    }

    /// Opens the wizard. It costs no attempt.
    ///
    /// # Errors
    /// The host could not be reached, is no B2Core, or has locked this client out.
    pub async fn open(&self) -> Result<SignInStep, RequestError<SignInError>> {
        self.sign_in.advance(self.serial, |step: Start| Ok(step.open())).await
    }
}

impl CredentialsStep {
    /// The office that is signed in to.
    pub fn office(&self) -> Office {
        self.step.office()
    }

    /// What the wizard said, such as whether reCAPTCHA is demanded.
    pub fn info(&self) -> WizardInfo {
        self.step.info()
    }

    /// The e-mail that was given before, to fill the form with.
    pub fn account(&self) -> Option<&str> {
        self.step.account()
    }

    /// True after a forced reset: it is the new password that is wanted.
    pub fn password_changed(&self) -> bool {
        self.step.password_changed()
    }

    /// Submits e-mail and password. It costs one of the account's few attempts. Where the last answer was lost, a new
    /// wizard is opened first: the host may have moved the old one on.
    ///
    /// # Errors
    /// The step is kept on all of them but [`SignInError::WizardEnded`].
    pub async fn submit(&self, login: Credentials) -> Result<SignInStep, RequestError<SignInError>> {
        if self.sign_in.flow.needs_new_wizard(self.serial) {
            self.sign_in.advance(self.serial, |step: NeedCredentials| Ok(step.reopen_wizard())).await?;
        }
        let fingerprint = &self.sign_in.flow.account.scope.fingerprint;
        self.sign_in.advance(self.serial, |step: NeedCredentials| step.submit(login, fingerprint)).await
    }
}

impl ChooseMethodStep {
    /// The account's e-mail.
    pub fn account(&self) -> &str {
        self.step.account()
    }

    /// The methods to choose from, never none.
    pub fn options(&self) -> &[MethodOption] {
        self.step.options()
    }

    /// Chooses; SMS makes the host send one.
    ///
    /// # Errors
    /// The step is kept on all of them but [`SignInError::WizardEnded`].
    pub async fn choose(&self, method: TwoFactorMethod) -> Result<SignInStep, RequestError<SignInError>> {
        self.sign_in.advance(self.serial, |step: NeedMethod| step.choose(method)).await
    }
}

impl CodeStep {
    /// The account's e-mail.
    pub fn account(&self) -> &str {
        self.step.account()
    }

    /// Where the code comes from.
    pub fn method(&self) -> TwoFactorMethod {
        self.step.method()
    }

    /// Every method that can be used now, this one first.
    pub fn methods(&self) -> Vec<TwoFactorMethod> {
        self.step.methods()
    }

    /// The methods with the host's captions, as far as it listed them.
    pub fn options(&self) -> &[MethodOption] {
        self.step.options()
    }

    /// Submits a code. It costs one of few attempts.
    ///
    /// # Errors
    /// The step is kept on all of them but [`SignInError::WizardEnded`]; a wrong code can be followed by another.
    pub async fn submit(&self, code: OneTimeCode) -> Result<SignInStep, RequestError<SignInError>> {
        self.sign_in.advance(self.serial, |step: NeedCode| step.submit(&code)).await
    }

    /// How long until another code can be asked for with [`choose`](Self::choose), as far as it is known here: zero, or what is left
    /// of a block by the host. No limit on text messages is documented; a host that has one says so when it refuses.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn another_code_after(&self) -> Result<Duration, StoreError> {
        let scope = &self.sign_in.flow.account.scope;
        scope.rate_limiter.wait(scope.office, Endpoint::ChooseMethod, self.account()).await
    }

    /// Changes to another method, or asks for the same once more.
    ///
    /// # Errors
    /// The step is kept on all of them but [`SignInError::WizardEnded`].
    pub async fn choose(&self, method: TwoFactorMethod) -> Result<SignInStep, RequestError<SignInError>> {
        self.sign_in.advance(self.serial, |step: NeedCode| step.choose(method)).await
    }
}

impl MailedCodeStep {
    /// The account's e-mail.
    pub fn account(&self) -> &str {
        self.step.account()
    }

    /// How the code was delivered: `email`, the only way documented.
    pub fn provider(&self) -> &str {
        self.step.provider()
    }

    /// When the code is over, by our clock.
    pub fn expires_at(&self) -> Timestamp {
        self.step.expires_at()
    }

    /// Submits a code. It costs one of few attempts.
    ///
    /// # Errors
    /// The step is kept on all of them but [`SignInError::WizardEnded`], which leads back to the credentials.
    pub async fn submit(&self, code: OneTimeCode) -> Result<SignInStep, RequestError<SignInError>> {
        self.sign_in.advance(self.serial, |step: NeedMailedCode| step.submit(&code)).await
    }
}

impl ResetCodeStep {
    /// The account's e-mail, where the code went.
    pub fn account(&self) -> &str {
        self.step.account()
    }

    /// Submits a code. It costs one of few attempts.
    ///
    /// # Errors
    /// The step is kept on all of them but [`SignInError::WizardEnded`].
    pub async fn submit(&self, code: OneTimeCode) -> Result<SignInStep, RequestError<SignInError>> {
        self.sign_in.advance(self.serial, |step: NeedResetCode| step.submit(&code)).await
    }
}

impl NewPasswordStep {
    /// The account's e-mail.
    pub fn account(&self) -> &str {
        self.step.account()
    }

    /// Sets the new password. The wizard is then opened anew, and the credentials step wants the new password; where
    /// opening fails, the step is [`SignInStep::Start`].
    ///
    /// # Errors
    /// The step is kept on all of them but [`SignInError::WizardEnded`].
    pub async fn submit(&self, password: Password) -> Result<SignInStep, RequestError<SignInError>> {
        self.sign_in.advance(self.serial, |step: NeedNewPassword| step.submit(&password)).await
    }
}
