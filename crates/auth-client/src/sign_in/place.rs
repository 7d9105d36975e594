//! Every place where a sign-in can be.

use super::{
    ChooseMethodStep, CodeStep, CredentialsStep, MailedCodeStep, NewPasswordStep, ResetCodeStep, SignIn,
    StartStep,
};
use crate::Session;
use auth_core::sign_in::{SignedIn, Step, Unsupported};

/// Where a sign-in is. Each place that waits for the user carries the calls that are legal there. A refusal keeps the
/// view usable; one that the sign-in has moved on from answers [`StaleStep`](crate::SignInError::StaleStep).
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
            Self::SignedIn(session) => Some(session.account().to_owned()),
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
