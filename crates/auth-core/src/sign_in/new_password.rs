//! Forced reset, second half: the new password.

use super::{
    InFlight, InputProblem, NeedResetCode, SignInError, Start, Step, StepRejected,
    in_flight::{
        InFlightStep, ask,
        handler::{HostAnswer, HostRefusal, StepHandler},
    },
    next_step::{NextStep, next_step},
    step::Unsupported,
    wizard::Wizard,
};
use crate::{ApiRequest, Endpoint, Office, secret::Password, wire};

/// The host waits for a new password. It issues no tokens for it: a new sign-in follows.
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

    /// `POST /my/signin/password/reset`. If the password does not meet the host's rules, the sign-in stays at this step.
    ///
    /// # Errors
    /// An empty password is rejected before anything is sent.
    pub fn submit(self, password: &Password) -> Result<(ApiRequest, InFlight<Self>), StepRejected> {
        let new = password.expose();
        if new.is_empty() {
            return Err(StepRejected::new(self, SignInError::from(InputProblem::NewPasswordNeeded)));
        }
        let id = self.wizard.id.clone();
        let fields = [("uuid", id.expose()), ("password", new), ("passwordConfirmation", new)];
        Ok(ask(self, Endpoint::ResetPassword, &fields, &[id.expose(), new]))
    }
}

impl InFlightStep for NeedNewPassword {
    fn account(&self) -> Option<&str> {
        Some(&self.account)
    }
}

impl StepHandler for NeedNewPassword {
    fn on_answer(self, answer: &HostAnswer) -> Result<Step, StepRejected> {
        let HostAnswer { endpoint, json, now, .. } = answer;
        match next_step(*endpoint, json) {
            NextStep::NewPassword => {
                let kept = Self { wizard: self.wizard.kept(wire::wizard_id(json)), ..self };
                Err(StepRejected::new(
                    kept,
                    SignInError::PasswordRefused { server_message: answer.server_message() },
                ))
            }
            NextStep::ResetCode => {
                let step = NeedResetCode { wizard: self.wizard.moved(json, *now), account: self.account };
                Err(StepRejected::new(
                    step,
                    SignInError::WrongCode { server_message: answer.server_message(), attempts_left: None },
                ))
            }
            NextStep::Unknown(workflow) => {
                Ok(Unsupported::new(Office::Front, &workflow, Some(self.account)).into())
            }
            NextStep::Finished | NextStep::Credentials | NextStep::Silent => {
                Ok(Start::after_reset(self.account, *now).into())
            }
            NextStep::SignedIn(_) | NextStep::Incomplete | NextStep::Methods | NextStep::Code(_) => {
                Err(StepRejected::protocol(self, "a new sign-in should follow the password reset"))
            }
        }
    }

    fn on_refusal(self, HostRefusal { refusal, now }: HostRefusal) -> StepRejected {
        if refusal.ends_wizard() || (self.wizard.uncertain && !refusal.is_about_password()) {
            return Start::over(Some(self.account), now);
        }
        let server_message = refusal.server_message();
        StepRejected::new(
            Self { wizard: self.wizard.kept(refusal.wizard), ..self },
            SignInError::PasswordRefused { server_message },
        )
    }
}
