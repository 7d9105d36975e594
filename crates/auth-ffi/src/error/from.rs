//! Maps the client's errors.

mod qr;

use super::{AuthError, Reasons};
use auth_client::{
    CallError, Gateway, LockedOutBy, RequestError, ResumeError, SessionError, SignInError, ports::StoreError,
};
use std::{error::Error, time::Duration};

/// Whole seconds, rounded up: after so many the wait is over.
pub(crate) fn seconds(time: Duration) -> i64 {
    let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    i64::try_from(seconds).unwrap_or(i64::MAX)
}

/// `failed` is the error of the request that the call was part of.
fn from_call<E: Error + 'static>(error: &CallError, failed: &RequestError<E>) -> AuthError {
    let correlation_id = failed.correlation_id.as_ref().map(ToString::to_string);
    match error {
        CallError::LockedOut(lock) => AuthError::LockedOut {
            retry_after_seconds: seconds(lock.retry_after),
            by_host: lock.by == LockedOutBy::Host,
            correlation_id,
        },
        CallError::Transport(error) => {
            let reasons = Reasons::of(failed);
            AuthError::Network { problem: (*error).into(), correlation_id, reasons }
        }
        CallError::HostFailed { status, retry_after } => AuthError::HostFailed {
            status: (*status).into(),
            retry_after_seconds: retry_after.map(seconds),
            correlation_id,
        },
        CallError::NotB2Core { what, .. } | CallError::Protocol { what } => {
            unexpected(error, what, correlation_id)
        }
        CallError::Redirected { to, .. } => {
            let to = to.as_deref().unwrap_or("elsewhere");
            unexpected(error, &format!("a redirect to {to}"), correlation_id)
        }
        CallError::BlockedByGateway { by, .. } => {
            let code = match by {
                Gateway::Protection => error.kind().to_owned(),
                Gateway::Proxy => format!("{}.proxy", error.kind()),
                Gateway::Portal => format!("{}.portal", error.kind()),
            };
            AuthError::UnexpectedAnswer { code, problem: error.to_string(), correlation_id }
        }
    }
}

fn unexpected(error: &CallError, problem: &str, correlation_id: Option<String>) -> AuthError {
    AuthError::UnexpectedAnswer { code: error.kind().to_owned(), problem: problem.to_owned(), correlation_id }
}

impl From<StoreError> for AuthError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable { .. } => Self::StoreUnavailable { reasons: Reasons::of_store(&error) },
            StoreError::SessionReplaced => Self::SessionReplaced,
            StoreError::WrongKey
            | StoreError::NotAStore { .. }
            | StoreError::KeyMissing { .. }
            | StoreError::Corrupt { .. }
            | StoreError::Newer { .. }
            | StoreError::Io { .. }
            | StoreError::Failed { .. } => {
                let reasons = Reasons::of_store(&error);
                Self::StoreFailed { code: error.kind().to_owned(), problem: error.to_string(), reasons }
            }
        }
    }
}

/// The host has done its part, and then this.
fn not_saved(error: &StoreError, correlation_id: Option<String>) -> AuthError {
    AuthError::NotSaved { problem: error.to_string(), correlation_id, reasons: Reasons::of_store(error) }
}

impl From<RequestError<SignInError>> for AuthError {
    fn from(error: RequestError<SignInError>) -> Self {
        let correlation_id = error.correlation_id.as_ref().map(ToString::to_string);
        match &error.cause {
            SignInError::WrongCredentials { server_message, attempts_left } => {
                let attempts_left = attempts_left.and_then(|left| left.try_into().ok());
                Self::WrongCredentials {
                    attempts_left,
                    server_message: server_message.into(),
                    correlation_id,
                }
            }
            SignInError::WrongCode { server_message, attempts_left } => {
                let attempts_left = attempts_left.and_then(|left| left.try_into().ok());
                Self::WrongCode { attempts_left, server_message: server_message.into(), correlation_id }
            }
            SignInError::PasswordRefused { server_message } => {
                Self::PasswordRefused { server_message: server_message.into(), correlation_id }
            }
            SignInError::Refused { server_message } => {
                Self::Refused { server_message: server_message.into(), correlation_id }
            }
            SignInError::RecaptchaRequired => Self::RecaptchaRequired,
            SignInError::RecaptchaRefused { server_message } => {
                Self::RecaptchaRefused { server_message: server_message.into(), correlation_id }
            }
            SignInError::MethodNotAvailable => Self::MethodNotAvailable,
            SignInError::Invalid(problem) => Self::InvalidInput { problem: (*problem).into() },
            SignInError::WizardEnded => Self::SignInExpired { correlation_id },
            SignInError::Call(call) => from_call(call, &error),
            SignInError::Store(error) => error.clone().into(),
            SignInError::NotSaved(error) => not_saved(error, correlation_id),
            SignInError::Busy => Self::Busy,
            SignInError::StaleStep => Self::StaleStep,
        }
    }
}

impl From<RequestError<SessionError>> for AuthError {
    fn from(error: RequestError<SessionError>) -> Self {
        let correlation_id = error.correlation_id.as_ref().map(ToString::to_string);
        match &error.cause {
            SessionError::NotSignedIn => Self::NotSignedIn,
            SessionError::Ended => Self::SessionEnded { correlation_id },
            SessionError::ReauthenticationRequired { server_message } => {
                Self::ReauthenticationRequired { server_message: server_message.into(), correlation_id }
            }
            SessionError::BackingOff { retry_after } => {
                Self::BackingOff { retry_after_seconds: seconds(*retry_after) }
            }
            SessionError::Call(call) => from_call(call, &error),
            SessionError::Store(error) => error.clone().into(),
            SessionError::NotSaved(error) => not_saved(error, correlation_id),
        }
    }
}

impl From<ResumeError> for AuthError {
    fn from(error: ResumeError) -> Self {
        match error {
            ResumeError::NothingPending => Self::NotSignedIn,
            ResumeError::Expired => Self::SignInExpired { correlation_id: None },
            ResumeError::Store(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests;
