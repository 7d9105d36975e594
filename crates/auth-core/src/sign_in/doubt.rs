//! After a request whose answer is lost the host may have moved on, while the step here has not.
//!
//! Such a step stays usable, and remembers its doubt until the host has judged it again: a form takes a new wizard before
//! it is sent once more, and a refusal that is not about the user's input means that the sign-in has to begin anew.

use super::{Rejected, SignInError, Step};
use crate::CallError;

impl Rejected {
    /// Marks the step if the host may have done what was asked.
    pub(super) fn noting_doubt(mut self) -> Self {
        if matches!(&self.cause, SignInError::Call(error) if leaves_doubt(error)) {
            self.step.set_in_doubt();
        }
        self
    }
}

/// What came instead of an answer may have come after the work: a gateway's error page too.
fn leaves_doubt(error: &CallError) -> bool {
    match error {
        CallError::LockedOut(_) => false,
        CallError::Transport(error) => !error.never_sent(),
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
    pub fn after_a_lost_answer(mut self) -> Self {
        self.set_in_doubt();
        self
    }

    pub(super) fn set_in_doubt(&mut self) {
        if let Some(in_doubt) = self.doubt_mut() {
            *in_doubt = true;
        }
    }

    /// The host has judged what was asked: it is where this step is.
    pub(super) fn after_a_judgement(mut self) -> Self {
        if let Some(in_doubt) = self.doubt_mut() {
            *in_doubt = false;
        }
        self
    }

    pub(super) fn is_in_doubt(&self) -> bool {
        match self {
            Self::NeedCredentials(step) => step.is_in_doubt(),
            Self::NeedMethod(step) => step.wizard.in_doubt,
            Self::NeedCode(step) => step.wizard.in_doubt,
            Self::NeedMailedCode(step) => step.in_doubt,
            Self::NeedResetCode(step) => step.wizard.in_doubt,
            Self::NeedNewPassword(step) => step.wizard.in_doubt,
            Self::Start(_) | Self::SignedIn(_) | Self::Unsupported(_) => false,
        }
    }

    /// Where the step keeps its doubt; none where there is nothing that the host could have moved.
    fn doubt_mut(&mut self) -> Option<&mut bool> {
        Some(match self {
            Self::NeedCredentials(step) => return step.doubt_mut(),
            Self::NeedMethod(step) => &mut step.wizard.in_doubt,
            Self::NeedCode(step) => &mut step.wizard.in_doubt,
            Self::NeedMailedCode(step) => &mut step.in_doubt,
            Self::NeedResetCode(step) => &mut step.wizard.in_doubt,
            Self::NeedNewPassword(step) => &mut step.wizard.in_doubt,
            Self::Start(_) | Self::SignedIn(_) | Self::Unsupported(_) => return None,
        })
    }
}
