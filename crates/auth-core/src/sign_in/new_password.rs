//! Forced reset, second half: the new password.

use super::{
    InFlight, InputProblem, NeedResetCode, Rejected, SignInError, Start, Step,
    heading::{Heading, Wizard, heading},
    in_flight::{
        Asked, ask,
        decide::{Answered, Decide, Refused},
    },
    step::Unsupported,
};
use crate::{ApiRequest, Endpoint, Office, secret::Password, wire};

/// The host waits for a new password. It issues no tokens for it: the next step is a new sign-in.
#[derive(Clone, Debug)]
pub struct NeedNewPassword {
    pub(super) wizard: Wizard,
    pub(super) account: String,
}

impl NeedNewPassword {
    /// The account's e-mail.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// `POST /my/signin/password/reset`. A password that breaks the host's rules keeps this step.
    ///
    /// # Errors
    /// An empty password is refused before anything is sent.
    pub fn submit(self, password: &Password) -> Result<(ApiRequest, InFlight<Self>), Rejected> {
        let new = password.expose();
        if new.is_empty() {
            return Err(Rejected::new(self, SignInError::from(InputProblem::NewPasswordNeeded)));
        }
        let id = self.wizard.id.clone();
        let fields = [("uuid", id.expose()), ("password", new), ("passwordConfirmation", new)];
        Ok(ask(self, Endpoint::ResetPassword, &fields, &[id.expose(), new]))
    }
}

impl Asked for NeedNewPassword {
    fn account(&self) -> Option<&str> {
        Some(&self.account)
    }
}

impl Decide for NeedNewPassword {
    fn answered(self, answered: &Answered) -> Result<Step, Rejected> {
        let Answered { endpoint, json, now, .. } = answered;
        match heading(*endpoint, json) {
            Heading::NewPassword => {
                let kept = Self { wizard: self.wizard.kept(wire::wizard_id(json)), ..self };
                Err(Rejected::new(kept, SignInError::PasswordRefused { said: answered.said() }))
            }
            Heading::ResetCode => {
                let step = NeedResetCode { wizard: self.wizard.moved(json, *now), account: self.account };
                Err(Rejected::new(step, SignInError::WrongCode { said: answered.said() }))
            }
            Heading::Unknown(workflow) => {
                Ok(Unsupported::new(Office::Front, &workflow, Some(self.account)).into())
            }
            Heading::Finished | Heading::Credentials | Heading::Silent => {
                Ok(Start::after_reset(self.account, *now).into())
            }
            Heading::SignedIn(_) | Heading::Incomplete | Heading::Methods | Heading::Code(_) => {
                Err(Rejected::protocol(self, "a new sign-in should follow the password reset"))
            }
        }
    }

    fn refused(self, Refused { refusal, now }: Refused) -> Rejected {
        if refusal.ends_wizard() || (self.wizard.in_doubt && !refusal.is_about_password()) {
            return Start::over(Some(self.account), now);
        }
        let said = refusal.said();
        Rejected::new(
            Self { wizard: self.wizard.kept(refusal.wizard), ..self },
            SignInError::PasswordRefused { said },
        )
    }
}
