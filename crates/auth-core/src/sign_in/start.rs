//! The first step of the front office: opening the wizard.

use super::{
    InFlight, NeedCredentials, SignInError, Step, StepRejected,
    credentials::OfficeState,
    in_flight::{
        InFlightStep,
        handler::{HostAnswer, HostRefusal, StepHandler},
    },
    next_step::{NextStep, next_step},
    step::Unsupported,
    wizard::{Wizard, step_expiry},
};
use crate::{ApiRequest, CallError, Office, Timestamp, server_message::Earlier, wire};

/// The front office's wizard has to be opened, at first, after a forced reset, or because the last one ended.
#[derive(Clone, Debug)]
pub struct Start {
    pub(super) account: Option<String>,
    pub(super) password_changed: bool,
    pub(super) expires_at: Timestamp,
    /// The host opens wizards by `POST`.
    pub(super) by_post: bool,
    /// What was sent before and is cut out of the host's texts.
    pub(super) earlier: Earlier,
}

impl Start {
    pub(super) fn new(account: Option<String>, now: Timestamp) -> Self {
        let (expires_at, earlier) = (step_expiry(now), Earlier::default());
        Self { account, password_changed: false, expires_at, by_post: false, earlier }
    }

    /// The rejection when the host has forgotten the wizard: the sign-in is back at the start, with the e-mail kept.
    pub(super) fn over(account: Option<String>, now: Timestamp) -> StepRejected {
        StepRejected::new(Self::new(account, now), SignInError::WizardEnded)
    }

    pub(super) fn after_reset(account: String, now: Timestamp) -> Self {
        Self { password_changed: true, ..Self::new(Some(account), now) }
    }

    /// The e-mail that this sign-in is for, if it was given before.
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// Sets the e-mail before it is submitted, so that a block of this account is found before the host is asked.
    #[must_use]
    pub fn for_account(mut self, email: &str) -> Self {
        self.account = Some(email.trim().to_owned());
        self
    }

    /// True after a forced reset: the new password is in force.
    pub fn password_changed(&self) -> bool {
        self.password_changed
    }

    /// `GET /my/signin/wizard`, or `POST` where [the host wants that](Step::with_wizard_by_post). It costs no attempt and may be
    /// repeated.
    pub fn open(self) -> (ApiRequest, InFlight<Self>) {
        let request = ApiRequest::open_wizard(self.by_post);
        let endpoint = request.endpoint();
        (request, InFlight::new(self, endpoint, &[]))
    }
}

impl InFlightStep for Start {
    fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }
}

impl StepHandler for Start {
    fn on_answer(self, answer: &HostAnswer) -> Result<Step, StepRejected> {
        let HostAnswer { endpoint, json, now, .. } = answer;
        if let NextStep::Unknown(workflow) = next_step(*endpoint, json) {
            return Ok(Unsupported::new(Office::Front, &workflow, self.account).into());
        }
        let Some(id) = wire::wizard_id(json) else {
            return Err(StepRejected::new(
                self,
                CallError::NotB2Core { what: "no sign-in wizard", status: 200 },
            ));
        };
        let wizard = Wizard::new(id, step_expiry(*now));
        let office_state = OfficeState::Front { wizard, info: wire::wizard_info(json) };
        Ok(NeedCredentials {
            office_state,
            account: self.account,
            password_changed: self.password_changed,
            recaptcha_sent: false,
        }
        .into())
    }

    fn on_refusal(self, HostRefusal { refusal, .. }: HostRefusal) -> StepRejected {
        match refusal.status {
            401 | 403 => {
                StepRejected::new(self, SignInError::Refused { server_message: refusal.server_message() })
            }
            status => StepRejected::new(self, CallError::NotB2Core { what: "no sign-in wizard", status }),
        }
    }
}
