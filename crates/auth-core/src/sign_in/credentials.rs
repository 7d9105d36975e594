//! E-mail and password, at either office.

use super::{
    InFlight, InputProblem, MethodOption, NeedCode, NeedMailedCode, NeedMethod, NeedResetCode, SignInError,
    SignedIn, Start, Step, StepRejected, WizardInfo,
    in_flight::{
        InFlightStep, ask,
        handler::{HostAnswer, HostRefusal, StepHandler},
    },
    next_step::{NextStep, next_step},
    step::Unsupported,
    wizard::{Wizard, step_expiry},
};
use crate::{
    ApiRequest, CallError, DeviceFingerprint, Endpoint, Office, Timestamp,
    secret::{Password, RecaptchaResponse},
    server_message::Earlier,
    shown_as, wire,
};

/// The host waits for an e-mail and a password.
#[derive(Clone, Debug)]
pub struct NeedCredentials {
    pub(super) office_state: OfficeState,
    pub(super) account: Option<String>,
    pub(super) password_changed: bool,
    /// The request in flight has a reCAPTCHA response.
    pub(super) recaptcha_sent: bool,
}

/// What is known at this step, by office.
#[derive(Clone, Debug)]
pub(super) enum OfficeState {
    Front { wizard: Wizard, info: WizardInfo },
    Back { expires_at: Timestamp, earlier: Earlier },
}

/// What the user enters at the credentials step.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The account's e-mail.
    pub email: String,
    /// The password, sent as it is: spaces count.
    pub password: Password,
    /// Needed where [`WizardInfo::recaptcha_required`].
    pub recaptcha: Option<RecaptchaResponse>,
}

impl Credentials {
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
        let is_seen = |c: char| !c.is_whitespace() && shown_as(c) == Some(c);
        let email_fits = self.email.len() <= 254 && self.email.chars().all(is_seen);
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
            office_state: OfficeState::Back { expires_at: step_expiry(now), earlier: Earlier::default() },
            account,
            password_changed: false,
            recaptcha_sent: false,
        }
    }

    /// The office that is signed in to.
    pub fn office(&self) -> Office {
        match self.office_state {
            OfficeState::Front { .. } => Office::Front,
            OfficeState::Back { .. } => Office::Back,
        }
    }

    /// What the host said when the wizard was opened. All is unset at the back office, which has no wizard.
    pub fn info(&self) -> WizardInfo {
        match self.office_state {
            OfficeState::Front { info, .. } => info,
            OfficeState::Back { .. } => WizardInfo::default(),
        }
    }

    /// The e-mail that was given before, to prefill the form.
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// Sets the e-mail before it is submitted, so that it is kept with the step.
    #[must_use]
    pub fn for_account(mut self, email: &str) -> Self {
        self.account = Some(email.trim().to_owned());
        self
    }

    /// True after a forced reset: it is the new password that is wanted.
    pub fn password_changed(&self) -> bool {
        self.password_changed
    }

    /// True if an answer was lost, so that the wizard may have moved on: call [`reopen_wizard`](Self::reopen_wizard) first. Always
    /// false at the back office, whose sign-ins do not depend on each other.
    pub fn is_uncertain(&self) -> bool {
        matches!(&self.office_state, OfficeState::Front { wizard, .. } if wizard.uncertain)
    }

    pub(super) fn opens_wizard_by_post(&self) -> bool {
        matches!(&self.office_state, OfficeState::Front { wizard, .. } if wizard.by_post)
    }

    pub(super) fn uncertain_mut(&mut self) -> Option<&mut bool> {
        match &mut self.office_state {
            OfficeState::Front { wizard, .. } => Some(&mut wizard.uncertain),
            OfficeState::Back { .. } => None,
        }
    }

    /// `POST /my/signin` or `POST /signin`. It costs one of the account's few attempts.
    ///
    /// # Errors
    /// Input that cannot be right, or a missing reCAPTCHA response, is rejected before anything is sent.
    pub fn submit(
        mut self,
        login: Credentials,
        fingerprint: &DeviceFingerprint,
    ) -> Result<(ApiRequest, InFlight<Self>), StepRejected> {
        if let Err(cause) = login.check(self.info().recaptcha_required) {
            return Err(StepRejected::new(self, cause));
        }
        self.account = Some(login.email.clone());
        self.recaptcha_sent = login.recaptcha.is_some();
        let endpoint = Endpoint::SignIn(self.office());
        let password = login.password.expose();
        let mut fields = vec![("email", login.email.as_str()), ("password", password)];
        let print = fingerprint.encode();
        let uuid = match &self.office_state {
            OfficeState::Front { wizard, .. } => wizard.id.expose().to_owned(),
            OfficeState::Back { .. } => String::new(),
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
        info: WizardInfo,
        answer: &HostAnswer,
    ) -> Result<Step, StepRejected> {
        let HostAnswer { endpoint, json, now, .. } = answer;
        let moved = wizard.moved(json, *now);
        let stay = |s: Self| Self {
            office_state: OfficeState::Front { wizard: wizard.kept(wire::wizard_id(json)), info },
            ..s
        };
        let account = self.email();
        Ok(match next_step(*endpoint, json) {
            NextStep::SignedIn(pair) => SignedIn::new(Office::Front, account, pair, answer).into(),
            NextStep::Methods => {
                let listed = wire::providers(json);
                if listed.options.is_empty() && listed.unknown_enabled {
                    return Ok(Unsupported::new(Office::Front, "2fa", Some(account)).into());
                }
                let options = if listed.options.is_empty() { MethodOption::all() } else { listed.options };
                NeedMethod { wizard: moved, account, options }.into()
            }
            NextStep::Code(method) => {
                NeedCode { wizard: moved, account, method, options: wire::providers(json).options }.into()
            }
            NextStep::ResetCode => NeedResetCode { wizard: moved, account }.into(),
            NextStep::NewPassword => super::NeedNewPassword { wizard: moved, account }.into(),
            NextStep::Credentials => {
                let cause = SignInError::WrongCredentials {
                    server_message: answer.server_message(),
                    attempts_left: None,
                };
                return Err(StepRejected::new(stay(self), cause));
            }
            NextStep::Unknown(workflow) => Unsupported::new(Office::Front, &workflow, Some(account)).into(),
            NextStep::Incomplete | NextStep::Finished => {
                return Err(StepRejected::protocol(
                    stay(self),
                    "signed in without a complete pair of tokens",
                ));
            }
            NextStep::Silent => return Err(StepRejected::protocol(stay(self), "no next step and no tokens")),
        })
    }

    fn answered_back(self, answer: &HostAnswer) -> Result<Step, StepRejected> {
        let account = self.email();
        if let Some(pair) = wire::pair(&answer.json) {
            return Ok(SignedIn::new(Office::Back, account, pair, answer).into());
        }
        if let Some(details) = wire::two_factor_details(&answer.json) {
            return Ok(NeedMailedCode::new(account, details, answer).into());
        }
        Err(StepRejected::protocol(self, "neither a code is asked for nor a complete pair of tokens given"))
    }
}

