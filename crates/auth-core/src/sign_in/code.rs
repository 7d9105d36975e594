//! The code of a two-factor method.

use super::{
    InFlight, MethodOption, NeedMethod, SignInError, SignedIn, Start, Step, StepRejected, TwoFactorMethod,
    choose_method::MethodSelection,
    in_flight::{
        InFlightStep, ask,
        handler::{HostAnswer, HostRefusal, StepHandler},
    },
    input::clean_code,
    next_step::{NextStep, next_step},
    step::Unsupported,
    wizard::Wizard,
};
use crate::{ApiRequest, Endpoint, Office, secret::OneTimeCode, wire};

/// The host waits for a code of a two-factor method.
#[derive(Clone, Debug)]
pub struct NeedCode {
    pub(super) wizard: Wizard,
    pub(super) account: String,
    pub(super) method: TwoFactorMethod,
    pub(super) options: Vec<MethodOption>,
}

impl NeedCode {
    /// The account's e-mail.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// The method whose code is wanted.
    pub fn method(&self) -> TwoFactorMethod {
        self.method
    }

    /// Every method that can be used now: this one first, then those that could be chosen instead.
    pub fn methods(&self) -> Vec<TwoFactorMethod> {
        let others = self.options.iter().map(|option| option.method).filter(|m| *m != self.method);
        std::iter::once(self.method).chain(others).collect()
    }

    /// The methods with the host's captions, as far as the host listed them.
    pub fn options(&self) -> &[MethodOption] {
        &self.options
    }

    /// `POST /my/2fa/google` or `POST /my/2fa/sms`. It costs one of few attempts. After a wrong code the sign-in stays at this
    /// step.
    ///
    /// Blanks and dashes in the code are removed.
    ///
    /// # Errors
    /// Input that cannot be a code is rejected before anything is sent.
    pub fn submit(self, code: &OneTimeCode) -> Result<(ApiRequest, InFlight<Self>), StepRejected> {
        let endpoint = Endpoint::CheckCode(self.method);
        let code = match clean_code(code, self.method.alphabet()) {
            Ok(code) => code,
            Err(cause) => return Err(StepRejected::new(self, cause)),
        };
        let id = self.wizard.id.clone();
        Ok(ask(self, endpoint, &[("uuid", id.expose()), ("code", &code)], &[id.expose(), &code]))
    }

    /// `POST /my/signin/2fa`: chooses another method, or the same once more, for which some hosts send a new SMS.
    ///
    /// # Errors
    /// A method that is not among [`methods`](Self::methods) is rejected before anything is sent.
    pub fn choose(
        self,
        method: TwoFactorMethod,
    ) -> Result<(ApiRequest, InFlight<MethodSelection>), StepRejected> {
        if !self.methods().contains(&method) {
            return Err(StepRejected::new(self, SignInError::MethodNotAvailable));
        }
        let Self { wizard, account, options, .. } = self.clone();
        Ok(MethodSelection { from: Box::new(self.into()), wizard, account, options, method }.ask())
    }
}

impl InFlightStep for NeedCode {
    fn account(&self) -> Option<&str> {
        Some(&self.account)
    }
}

impl StepHandler for NeedCode {
    fn on_answer(self, answer: &HostAnswer) -> Result<Step, StepRejected> {
        let HostAnswer { endpoint, json, now, .. } = answer;
        let moved = self.wizard.moved(json, *now);
        let wrong =
            || SignInError::WrongCode { server_message: answer.server_message(), attempts_left: None };
        let kept = |step: Self| Self { wizard: step.wizard.kept(wire::wizard_id(json)), ..step };
        match next_step(*endpoint, json) {
            NextStep::SignedIn(pair) => Ok(SignedIn::new(Office::Front, self.account, pair, answer).into()),
            // A host that asks for a code of the same method again rejects this one; of another method, it wants a second factor.
            NextStep::Code(method) if method != self.method => {
                Ok(Self { wizard: moved, account: self.account, method, options: self.options }.into())
            }
            NextStep::Code(_) => Err(StepRejected::new(kept(self), wrong())),
            NextStep::Methods => {
                let listed = wire::providers(json).options;
                let options = match (listed.is_empty(), self.options.is_empty()) {
                    (false, _) => listed,
                    (true, false) => self.options,
                    (true, true) => MethodOption::all(),
                };
                Err(StepRejected::new(NeedMethod { wizard: moved, account: self.account, options }, wrong()))
            }
            NextStep::Credentials => Err(Start::over(Some(self.account), *now)),
            NextStep::ResetCode => Ok(super::NeedResetCode { wizard: moved, account: self.account }.into()),
            NextStep::NewPassword => {
                Ok(super::NeedNewPassword { wizard: moved, account: self.account }.into())
            }
            NextStep::Unknown(workflow) => {
                Ok(Unsupported::new(Office::Front, &workflow, Some(self.account)).into())
            }
            NextStep::Incomplete | NextStep::Finished => {
                Err(StepRejected::protocol(kept(self), "signed in without a complete pair of tokens"))
            }
            NextStep::Silent => Err(StepRejected::protocol(kept(self), "no next step and no tokens")),
        }
    }

    fn on_refusal(self, HostRefusal { refusal, now }: HostRefusal) -> StepRejected {
        if refusal.ends_wizard_at_code() || (self.wizard.uncertain && !refusal.is_about_code()) {
            return Start::over(Some(self.account), now);
        }
        let server_message = refusal.server_message();
        let cause = if refusal.is_about_other_than(&["code"]) {
            SignInError::Refused { server_message }
        } else {
            SignInError::WrongCode { server_message, attempts_left: None }
        };
        StepRejected::new(Self { wizard: self.wizard.kept(refusal.wizard), ..self }, cause)
    }
}
