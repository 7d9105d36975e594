//! A new wizard for a form whose own may have moved on.

use super::{
    InFlight, NeedCredentials, Rejected, Start, Step,
    in_flight::{
        Asked,
        decide::{Answered, Decide, Refused},
    },
};
use crate::{ApiRequest, Endpoint, Timestamp};

/// A form that is given a new wizard. Whatever fails, the form is as it was.
#[derive(Clone, Debug)]
pub struct Renewal {
    form: NeedCredentials,
}

impl NeedCredentials {
    /// `GET /my/signin/wizard`, for a form that [`is in doubt`](Self::is_in_doubt): it goes on with the new wizard. It costs
    /// no attempt and may be repeated.
    pub fn renew(self) -> (ApiRequest, InFlight<Renewal>) {
        let renewal = Renewal { form: self };
        (ApiRequest::without_body(Endpoint::Wizard), InFlight::new(renewal, Endpoint::Wizard, &[]))
    }
}

impl From<Renewal> for Step {
    fn from(renewal: Renewal) -> Self {
        renewal.form.into()
    }
}

impl Renewal {
    fn start(&self, now: Timestamp) -> Start {
        let start = Start::new(self.form.account.clone(), now);
        Start { password_changed: self.form.password_changed, ..start }
    }

    fn kept(self, rejected: Rejected) -> Rejected {
        Rejected::new(self, rejected.cause)
    }
}

impl Asked for Renewal {
    fn account(&self) -> Option<&str> {
        self.form.account()
    }
}

impl Decide for Renewal {
    fn answered(self, answered: &Answered) -> Result<Step, Rejected> {
        self.start(answered.now).answered(answered).map_err(|rejected| self.kept(rejected))
    }

    fn refused(self, refused: Refused) -> Rejected {
        let rejected = self.start(refused.now).refused(refused);
        self.kept(rejected)
    }
}
