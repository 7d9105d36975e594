//! Every step where a sign-in can be, and the views of it. The calls that are legal at each are in `calls`.

use super::handle::SignIn;
use crate::{Session, session::ActiveSession};
use auth_core::sign_in::{
    NeedCode, NeedCredentials, NeedMailedCode, NeedMethod, NeedNewPassword, NeedResetCode, Start, Step,
    Unsupported,
};
use std::hash::{Hash, Hasher};

macro_rules! view {
    ($(#[$doc:meta])* $name:ident of $step:ty) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            pub(super) sign_in: SignIn,
            pub(super) serial: u64,
            pub(super) step: $step,
        }

        impl $name {
            /// The sign-in that this is a view of.
            pub fn sign_in(&self) -> &SignIn {
                &self.sign_in
            }
        }

        /// Views are equal if they are of the same step of the same sign-in.
        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.sign_in == other.sign_in && self.serial == other.serial
            }
        }

        impl Eq for $name {}

        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                (&self.sign_in, self.serial).hash(state);
            }
        }
    };
}

view! {
    /// Before the front office's wizard is open.
    StartStep of Start
}

view! {
    /// E-mail and password are wanted.
    CredentialsStep of NeedCredentials
}

view! {
    /// One of several two-factor methods has to be chosen.
    ChooseMethodStep of NeedMethod
}

view! {
    /// A code of the authenticator app or an SMS is wanted.
    CodeStep of NeedCode
}

view! {
    /// The back office's e-mailed code is wanted.
    MailedCodeStep of NeedMailedCode
}

view! {
    /// The e-mailed code of a forced reset is wanted.
    ResetCodeStep of NeedResetCode
}

view! {
    /// A new password is wanted.
    NewPasswordStep of NeedNewPassword
}

/// Where a sign-in is. Each step that waits for the user carries the calls that are legal there. A refusal keeps the
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

impl SignIn {
    /// Where the sign-in is now.
    pub fn current(&self) -> SignInStep {
        let (serial, step, session) = self.flow.current();
        let sign_in = self.clone();
        match step {
            Step::Start(step) => SignInStep::Start(StartStep { sign_in, serial, step }),
            Step::NeedCredentials(step) => SignInStep::Credentials(CredentialsStep { sign_in, serial, step }),
            Step::NeedMethod(step) => SignInStep::ChooseMethod(ChooseMethodStep { sign_in, serial, step }),
            Step::NeedCode(step) => SignInStep::Code(CodeStep { sign_in, serial, step }),
            Step::NeedMailedCode(step) => SignInStep::MailedCode(MailedCodeStep { sign_in, serial, step }),
            Step::NeedResetCode(step) => SignInStep::ResetCode(ResetCodeStep { sign_in, serial, step }),
            Step::NeedNewPassword(step) => SignInStep::NewPassword(NewPasswordStep { sign_in, serial, step }),
            Step::SignedIn(signed_in) => {
                // Without one it could not be saved: it is good until its access token expires.
                let unsaved = || ActiveSession::new(None, signed_in.session().clone());
                let session = session.unwrap_or_else(unsaved);
                SignInStep::SignedIn(Session::new(self.flow.account.clone(), session))
            }
            Step::Unsupported(step) => SignInStep::Unsupported(step),
        }
    }
}

impl SignInStep {
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
