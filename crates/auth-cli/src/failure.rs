//! Errors as exit codes, one line and one JSON object.

use crate::output;
use auth_client::{
    CallError, Failed, Recovery, ResumeError, ServerText, SessionError, SignInError,
    ports::{StoreError, TransportError},
};
use serde_json::{Value, json};
use std::{process::ExitCode, time::Duration};

/// The exit codes of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Other = 1,
    Usage = 2,
    NotSignedIn = 3,
    Refused = 4,
    LockedOut = 5,
    Network = 6,
    NotB2Core = 7,
    Store = 8,
    MoreInput = 10,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// What a command ends with if it does not succeed.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    kind: &'static str,
    message: String,
    recovery: &'static str,
    details: Box<Details>,
}

#[derive(Debug, Default)]
struct Details {
    retry_after: Option<Duration>,
    correlation_id: Option<String>,
    said: Vec<String>,
}

impl Failure {
    fn new(exit: Exit, kind: &'static str, message: String, recovery: Recovery) -> Self {
        let retry_after = match recovery {
            Recovery::Wait { retry_after } => Some(retry_after),
            Recovery::Retry { after } => after,
            _ => None,
        };
        let details = Box::new(Details { retry_after, ..Details::default() });
        Self { exit, kind, message, recovery: recovery.as_str(), details }
    }

    /// The call itself is wrong.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { recovery: "mend_call", ..Self::new(Exit::Usage, "usage", message.into(), Recovery::Report) }
    }

    /// Anything that has no exit code of its own.
    pub(crate) fn other(kind: &'static str, message: impl Into<String>) -> Self {
        Self::new(Exit::Other, kind, message.into(), Recovery::Report)
    }

    fn call(error: &CallError) -> Self {
        let exit = match error {
            CallError::LockedOut(_) => Exit::LockedOut,
            CallError::Transport(TransportError::TooLarge | TransportError::NotHttp) => Exit::NotB2Core,
            CallError::Transport(_) => Exit::Network,
            CallError::HostFailed { .. }
            | CallError::NotB2Core { .. }
            | CallError::Redirected { .. }
            | CallError::Protocol { .. } => Exit::NotB2Core,
        };
        let message = match error {
            CallError::LockedOut(lock) => {
                format!("too many attempts; try again in {}", wait(lock.retry_after))
            }
            other => other.to_string(),
        };
        Self::new(exit, error.kind(), message, error.recovery())
    }

    fn said(mut self, said: Option<&ServerText>) -> Self {
        self.details.said = said.map(|said| said.lines().to_vec()).unwrap_or_default();
        self
    }

    fn at<E>(mut self, failed: &Failed<E>) -> Self {
        self.details.correlation_id = failed.correlation_id.as_ref().map(ToString::to_string);
        self
    }

    /// Prints it and gives the exit code.
    pub(crate) fn report(&self, json: bool) -> ExitCode {
        if json {
            output::line(self.to_json());
        }
        let quote =
            self.details.said.first().map(|said| format!("; the host says: {said:?}")).unwrap_or_default();
        output::note(format!("b2auth: {}{quote}", self.message));
        self.exit.into()
    }

    fn to_json(&self) -> Value {
        let mut error = json!({"kind": self.kind, "message": self.message, "recovery": self.recovery});
        let Details { retry_after, correlation_id, said } = &*self.details;
        if let Some(wait) = *retry_after {
            error["retry_after_seconds"] = whole_seconds(wait).into();
        }
        if let Some(id) = correlation_id {
            error["correlation_id"] = id.as_str().into();
        }
        if !said.is_empty() {
            error["host_says"] = said.clone().into();
        }
        json!({ "error": error })
    }
}

impl From<Failed<SignInError>> for Failure {
    fn from(failed: Failed<SignInError>) -> Self {
        let error = &failed.cause;
        let exit = match error {
            SignInError::Call(call) => return Self::call(call).at(&failed),
            SignInError::WrongCredentials { .. }
            | SignInError::WrongCode { .. }
            | SignInError::PasswordRefused { .. }
            | SignInError::Refused { .. }
            | SignInError::RecaptchaRequired
            | SignInError::RecaptchaRefused { .. }
            | SignInError::MethodNotOffered
            | SignInError::Invalid(_) => Exit::Refused,
            SignInError::WizardEnded => Exit::NotSignedIn,
            SignInError::Store(_) | SignInError::NotSaved(_) => Exit::Store,
            SignInError::Busy | SignInError::StepUsed => Exit::Other,
        };
        Self::new(exit, error.kind(), error.to_string(), error.recovery()).said(error.said()).at(&failed)
    }
}

impl From<Failed<SessionError>> for Failure {
    fn from(failed: Failed<SessionError>) -> Self {
        let error = &failed.cause;
        let exit = match error {
            SessionError::Call(call) => return Self::call(call).at(&failed),
            SessionError::NotSignedIn | SessionError::Ended | SessionError::NeedsSignIn { .. } => {
                Exit::NotSignedIn
            }
            SessionError::Store(StoreError::EpochMoved) => Exit::NotSignedIn,
            SessionError::Store(_) | SessionError::NotSaved(_) => Exit::Store,
        };
        Self::new(exit, error.kind(), error.to_string(), error.recovery()).said(error.said()).at(&failed)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::new(Exit::Store, error.kind(), error.to_string(), error.recovery())
    }
}

impl From<ResumeError> for Failure {
    fn from(error: ResumeError) -> Self {
        let kind = match error {
            ResumeError::NothingPending => "nothing_pending",
            ResumeError::Expired => "sign_in_expired",
            ResumeError::Store(error) => return error.into(),
        };
        Self::new(Exit::NotSignedIn, kind, error.to_string(), Recovery::Restart)
    }
}

/// Whole seconds, rounded up: after so many the wait is over.
fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

/// A wait as a person reads it.
fn wait(time: Duration) -> String {
    let seconds = whole_seconds(time);
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, 0) => format!("{minutes} min"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auth_client::{LockedOut, LockedOutBy};

    #[test]
    fn a_lock_out_tells_the_wait_in_both_forms() {
        let lock = LockedOut { retry_after: Duration::from_millis(598_001), by: LockedOutBy::Host };
        let failure = Failure::call(&CallError::LockedOut(lock));
        assert_eq!(failure.exit, Exit::LockedOut);
        assert_eq!(failure.message, "too many attempts; try again in 9 min 59 s");
        assert_eq!(failure.to_json()["error"]["retry_after_seconds"], 599);
        assert_eq!(failure.to_json()["error"]["recovery"], "wait");
    }
}
