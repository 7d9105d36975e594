//! After a request whose answer is lost the host may have moved on, while the step here has not.
//!
//! Such a step stays usable, and remembers its doubt until the host has judged it again: a form takes a new wizard before
//! it is sent once more, and a refusal that is not about the user's input means that the sign-in has to begin anew.

use super::{SignInError, Step, StepRejected};
use crate::CallError;

impl StepRejected {
    /// Marks the step if the host may have done what was asked.
    pub(super) fn marking_uncertain(mut self) -> Self {
        if matches!(&self.cause, SignInError::Call(error) if may_have_been_processed(error)) {
            self.step.set_uncertain();
        }
        self
    }
}

/// What came instead of an answer may have come after the work: a gateway's error page too.
fn may_have_been_processed(error: &CallError) -> bool {
    match error {
        CallError::LockedOut(_) => false,
        CallError::Transport(error) => !error.was_not_sent(),
        CallError::HostFailed { .. }
        | CallError::NotB2Core { .. }
        | CallError::Redirected { .. }
        | CallError::Protocol { .. } => true,
    }
}

impl Step {
    /// The step after a request that was given up: nobody knows whether the host has done what was asked.
    /// [`InFlight::resume`](super::InFlight::resume) sees to it by itself where it is told what came.
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

    /// The host has judged what was asked: it is where this step is.
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

    /// Where the step keeps its doubt; none where there is nothing that the host could have moved.
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
