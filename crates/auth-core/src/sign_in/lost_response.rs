//! When the answer to a request is lost, the host may have processed the request and moved on, while the step here has not.
//!
//! 1. A call ends without an answer of the host. [`InFlight::resume`](super::InFlight::resume) marks the step as uncertain if
//!    [`may_have_been_processed`] says so; a driver whose caller gives a call up marks it with [`Step::with_lost_response`].
//! 2. The step stays usable. The mark is part of its checkpoint, so the next process knows it too.
//! 3. A credentials form that [is uncertain](super::NeedCredentials::is_uncertain) gets a new wizard before it is submitted
//!    again: [`reopen_wizard`](super::NeedCredentials::reopen_wizard). That costs no attempt.
//! 4. At the other steps the next request is sent as usual. If the host refuses it for a reason that is not the user's input,
//!    it has moved on, and the sign-in begins anew: `on_refusal` of each step.
//! 5. Any other answer of the host removes the mark: [`with_known_outcome`](Step::with_known_outcome), or a new wizard state.

use super::{SignInError, Step, StepRejected};
use crate::CallError;

impl StepRejected {
    /// Marks the step as uncertain if the host may have processed the request.
    pub(super) fn marking_uncertain(mut self) -> Self {
        if matches!(&self.cause, SignInError::Call(error) if may_have_been_processed(error)) {
            self.step.set_uncertain();
        }
        self
    }
}

/// Whether the host may have processed the request that ended with this error. A gateway's error page may come after the host
/// has done so.
fn may_have_been_processed(error: &CallError) -> bool {
    match error {
        CallError::LockedOut(_) | CallError::BlockedByGateway { .. } => false,
        CallError::Transport(error) => !error.was_not_sent(),
        CallError::HostFailed { .. }
        | CallError::NotB2Core { .. }
        | CallError::Redirected { .. }
        | CallError::Protocol { .. } => true,
    }
}

impl Step {
    /// The step after a request whose answer will not be read, because the caller gave the call up: the host may have processed
    /// it. Where the answer or the transport's error is known, [`InFlight::resume`](super::InFlight::resume) decides this.
    #[must_use]
    pub fn with_lost_response(mut self) -> Self {
        self.set_uncertain();
        self
    }

    pub(super) fn set_uncertain(&mut self) {
        if let Some(uncertain) = self.uncertain_mut() {
            *uncertain = true;
        }
    }

    /// The step after the host has answered about it: host and client are at the same step.
    pub(super) fn with_known_outcome(mut self) -> Self {
        if let Some(uncertain) = self.uncertain_mut() {
            *uncertain = false;
        }
        self
    }

    pub(super) fn is_uncertain(&self) -> bool {
        match self {
            Self::NeedCredentials(step) => step.is_uncertain(),
            Self::NeedMethod(step) => step.wizard.uncertain,
            Self::NeedCode(step) => step.wizard.uncertain,
            Self::NeedMailedCode(step) => step.uncertain,
            Self::NeedResetCode(step) => step.wizard.uncertain,
            Self::NeedNewPassword(step) => step.wizard.uncertain,
            Self::Start(_) | Self::SignedIn(_) | Self::Unsupported(_) => false,
        }
    }

    /// Where the step keeps the mark. `None` for steps that a request cannot move at the host.
    fn uncertain_mut(&mut self) -> Option<&mut bool> {
        Some(match self {
            Self::NeedCredentials(step) => return step.uncertain_mut(),
            Self::NeedMethod(step) => &mut step.wizard.uncertain,
            Self::NeedCode(step) => &mut step.wizard.uncertain,
            Self::NeedMailedCode(step) => &mut step.uncertain,
            Self::NeedResetCode(step) => &mut step.wizard.uncertain,
            Self::NeedNewPassword(step) => &mut step.wizard.uncertain,
            Self::Start(_) | Self::SignedIn(_) | Self::Unsupported(_) => return None,
        })
    }
}
