//! Forced reset, first half: the e-mailed code.

use super::{
    InFlight, NeedNewPassword, Rejected, SignInError, Start, Step,
    code::{Alphabet, clean},
    heading::{Heading, Wizard, heading},
    in_flight::{
        Asked, ask,
        decide::{Answered, Decide, Refused},
    },
    step::Unsupported,
};
use crate::{ApiRequest, Endpoint, Office, secret::OneTimeCode, wire};

/// An administrator has asked this client to reset the password; the host waits for the code that it has mailed.
#[derive(Clone, Debug)]
pub struct NeedResetCode {
    pub(super) wizard: Wizard,
    pub(super) account: String,
}

impl NeedResetCode {
    /// The account's e-mail, where the code went.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// `POST /my/signin/password/restore` with action `code`. A wrong code keeps this step.
    ///
    /// # Errors
    /// What cannot be a code is refused before anything is sent.
    pub fn submit(self, code: &OneTimeCode) -> Result<(ApiRequest, InFlight<Self>), Rejected> {
        let code = match clean(code, Alphabet::LettersAndDigits) {
            Ok(code) => code,
            Err(cause) => return Err(Rejected::new(self, cause)),
        };
        let id = self.wizard.id.clone();
        let fields = [("uuid", id.expose()), ("action", "code"), ("code", code.as_str())];
        Ok(ask(self, Endpoint::RestorePassword, &fields, &[id.expose(), &code]))
    }
}

impl Asked for NeedResetCode {
    fn account(&self) -> Option<&str> {
        Some(&self.account)
    }
}

impl Decide for NeedResetCode {
    fn answered(self, answered: &Answered) -> Result<Step, Rejected> {
        let Answered { endpoint, json, now, .. } = answered;
        let moved = self.wizard.moved(json, *now);
        match heading(*endpoint, json) {
            Heading::NewPassword | Heading::Silent => {
                Ok(NeedNewPassword { wizard: moved, account: self.account }.into())
            }
            Heading::ResetCode => {
                let kept = Self { wizard: self.wizard.kept(wire::wizard_id(json)), ..self };
                Err(Rejected::new(kept, SignInError::WrongCode { said: answered.said() }))
            }
            Heading::Credentials => Err(Start::over(Some(self.account), *now)),
            Heading::Unknown(workflow) => {
                Ok(Unsupported::new(Office::Front, &workflow, Some(self.account)).into())
            }
            _ => Err(Rejected::protocol(self, "a new password should be asked for after the reset code")),
        }
    }

    fn refused(self, Refused { refusal, now }: Refused) -> Rejected {
        if refusal.ends_wizard_at_code() || (self.wizard.in_doubt && !refusal.is_about_code()) {
            return Start::over(Some(self.account), now);
        }
        let said = refusal.said();
        Rejected::new(
            Self { wizard: self.wizard.kept(refusal.wizard), ..self },
            SignInError::WrongCode { said },
        )
    }
}