impl InFlightStep for NeedCredentials {
    fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }
}

impl StepHandler for NeedCredentials {
    fn on_answer(self, answer: &HostAnswer) -> Result<Step, StepRejected> {
        match self.office_state.clone() {
            OfficeState::Front { wizard, info } => self.answered_front(&wizard, info, answer),
            OfficeState::Back { .. } => self.answered_back(answer),
        }
    }

    fn on_refusal(mut self, HostRefusal { refusal, now }: HostRefusal) -> StepRejected {
        let server_message = refusal.server_message();
        let status = refusal.status;
        if let OfficeState::Front { info, wizard } = &mut self.office_state {
            if refusal.is_about_recaptcha() {
                info.recaptcha_required = true;
                let given = std::mem::take(&mut self.recaptcha_sent);
                let cause = if given {
                    SignInError::RecaptchaRefused { server_message }
                } else {
                    SignInError::RecaptchaRequired
                };
                return StepRejected::new(self, cause);
            }
            if refusal.ends_wizard_at_credentials() {
                return Start::over(self.account, now);
            }
            *wizard = wizard.kept(refusal.wizard.clone());
        }
        // A "not found" without an error body is about the address, not about the user.
        let no_such_address = match status {
            404 if self.office() == Office::Back => !refusal.enveloped,
            _ => refusal.is_gone() && !refusal.is_recognized,
        };
        if no_such_address {
            return StepRejected::new(
                self,
                CallError::NotB2Core { what: "no sign-in at this address", status },
            );
        }
        let about_the_rest = refusal.is_about_other_than(&["email", "password", "login", "username"]);
        let cause = if status == 403 || about_the_rest {
            SignInError::Refused { server_message }
        } else {
            SignInError::WrongCredentials { server_message, attempts_left: None }
        };
        StepRejected::new(self, cause)
    }
}
