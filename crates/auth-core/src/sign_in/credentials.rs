//! E-mail and password, at either door.

use super::{
    InFlight, InputProblem, NeedCode, NeedMailedCode, NeedMethod, NeedResetCode, Offer, Rejected,
    SignInError, SignedIn, Start, Step, WizardFacts,
    heading::{Heading, Wizard, heading, step_expiry},
    in_flight::{
        Asked, ask,
        decide::{Answered, Decide, Refused},
    },
    step::Unsupported,
};
use crate::{
    ApiRequest, CallError, DeviceFingerprint, Endpoint, Office, Timestamp,
    secret::{Password, RecaptchaResponse},
    wire,
};

/// The host waits for an e-mail and a password.
#[derive(Clone, Debug)]
pub struct NeedCredentials {
    pub(super) door: Door,
    pub(super) account: Option<String>,
    pub(super) password_changed: bool,
    /// The request under way carries a reCAPTCHA response.
    pub(super) recaptcha_sent: bool,
}

/// What is known at each office's door.
#[derive(Clone, Debug)]
pub(super) enum Door {
    Front { wizard: Wizard, facts: WizardFacts },
    Back { expires_at: Timestamp },
}

/// What the user enters at the credentials step.
#[derive(Clone, Debug)]
pub struct Login {
    /// The account's e-mail.
    pub email: String,
    /// The password, sent as it is: spaces count.
    pub password: Password,
    /// Needed where [`WizardFacts::recaptcha_required`].
    pub recaptcha: Option<RecaptchaResponse>,
}

impl Login {
    /// E-mail and password, without reCAPTCHA.
    pub fn new(email: impl Into<String>, password: Password) -> Self {
        Self { email: email.into().trim().to_owned(), password, recaptcha: None }
    }

    /// Adds the reCAPTCHA response.
    #[must_use]
    pub fn with_recaptcha(mut self, response: RecaptchaResponse) -> Self {
        self.recaptcha = Some(response);
        self
    }

    fn check(&self, recaptcha_required: bool) -> Result<(), SignInError> {
        let email_fits =
            self.email.len() <= 254 && !self.email.chars().any(|c| c.is_whitespace() || c.is_control());
        let problem = match () {
            () if self.email.is_empty() => InputProblem::EmailNeeded,
            () if !self.email.contains('@') || !email_fits => InputProblem::NoEmail,
            () if self.password.expose().is_empty() => InputProblem::PasswordNeeded,
            () if recaptcha_required && self.recaptcha.as_ref().is_none_or(|r| r.expose().is_empty()) => {
                return Err(SignInError::RecaptchaRequired);
            }
            () => return Ok(()),
        };
        Err(problem.into())
    }
}

impl NeedCredentials {
    pub(super) fn at_back_office(account: Option<String>, now: Timestamp) -> Self {
        Self {
            door: Door::Back { expires_at: step_expiry(now) },
            account,
            password_changed: false,
            recaptcha_sent: false,
        }
    }

    /// The office that is signed in to.
    pub fn office(&self) -> Office {
        match self.door {
            Door::Front { .. } => Office::Front,
            Door::Back { .. } => Office::Back,
        }
    }

    /// What the wizard said; nothing is said at the back office.
    pub fn facts(&self) -> WizardFacts {
        match self.door {
            Door::Front { facts, .. } => facts,
            Door::Back { .. } => WizardFacts::default(),
        }
    }

    /// The e-mail that was given before, to fill the form with.
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// Notes the e-mail that the user has given already, so that it is there after a pause.
    #[must_use]
    pub fn for_account(mut self, email: &str) -> Self {
        self.account = Some(email.trim().to_owned());
        self
    }

    /// True after a forced reset: it is the new password that is wanted.
    pub fn password_changed(&self) -> bool {
        self.password_changed
    }

    /// True where an answer was lost, so that the wizard may have moved on: [`renew`](Self::renew) first. Never at the back
    /// office, where each sign-in stands alone.
    pub fn is_in_doubt(&self) -> bool {
        matches!(&self.door, Door::Front { wizard, .. } if wizard.in_doubt)
    }

    pub(super) fn doubt_mut(&mut self) -> Option<&mut bool> {
        match &mut self.door {
            Door::Front { wizard, .. } => Some(&mut wizard.in_doubt),
            Door::Back { .. } => None,
        }
    }

