//! Choosing one of several two-factor methods.

use super::{
    InFlight, Method, NeedCode, Offer, Rejected, SignInError, Start, Step,
    heading::{Heading, Wizard, heading},
    in_flight::{
        Asked, ask,
        decide::{Answered, Decide, Refused},
    },
    step::Unsupported,
};
use crate::{ApiRequest, Endpoint, Office, wire};

/// The host waits for the client's choice of a method.
#[derive(Clone, Debug)]
pub struct NeedMethod {
    pub(super) wizard: Wizard,
    pub(super) account: String,
    pub(super) offers: Vec<Offer>,
}

impl NeedMethod {
    /// The account's e-mail.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// The methods to choose from, never none. Where there is one only, nobody has to be asked.
    pub fn offers(&self) -> &[Offer] {
        &self.offers
    }

    /// `POST /my/signin/2fa`. Choosing SMS makes the host send one.
    ///
    /// # Errors
    /// A method that is not offered is refused before anything is sent.
    pub fn choose(self, method: Method) -> Result<(ApiRequest, InFlight<Choice>), Rejected> {
        if !self.offers.iter().any(|offer| offer.method == method) {
            return Err(Rejected::new(self, SignInError::MethodNotOffered));
        }
        Ok(Choice {
            from: self.clone().into(),
            wizard: self.wizard,
            account: self.account,
            offers: self.offers,
            method,
        }
        .ask())
    }
}

/// A choice on its way, from the step of choosing or from the code step.
#[derive(Clone, Debug)]
pub struct Choice {
    pub(super) from: Box<Step>,
    pub(super) wizard: Wizard,
    pub(super) account: String,
    pub(super) offers: Vec<Offer>,
    pub(super) method: Method,
}

impl From<NeedMethod> for Box<Step> {
    fn from(step: NeedMethod) -> Self {
        Box::new(step.into())
    }
}

impl From<Choice> for Step {
    fn from(choice: Choice) -> Self {
        *choice.from
    }
}

impl Choice {
    pub(super) fn ask(self) -> (ApiRequest, InFlight<Self>) {
        let (id, method) = (self.wizard.id.clone(), self.method);
        let fields = [("uuid", id.expose()), ("type", method.as_str())];
        ask(self, Endpoint::ChooseMethod, &fields, &[id.expose()])
    }
}

impl Asked for Choice {
    fn account(&self) -> Option<&str> {
        Some(&self.account)
    }
}

impl Decide for Choice {
    fn answered(self, answered: &Answered) -> Result<Step, Rejected> {
        let Answered { endpoint, json, now, .. } = answered;
        let wizard = self.wizard.moved(json, *now);
        let code = |method, c: Self| NeedCode {
            wizard: wizard.clone(),
            account: c.account,
            method,
            offers: c.offers,
        };
        match heading(*endpoint, json) {
            Heading::Code(method) => Ok(code(method, self).into()),
            // The choice was taken; which one it was is known here.
            Heading::Silent => {
                let method = self.method;
                Ok(code(method, self).into())
            }
            Heading::Methods => {
                let listed = wire::providers(json).offers;
                let offers = if listed.is_empty() { self.offers } else { listed };
                let step = NeedMethod { wizard, account: self.account, offers };
                Err(Rejected::new(step, SignInError::Refused { said: answered.said() }))
            }
            Heading::Credentials => Err(Start::over(Some(self.account), *now)),
            Heading::ResetCode => Ok(super::NeedResetCode { wizard, account: self.account }.into()),
            Heading::Unknown(workflow) => {
                Ok(Unsupported::new(Office::Front, &workflow, Some(self.account)).into())
            }
            Heading::SignedIn(_) | Heading::Incomplete | Heading::Finished | Heading::NewPassword => {
                Err(Rejected::protocol(self, "a code step was expected after choosing a method"))
            }
        }
    }

    fn refused(self, Refused { refusal, now }: Refused) -> Rejected {
        if refusal.ends_wizard() || (self.wizard.in_doubt && !refusal.is_about_method()) {
            return Start::over(Some(self.account), now);
        }
        Rejected::new(Step::from(self).after_a_judgement(), SignInError::Refused { said: refusal.said() })
    }
}
