//! Choosing one of several two-factor methods.

use super::{
    InFlight, MethodOption, NeedCode, SignInError, Start, Step, StepRejected, TwoFactorMethod,
    in_flight::{
        InFlightStep, ask,
        handler::{HostAnswer, HostRefusal, StepHandler},
    },
    next_step::{NextStep, next_step},
    step::Unsupported,
    wizard::Wizard,
};
use crate::{ApiRequest, Endpoint, Office, wire};

/// The host waits for the client's choice of a method.
#[derive(Clone, Debug)]
pub struct NeedMethod {
    pub(super) wizard: Wizard,
    pub(super) account: String,
    pub(super) options: Vec<MethodOption>,
}

impl NeedMethod {
    /// The account's e-mail.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// The methods to choose from, at least one. If there is only one, the user need not be asked.
    pub fn options(&self) -> &[MethodOption] {
        &self.options
    }

    /// `POST /my/signin/2fa`. Choosing SMS makes the host send one.
    ///
    /// # Errors
    /// A method that is not among the options is rejected before anything is sent.
    pub fn choose(
        self,
        method: TwoFactorMethod,
    ) -> Result<(ApiRequest, InFlight<MethodSelection>), StepRejected> {
        if !self.options.iter().any(|option| option.method == method) {
            return Err(StepRejected::new(self, SignInError::MethodNotAvailable));
        }
        Ok(MethodSelection {
            from: self.clone().into(),
            wizard: self.wizard,
            account: self.account,
            options: self.options,
            method,
        }
        .ask())
    }
}

/// A choice in flight, made at the choice of a method or at the code step.
#[derive(Clone, Debug)]
pub struct MethodSelection {
    pub(super) from: Box<Step>,
    pub(super) wizard: Wizard,
    pub(super) account: String,
    pub(super) options: Vec<MethodOption>,
    pub(super) method: TwoFactorMethod,
}

impl From<NeedMethod> for Box<Step> {
    fn from(step: NeedMethod) -> Self {
        Box::new(step.into())
    }
}

impl From<MethodSelection> for Step {
    fn from(choice: MethodSelection) -> Self {
        *choice.from
    }
}

impl MethodSelection {
    pub(super) fn ask(self) -> (ApiRequest, InFlight<Self>) {
        let (id, method) = (self.wizard.id.clone(), self.method);
        let fields = [("uuid", id.expose()), ("type", method.as_str())];
        ask(self, Endpoint::ChooseMethod, &fields, &[id.expose()])
    }
}

impl InFlightStep for MethodSelection {
    fn account(&self) -> Option<&str> {
        Some(&self.account)
    }
}

impl StepHandler for MethodSelection {
    fn on_answer(self, answer: &HostAnswer) -> Result<Step, StepRejected> {
        let HostAnswer { endpoint, json, now, .. } = answer;
        let wizard = self.wizard.moved(json, *now);
        let code = |method, c: Self| NeedCode {
            wizard: wizard.clone(),
            account: c.account,
            method,
            options: c.options,
        };
        match next_step(*endpoint, json) {
            NextStep::Code(method) => Ok(code(method, self).into()),
            // The host accepted the choice without repeating it.
            NextStep::Silent => {
                let method = self.method;
                Ok(code(method, self).into())
            }
            NextStep::Methods => {
                let listed = wire::providers(json).options;
                let options = if listed.is_empty() { self.options } else { listed };
                let step = NeedMethod { wizard, account: self.account, options };
                Err(StepRejected::new(step, SignInError::Refused { server_message: answer.server_message() }))
            }
            NextStep::Credentials => Err(Start::over(Some(self.account), *now)),
            NextStep::ResetCode => Ok(super::NeedResetCode { wizard, account: self.account }.into()),
            NextStep::Unknown(workflow) => {
                Ok(Unsupported::new(Office::Front, &workflow, Some(self.account)).into())
            }
            NextStep::SignedIn(_) | NextStep::Incomplete | NextStep::Finished | NextStep::NewPassword => {
                Err(StepRejected::protocol(self, "a code step was expected after choosing a method"))
            }
        }
    }

    fn on_refusal(self, HostRefusal { refusal, now }: HostRefusal) -> StepRejected {
        if refusal.ends_wizard() || (self.wizard.uncertain && !refusal.is_about_method()) {
            return Start::over(Some(self.account), now);
        }
        StepRejected::new(
            Step::from(self).with_known_outcome(),
            SignInError::Refused { server_message: refusal.server_message() },
        )
    }
}