    /// `POST /my/signin` or `POST /signin`. It costs one of the account's few attempts.
    ///
    /// # Errors
    /// Input that cannot be right, a missing reCAPTCHA response among it, is refused before anything is sent.
    pub fn submit(
        mut self,
        login: Login,
        fingerprint: &DeviceFingerprint,
    ) -> Result<(ApiRequest, InFlight<Self>), Rejected> {
        if let Err(cause) = login.check(self.facts().recaptcha_required) {
            return Err(Rejected::new(self, cause));
        }
        self.account = Some(login.email.clone());
        self.recaptcha_sent = login.recaptcha.is_some();
        let endpoint = Endpoint::SignIn(self.office());
        let password = login.password.expose();
        let mut fields = vec![("email", login.email.as_str()), ("password", password)];
        let print = fingerprint.encode();
        let uuid = match &self.door {
            Door::Front { wizard, .. } => wizard.id.expose().to_owned(),
            Door::Back { .. } => String::new(),
        };
        let recaptcha = login.recaptcha.as_ref().map_or("", RecaptchaResponse::expose);
        if self.office() == Office::Front {
            fields.extend([("uuid", uuid.as_str()), ("device_fingerprint", print.as_str())]);
            if !recaptcha.is_empty() {
                fields.push(("recaptchaResponse", recaptcha));
            }
        }
        Ok(ask(self, endpoint, &fields, &[password, &uuid, recaptcha]))
    }

    fn email(&self) -> String {
        self.account.clone().unwrap_or_default()
    }

    fn answered_front(
        self,
        wizard: &Wizard,
        facts: WizardFacts,
        answered: &Answered,
    ) -> Result<Step, Rejected> {
        let Answered { endpoint, json, now, .. } = answered;
        let moved = wizard.moved(json, *now);
        let stay =
            |s: Self| Self { door: Door::Front { wizard: wizard.kept(wire::wizard_id(json)), facts }, ..s };
        let account = self.email();
        Ok(match heading(*endpoint, json) {
            Heading::SignedIn(pair) => SignedIn::new(Office::Front, account, pair, answered).into(),
            Heading::Methods => {
                let listed = wire::providers(json);
                if listed.offers.is_empty() && listed.unknown_enabled {
                    return Ok(Unsupported::new(Office::Front, "2fa", Some(account)).into());
                }
                let offers = if listed.offers.is_empty() { Offer::both() } else { listed.offers };
                NeedMethod { wizard: moved, account, offers }.into()
            }
            Heading::Code(method) => {
                NeedCode { wizard: moved, account, method, offers: wire::providers(json).offers }.into()
            }
            Heading::ResetCode => NeedResetCode { wizard: moved, account }.into(),
            Heading::NewPassword => super::NeedNewPassword { wizard: moved, account }.into(),
            Heading::Credentials => {
                let cause = SignInError::WrongCredentials { said: answered.said() };
                return Err(Rejected::new(stay(self), cause));
            }
            Heading::Unknown(workflow) => Unsupported::new(Office::Front, &workflow, Some(account)).into(),
            Heading::Incomplete | Heading::Finished => {
                return Err(Rejected::protocol(stay(self), "signed in without a complete pair of tokens"));
            }
            Heading::Silent => return Err(Rejected::protocol(stay(self), "no next step and no tokens")),
        })
    }

    fn answered_back(self, answered: &Answered) -> Result<Step, Rejected> {
        let account = self.email();
        if let Some(pair) = wire::pair(&answered.json) {
            return Ok(SignedIn::new(Office::Back, account, pair, answered).into());
        }
        if let Some(details) = wire::two_factor_details(&answered.json) {
            return Ok(NeedMailedCode::new(account, details, answered).into());
        }
        Err(Rejected::protocol(self, "neither a code is asked for nor a complete pair of tokens given"))
    }
}

impl Asked for NeedCredentials {
    fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }
}

impl Decide for NeedCredentials {
    fn answered(self, answered: &Answered) -> Result<Step, Rejected> {
        match self.door.clone() {
            Door::Front { wizard, facts } => self.answered_front(&wizard, facts, answered),
            Door::Back { .. } => self.answered_back(answered),
        }
    }

    fn refused(mut self, Refused { refusal, now }: Refused) -> Rejected {
        let said = refusal.said();
        let status = refusal.status;
        if let Door::Front { facts, wizard } = &mut self.door {
            if refusal.is_about_recaptcha() {
                facts.recaptcha_required = true;
                let given = std::mem::take(&mut self.recaptcha_sent);
                let cause = if given {
                    SignInError::RecaptchaRefused { said }
                } else {
                    SignInError::RecaptchaRequired
                };
                return Rejected::new(self, cause);
            }
            if refusal.ends_wizard_at_credentials() {
                return Start::over(self.account, now);
            }
            *wizard = wizard.kept(refusal.wizard.clone());
        }
        // A bare "not there" is about the address, not about the user.
        let no_such_address = match status {
            404 if self.office() == Office::Back => !refusal.enveloped,
            _ => refusal.is_gone() && !refusal.shaped,
        };
        if no_such_address {
            return Rejected::new(self, CallError::NotB2Core { what: "no sign-in at this address", status });
        }
        let about_the_rest = refusal.is_about_other_than(&["email", "password", "login", "username"]);
        let cause = if status == 403 || about_the_rest {
            SignInError::Refused { said }
        } else {
            SignInError::WrongCredentials { said }
        };
        Rejected::new(self, cause)
    }
}
