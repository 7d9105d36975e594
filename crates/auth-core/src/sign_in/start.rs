//! Before the front office's wizard is open.

use super::{
    InFlight, NeedCredentials, Rejected, SignInError, Step,
    credentials::Door,
    heading::{Heading, Wizard, heading, step_expiry},
    in_flight::{
        Asked,
        decide::{Answered, Decide, Refused},
    },
    step::Unsupported,
};
use crate::{ApiRequest, CallError, Endpoint, Office, Timestamp, wire};

/// The front office's wizard has to be opened, at first, after a forced reset, or because the last one ended.
#[derive(Clone, Debug)]
pub struct Start {
    pub(super) account: Option<String>,
    pub(super) password_changed: bool,
    pub(super) expires_at: Timestamp,
}

impl Start {
    pub(super) fn new(account: Option<String>, now: Timestamp) -> Self {
        Self { account, password_changed: false, expires_at: step_expiry(now) }
    }

    /// Where the user is when the host has forgotten the wizard: back at the start, the e-mail remembered.
    pub(super) fn over(account: Option<String>, now: Timestamp) -> Rejected {
        Rejected::new(Self::new(account, now), SignInError::WizardEnded)
    }

    pub(super) fn after_reset(account: String, now: Timestamp) -> Self {
        Self { account: Some(account), password_changed: true, expires_at: step_expiry(now) }
    }

    /// The e-mail that this sign-in is for, if it was given before.
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// Notes the e-mail that the user has given already: a lock-out of it is then known before the host is asked.
    #[must_use]
    pub fn for_account(mut self, email: &str) -> Self {
        self.account = Some(email.trim().to_owned());
        self
    }

    /// True after a forced reset: the new password is in force.
    pub fn password_changed(&self) -> bool {
        self.password_changed
    }

    /// `GET /my/signin/wizard`. It costs no attempt and may be repeated.
    pub fn open(self) -> (ApiRequest, InFlight<Self>) {
        (ApiRequest::without_body(Endpoint::Wizard), InFlight::new(self, Endpoint::Wizard, &[]))
    }
}

impl Asked for Start {
    fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }
}

impl Decide for Start {
    fn answered(self, answered: &Answered) -> Result<Step, Rejected> {
        let Answered { endpoint, json, now, .. } = answered;
        if let Heading::Unknown(workflow) = heading(*endpoint, json) {
            return Ok(Unsupported::new(Office::Front, &workflow, self.account).into());
        }
        let Some(id) = wire::wizard_id(json) else {
            return Err(Rejected::new(self, CallError::NotB2Core { what: "no sign-in wizard", status: 200 }));
        };
        let wizard = Wizard::new(id, step_expiry(*now));
        let door = Door::Front { wizard, facts: wire::wizard_facts(json) };
        Ok(NeedCredentials {
            door,
            account: self.account,
            password_changed: self.password_changed,
            recaptcha_sent: false,
        }
        .into())
    }

    fn refused(self, Refused { refusal, .. }: Refused) -> Rejected {
        match refusal.status {
            401 | 403 => Rejected::new(self, SignInError::Refused { said: refusal.said() }),
            status => Rejected::new(self, CallError::NotB2Core { what: "no sign-in wizard", status }),
        }
    }
}
