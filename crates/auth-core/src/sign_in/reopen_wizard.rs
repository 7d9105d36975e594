//! A new wizard for a credentials form, after an answer was lost and its own wizard may have moved on.

use super::{
    InFlight, NeedCredentials, Start, Step, StepRejected,
    in_flight::{
        InFlightStep,
        handler::{HostAnswer, HostRefusal, StepHandler},
    },
};
use crate::{ApiRequest, Timestamp};

/// A credentials form for which a new wizard is being opened. If that fails, the form stays as it was.
#[derive(Clone, Debug)]
pub struct ReopenWizard {
    form: NeedCredentials,
}

impl NeedCredentials {
    /// `GET` or `POST /my/signin/wizard`, for a form that [is uncertain](Self::is_uncertain): the result is the same form with the new
    /// wizard. It costs no attempt and may be repeated.
    pub fn reopen_wizard(self) -> (ApiRequest, InFlight<ReopenWizard>) {
        let request = ApiRequest::open_wizard(self.opens_wizard_by_post());
        let endpoint = request.endpoint();
        (request, InFlight::new(ReopenWizard { form: self }, endpoint, &[]))
    }
}

impl From<ReopenWizard> for Step {
    fn from(reopening: ReopenWizard) -> Self {
        reopening.form.into()
    }
}

impl ReopenWizard {
    fn start(&self, now: Timestamp) -> Start {
        let start = Start::new(self.form.account.clone(), now);
        Start { password_changed: self.form.password_changed, ..start }
    }

    fn kept(self, rejected: StepRejected) -> StepRejected {
        StepRejected::new(self, rejected.cause)
    }
}

impl InFlightStep for ReopenWizard {
    fn account(&self) -> Option<&str> {
        self.form.account()
    }
}

impl StepHandler for ReopenWizard {
    fn on_answer(self, answer: &HostAnswer) -> Result<Step, StepRejected> {
        self.start(answer.now).on_answer(answer).map_err(|rejected| self.kept(rejected))
    }

    fn on_refusal(self, refusal: HostRefusal) -> StepRejected {
        let rejected = self.start(refusal.now).on_refusal(refusal);
        self.kept(rejected)
    }
}
