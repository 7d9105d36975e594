//! Errors of a sign-in and of a session.

use super::{Exit, Failure, of_request::of_request};
use auth_client::{
    CallError, Recovery, RequestError, ResumeError, SessionError, SignInError,
    ports::{StoreError, TransportFailure},
};
use auth_messages::Message;

impl From<RequestError<SignInError>> for Failure {
    fn from(failed: RequestError<SignInError>) -> Self {
        let error = &failed.cause;
        let exit = match error {
            SignInError::Call(call) => return Self::call(call).at(&failed),
            SignInError::WrongCredentials { .. }
            | SignInError::WrongCode { .. }
            | SignInError::PasswordRefused { .. }
            | SignInError::Refused { .. }
            | SignInError::RecaptchaRequired
            | SignInError::RecaptchaRefused { .. }
            | SignInError::MethodNotAvailable
            | SignInError::Invalid(_) => Exit::Refused,
            SignInError::WizardEnded => Exit::NotSignedIn,
            SignInError::Store(_) | SignInError::NotSaved(_) => Exit::Store,
            SignInError::Busy | SignInError::StaleStep => Exit::Other,
        };
        let mut failure = of_request!(failed, exit, SignInError);
        failure.details.attempts_left = error.attempts_left();
        failure
    }
}

impl From<RequestError<SessionError>> for Failure {
    fn from(failed: RequestError<SessionError>) -> Self {
        let error = &failed.cause;
        let exit = match error {
            SessionError::Call(call) => return Self::call(call).at(&failed),
            SessionError::NotSignedIn
            | SessionError::Ended
            | SessionError::ReauthenticationRequired { .. } => Exit::NotSignedIn,
            SessionError::BackingOff { .. } => Exit::NotB2Core,
            SessionError::Store(StoreError::SessionReplaced) => Exit::NotSignedIn,
            SessionError::Store(_) | SessionError::NotSaved(_) => Exit::Store,
        };
        of_request!(failed, exit, SessionError)
    }
}

impl From<ResumeError> for Failure {
    fn from(error: ResumeError) -> Self {
        let kind = match error {
            ResumeError::NothingPending => "nothing_pending",
            ResumeError::Expired => "sign_in_expired",
            ResumeError::Store(error) => return error.into(),
        };
        Self::new(Exit::NotSignedIn, kind, Message::new(kind), Recovery::Restart).detail(&error)
    }
}

/// Of what belongs to no sign-in and no session.
impl From<TransportFailure> for Failure {
    fn from(TransportFailure { error, cause }: TransportFailure) -> Self {
        let call = CallError::Transport(error);
        let failed = RequestError { cause: call, correlation_id: None, origin: cause };
        Self::call(&failed.cause).at(&failed)
    }
}
