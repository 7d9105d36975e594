//! The places, each with its own legal calls.

use super::SignIn;
use crate::{Failed, Session};
use auth_core::{
    Office, Timestamp,
    secret::{OneTimeCode, Password},
    sign_in::{
        Login, Method, NeedCode, NeedCredentials, NeedMailedCode, NeedMethod, NeedNewPassword, NeedResetCode,
        Offer, SignInError, SignedIn, Start, Step, Unsupported, WizardFacts,
    },
};

/// Where a sign-in is. Each place that waits for the user carries the calls that are legal there. A refusal keeps the
/// view usable; one that the sign-in has moved on from answers [`SignInError::StepUsed`].
#[derive(Clone, Debug)]
pub enum SignInStep {
    /// The front office's wizard has to be opened.
    Start(StartStep),
    /// E-mail and password are wanted.
    Credentials(CredentialsStep),
    /// One of several two-factor methods has to be chosen.
    ChooseMethod(ChooseMethodStep),
    /// A code of the authenticator app or an SMS is wanted.
    Code(CodeStep),
    /// The back office's e-mailed code is wanted.
    MailedCode(MailedCodeStep),
    /// The e-mailed code of a forced reset is wanted.
    ResetCode(ResetCodeStep),
    /// A new password is wanted.
    NewPassword(NewPasswordStep),
    /// Signed in.
    SignedIn(Session),
    /// The host wants something that this version does not know.
    Unsupported(Unsupported),
}

impl SignInStep {
    pub(super) fn view(
        sign_in: &SignIn,
        serial: u64,
        step: Step,
        session: impl FnOnce(SignedIn) -> Session,
    ) -> Self {
        let sign_in = sign_in.clone();
        match step {
            Step::Start(step) => Self::Start(StartStep { sign_in, serial, step }),
            Step::NeedCredentials(step) => Self::Credentials(CredentialsStep { sign_in, serial, step }),
            Step::NeedMethod(step) => Self::ChooseMethod(ChooseMethodStep { sign_in, serial, step }),
            Step::NeedCode(step) => Self::Code(CodeStep { sign_in, serial, step }),
            Step::NeedMailedCode(step) => Self::MailedCode(MailedCodeStep { sign_in, serial, step }),
            Step::NeedResetCode(step) => Self::ResetCode(ResetCodeStep { sign_in, serial, step }),
            Step::NeedNewPassword(step) => Self::NewPassword(NewPasswordStep { sign_in, serial, step }),
            Step::SignedIn(signed_in) => Self::SignedIn(session(signed_in)),
            Step::Unsupported(step) => Self::Unsupported(step),
        }
    }

    /// The account's e-mail, as far as it was given.
    pub fn account(&self) -> Option<String> {
        match self {
            Self::Start(step) => step.account().map(str::to_owned),
            Self::Credentials(step) => step.account().map(str::to_owned),
            Self::ChooseMethod(step) => Some(step.account().to_owned()),
            Self::Code(step) => Some(step.account().to_owned()),
            Self::MailedCode(step) => Some(step.account().to_owned()),
            Self::ResetCode(step) => Some(step.account().to_owned()),
            Self::NewPassword(step) => Some(step.account().to_owned()),
            Self::SignedIn(session) => Some(session.account()),
            Self::Unsupported(place) => place.account().map(str::to_owned),
        }
    }

    /// A stable name, the same as [`Step::name`].
    pub fn name(&self) -> &'static str {
        match self {
            Self::Start(_) => "start",
            Self::Credentials(_) => "credentials",
            Self::ChooseMethod(_) => "choose_method",
            Self::Code(_) => "code",
            Self::MailedCode(_) => "mailed_code",
            Self::ResetCode(_) => "reset_code",
            Self::NewPassword(_) => "new_password",
            Self::SignedIn(_) => "signed_in",
            Self::Unsupported(_) => "unsupported",
        }
    }
}

macro_rules! view {
    ($(#[$doc:meta])* $name:ident of $step:ty) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            sign_in: SignIn,
            serial: u64,
            step: $step,
        }

        impl $name {
            /// The sign-in that this is a view of.
            pub fn sign_in(&self) -> &SignIn {
                &self.sign_in
            }
        }
    };
}

