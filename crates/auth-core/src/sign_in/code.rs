//! The code of a two-factor method.

use super::{
    InFlight, InputProblem, Method, NeedMethod, Offer, Rejected, SignInError, SignedIn, Start, Step,
    heading::{Heading, Wizard, heading},
    in_flight::{
        Asked, ask,
        decide::{Answered, Decide, Refused},
    },
    method::Choice,
    step::Unsupported,
};
use crate::{ApiRequest, Endpoint, Office, secret::OneTimeCode, wire};
use zeroize::Zeroizing;

/// The host waits for a code from the authenticator app or from an SMS.
#[derive(Clone, Debug)]
pub struct NeedCode {
    pub(super) wizard: Wizard,
    pub(super) account: String,
    pub(super) method: Method,
    pub(super) offers: Vec<Offer>,
}

impl NeedCode {
    /// The account's e-mail.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// Where the code comes from.
    pub fn method(&self) -> Method {
        self.method
    }

    /// Every method that can be used now: this one first, then those that could be chosen instead.
    pub fn methods(&self) -> Vec<Method> {
        let others = self.offers.iter().map(|offer| offer.method).filter(|m| *m != self.method);
        std::iter::once(self.method).chain(others).collect()
    }

    /// The methods with the host's captions, as far as the host listed them.
    pub fn offers(&self) -> &[Offer] {
        &self.offers
    }

    /// `POST /my/2fa/google` or `POST /my/2fa/sms`. It costs one of few attempts; a wrong code keeps this step.
    ///
    /// Blanks and dashes in the code are left out.
    ///
    /// # Errors
    /// What cannot be a code is refused before anything is sent.
    pub fn submit(self, code: &OneTimeCode) -> Result<(ApiRequest, InFlight<Self>), Rejected> {
        let endpoint = match self.method {
            Method::Google => Endpoint::CheckGoogle,
            Method::Sms => Endpoint::CheckSms,
        };
        let code = match clean(code, Alphabet::Digits) {
            Ok(code) => code,
            Err(cause) => return Err(Rejected::new(self, cause)),
        };
        let id = self.wizard.id.clone();
        Ok(ask(self, endpoint, &[("uuid", id.expose()), ("code", &code)], &[id.expose(), &code]))
    }

    /// `POST /my/signin/2fa`: takes another method, or asks for the same once more (a new SMS, on hosts that do so).
    ///
    /// # Errors
    /// A method that is not offered is refused before anything is sent.
    pub fn choose(self, method: Method) -> Result<(ApiRequest, InFlight<Choice>), Rejected> {
        if !self.methods().contains(&method) {
            return Err(Rejected::new(self, SignInError::MethodNotOffered));
        }
        let Self { wizard, account, offers, .. } = self.clone();
        Ok(Choice { from: Box::new(self.into()), wizard, account, offers, method }.ask())
    }
}

/// What a code may be made of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Alphabet {
    Digits,
    LettersAndDigits,
}

/// The code as it is sent. Documented lengths are six; hosts may differ, so any plausible length is let through.
pub(super) fn clean(code: &OneTimeCode, alphabet: Alphabet) -> Result<Zeroizing<String>, SignInError> {
    let typed = code.expose();
    // With room for all of it: a text that grows leaves copies behind.
    let mut code = Zeroizing::new(String::with_capacity(typed.len()));
    code.extend(typed.chars().filter(|c| !c.is_whitespace() && *c != '-'));
    let fits = code.chars().all(|c| match alphabet {
        Alphabet::Digits => c.is_ascii_digit(),
        Alphabet::LettersAndDigits => c.is_ascii_alphanumeric(),
    });
    let problem = match code.len() {
        0 => InputProblem::CodeNeeded,
        1..=64 if fits => return Ok(code),
        _ if alphabet == Alphabet::Digits => InputProblem::CodeNotDigits,
        _ => InputProblem::CodeNotLettersOrDigits,
    };
    Err(problem.into())
}

impl Asked for NeedCode {
    fn account(&self) -> Option<&str> {
        Some(&self.account)
    }
}

impl Decide for NeedCode {
    fn answered(self, answered: &Answered) -> Result<Step, Rejected> {
        let Answered { endpoint, json, now, .. } = answered;
        let moved = self.wizard.moved(json, *now);
        let wrong = || SignInError::WrongCode { said: answered.said() };
        let kept = |step: Self| Self { wizard: step.wizard.kept(wire::wizard_id(json)), ..step };
        match heading(*endpoint, json) {
            Heading::SignedIn(pair) => Ok(SignedIn::new(Office::Front, self.account, pair, answered).into()),
            // The same code asked for again is a wrong code in the form of a step; another one is a second factor.
            Heading::Code(method) if method != self.method => {
                Ok(Self { wizard: moved, account: self.account, method, offers: self.offers }.into())
            }
            Heading::Code(_) => Err(Rejected::new(kept(self), wrong())),
            Heading::Methods => {
                let listed = wire::providers(json).offers;
                let offers = match (listed.is_empty(), self.offers.is_empty()) {
                    (false, _) => listed,
                    (true, false) => self.offers,
                    (true, true) => Offer::both(),
                };
                Err(Rejected::new(NeedMethod { wizard: moved, account: self.account, offers }, wrong()))
            }
            Heading::Credentials => Err(Start::over(Some(self.account), *now)),
            Heading::ResetCode => Ok(super::NeedResetCode { wizard: moved, account: self.account }.into()),
            Heading::NewPassword => {
                Ok(super::NeedNewPassword { wizard: moved, account: self.account }.into())
            }
            Heading::Unknown(workflow) => {
                Ok(Unsupported::new(Office::Front, &workflow, Some(self.account)).into())
            }
            Heading::Incomplete | Heading::Finished => {
                Err(Rejected::protocol(kept(self), "signed in without a complete pair of tokens"))
            }
            Heading::Silent => Err(Rejected::protocol(kept(self), "no next step and no tokens")),
        }
    }

    fn refused(self, Refused { refusal, now }: Refused) -> Rejected {
        if refusal.ends_wizard_at_code() || (self.wizard.in_doubt && !refusal.is_about_code()) {
            return Start::over(Some(self.account), now);
        }
        let said = refusal.said();
        let cause = if refusal.is_about_other_than(&["code"]) {
            SignInError::Refused { said }
        } else {
            SignInError::WrongCode { said }
        };
        Rejected::new(Self { wizard: self.wizard.kept(refusal.wizard), ..self }, cause)
    }
}
