//! Forced reset, first half: the e-mailed code.

use super::{
    InFlight, NeedNewPassword, SignInError, Start, Step, StepRejected,
    in_flight::{
        InFlightStep, ask,
        handler::{HostAnswer, HostRefusal, StepHandler},
    },
    input::{CodeAlphabet, clean_code},
    next_step::{NextStep, next_step},
    step::Unsupported,
    wizard::Wizard,
};
use crate::{ApiRequest, Endpoint, Office, secret::OneTimeCode, wire};

/// An administrator has forced a reset of this client's password. The host waits for the code that it has e-mailed.
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

    /// `POST /my/signin/password/restore` with action `code`. It costs one of few attempts. After a wrong code the sign-in stays
    /// at this step.
    ///
    /// # Errors
    /// Input that cannot be a code is rejected before anything is sent.
    pub fn submit(self, code: &OneTimeCode) -> Result<(ApiRequest, InFlight<Self>), StepRejected> {
        let code = match clean_code(code, CodeAlphabet::LettersAndDigits) {
            Ok(code) => code,
            Err(cause) => return Err(StepRejected::new(self, cause)),
        };
        let id = self.wizard.id.clone();
        let fields = [("uuid", id.expose()), ("action", "code"), ("code", code.as_str())];
        Ok(ask(self, Endpoint::RestorePassword, &fields, &[id.expose(), &code]))
    }
}

impl InFlightStep for NeedResetCode {
    fn account(&self) -> Option<&str> {
        Some(&self.account)
    }
}

impl StepHandler for NeedResetCode {
    fn on_answer(self, answer: &HostAnswer) -> Result<Step, StepRejected> {
        let HostAnswer { endpoint, json, now, .. } = answer;
        let moved = self.wizard.moved(json, *now);
        match next_step(*endpoint, json) {
            NextStep::NewPassword | NextStep::Silent => {
                Ok(NeedNewPassword { wizard: moved, account: self.account }.into())
            }
            NextStep::ResetCode => {
                let kept = Self { wizard: self.wizard.kept(wire::wizard_id(json)), ..self };
                Err(StepRejected::new(
                    kept,
                    SignInError::WrongCode { server_message: answer.server_message(), attempts_left: None },
                ))
            }
            NextStep::Credentials => Err(Start::over(Some(self.account), *now)),
            NextStep::Unknown(workflow) => {
                Ok(Unsupported::new(Office::Front, &workflow, Some(self.account)).into())
            }
            NextStep::SignedIn(_)
            | NextStep::Incomplete
            | NextStep::Methods
            | NextStep::Code(_)
            | NextStep::Finished => {
                Err(StepRejected::protocol(self, "a new password should be asked for after the reset code"))
            }
        }
    }

    fn on_refusal(self, HostRefusal { refusal, now }: HostRefusal) -> StepRejected {
        if refusal.ends_wizard_at_code() || (self.wizard.uncertain && !refusal.is_about_code()) {
            return Start::over(Some(self.account), now);
        }
        let server_message = refusal.server_message();
        StepRejected::new(
            Self { wizard: self.wizard.kept(refusal.wizard), ..self },
            SignInError::WrongCode { server_message, attempts_left: None },
        )
    }
}