view! {
    /// Before the front office's wizard is open.
    StartStep of Start
}

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
    pub async fn open(&self) -> Result<SignInStep, Failed<SignInError>> {
        self.sign_in.advance(self.serial, |step: Start| Ok(step.open())).await
    }
}

view! {
    /// E-mail and password are wanted.
    CredentialsStep of NeedCredentials
}

impl CredentialsStep {
    /// The office that is signed in to.
    pub fn office(&self) -> Office {
        self.step.office()
    }

    /// What the wizard said, such as whether reCAPTCHA is demanded.
    pub fn facts(&self) -> WizardFacts {
        self.step.facts()
    }

    /// The e-mail that was given before, to fill the form with.
    pub fn account(&self) -> Option<&str> {
        self.step.account()
    }

    /// True after a forced reset: it is the new password that is wanted.
    pub fn password_changed(&self) -> bool {
        self.step.password_changed()
    }

    /// Submits e-mail and password. It costs one of the account's few attempts.
    ///
    /// # Errors
    /// The step is kept on all of them but [`SignInError::WizardEnded`].
    pub async fn submit(&self, login: Login) -> Result<SignInStep, Failed<SignInError>> {
        let fingerprint = &self.sign_in.flow.context.fingerprint;
        self.sign_in.advance(self.serial, |step: NeedCredentials| step.submit(login, fingerprint)).await
    }
}

view! {
    /// One of several two-factor methods has to be chosen.
    ChooseMethodStep of NeedMethod
}

impl ChooseMethodStep {
    /// The account's e-mail.
    pub fn account(&self) -> &str {
        self.step.account()
    }

    /// The methods to choose from, never none.
    pub fn offers(&self) -> &[Offer] {
        self.step.offers()
    }

    /// Chooses; SMS makes the host send one.
    ///
    /// # Errors
    /// The step is kept on all of them but [`SignInError::WizardEnded`].
    pub async fn choose(&self, method: Method) -> Result<SignInStep, Failed<SignInError>> {
        self.sign_in.advance(self.serial, |step: NeedMethod| step.choose(method)).await
    }
}

view! {
    /// A code of the authenticator app or an SMS is wanted.
    CodeStep of NeedCode
}

impl CodeStep {
    /// The account's e-mail.
    pub fn account(&self) -> &str {
        self.step.account()
    }

    /// Where the code comes from.
    pub fn method(&self) -> Method {
        self.step.method()
    }

    /// Every method that can be used now, this one first.
    pub fn methods(&self) -> Vec<Method> {
        self.step.methods()
    }

    /// The methods with the host's captions, as far as it listed them.
    pub fn offers(&self) -> &[Offer] {
        self.step.offers()
    }

    /// Submits a code. It costs one of few attempts.
    ///
    /// # Errors
    /// The step is kept on all of them but [`SignInError::WizardEnded`]; a wrong code can be followed by another.
    pub async fn submit(&self, code: OneTimeCode) -> Result<SignInStep, Failed<SignInError>> {
        self.sign_in.advance(self.serial, |step: NeedCode| step.submit(&code)).await
    }

    /// Changes to another method, or asks for the same once more.
    ///
    /// # Errors
    /// The step is kept on all of them but [`SignInError::WizardEnded`].
    pub async fn choose(&self, method: Method) -> Result<SignInStep, Failed<SignInError>> {
        self.sign_in.advance(self.serial, |step: NeedCode| step.choose(method)).await
    }
}

view! {
    /// The back office's e-mailed code is wanted.
    MailedCodeStep of NeedMailedCode
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
    pub async fn submit(&self, code: OneTimeCode) -> Result<SignInStep, Failed<SignInError>> {
        self.sign_in.advance(self.serial, |step: NeedMailedCode| step.submit(&code)).await
    }
}

view! {
    /// The e-mailed code of a forced reset is wanted.
    ResetCodeStep of NeedResetCode
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
    pub async fn submit(&self, code: OneTimeCode) -> Result<SignInStep, Failed<SignInError>> {
        self.sign_in.advance(self.serial, |step: NeedResetCode| step.submit(&code)).await
    }
}

view! {
    /// A new password is wanted.
    NewPasswordStep of NeedNewPassword
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
    pub async fn submit(&self, password: Password) -> Result<SignInStep, Failed<SignInError>> {
        self.sign_in.advance(self.serial, |step: NeedNewPassword| step.submit(&password)).await
    }
}
