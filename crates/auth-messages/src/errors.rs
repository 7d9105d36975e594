//! From the core's errors: their codes and data.

use crate::Message;
use auth_core::{
    CallError, Gateway,
    ports::{ChannelError, StoreError, TransportError},
    qr::{QrApprovalError, QrSignInError},
    session::SessionError,
    sign_in::{InputProblem, SignInError},
};

impl From<&CallError> for Message {
    fn from(error: &CallError) -> Self {
        let message = Self::new(error.kind());
        match error {
            CallError::LockedOut(lock) => message.wait(lock.retry_after),
            CallError::HostFailed { status, retry_after: None } => message.with("status", status),
            CallError::HostFailed { status, retry_after: Some(time) } => {
                message.about("wait").with("status", status).wait(*time)
            }
            CallError::BlockedByGateway { by: Gateway::Proxy, .. } => message.about("proxy"),
            CallError::BlockedByGateway { by: Gateway::Portal, .. } => message.about("portal"),
            CallError::Transport(_)
            | CallError::NotB2Core { .. }
            | CallError::Redirected { .. }
            | CallError::BlockedByGateway { by: Gateway::Protection, .. }
            | CallError::Protocol { .. } => message,
        }
    }
}

impl From<TransportError> for Message {
    fn from(error: TransportError) -> Self {
        Self::new(error.kind())
    }
}

impl From<&StoreError> for Message {
    fn from(error: &StoreError) -> Self {
        Self::new(error.kind())
    }
}

impl From<InputProblem> for Message {
    fn from(problem: InputProblem) -> Self {
        Self::new(SignInError::Invalid(problem).kind()).about(problem.kind())
    }
}

impl From<&SignInError> for Message {
    fn from(error: &SignInError) -> Self {
        match error {
            SignInError::Invalid(problem) => (*problem).into(),
            SignInError::Call(call) => call.into(),
            SignInError::Store(store) => store.into(),
            SignInError::NotSaved(why) => Self::new(error.kind()).then(why.into()),
            SignInError::WrongCredentials { .. }
            | SignInError::WrongCode { .. }
            | SignInError::PasswordRefused { .. }
            | SignInError::Refused { .. }
            | SignInError::RecaptchaRequired
            | SignInError::RecaptchaRefused { .. }
            | SignInError::MethodNotAvailable
            | SignInError::WizardEnded
            | SignInError::Busy
            | SignInError::StaleStep => Self::new(error.kind()),
        }
    }
}

impl From<&SessionError> for Message {
    fn from(error: &SessionError) -> Self {
        match error {
            SessionError::BackingOff { retry_after } => Self::new(error.kind()).wait(*retry_after),
            SessionError::Call(call) => call.into(),
            SessionError::Store(store) => store.into(),
            SessionError::NotSaved(why) => Self::new(error.kind()).then(why.into()),
            SessionError::NotSignedIn
            | SessionError::Ended
            | SessionError::ReauthenticationRequired { .. } => Self::new(error.kind()),
        }
    }
}

impl From<ChannelError> for Message {
    fn from(error: ChannelError) -> Self {
        Self::new(error.kind())
    }
}

impl From<&QrSignInError> for Message {
    fn from(error: &QrSignInError) -> Self {
        match error {
            QrSignInError::Channel(channel) => (*channel).into(),
            QrSignInError::Call(call) => call.into(),
            QrSignInError::Store(store) => store.into(),
            QrSignInError::NotSaved(why) => Self::new(error.kind()).then(why.into()),
            QrSignInError::AuthorizationUsed { .. }
            | QrSignInError::AuthorizationExpired { .. }
            | QrSignInError::Refused { .. }
            | QrSignInError::NoCode => Self::new(error.kind()),
        }
    }
}

impl From<&QrApprovalError> for Message {
    fn from(error: &QrApprovalError) -> Self {
        match error {
            QrApprovalError::Session(session) => session.into(),
            QrApprovalError::Call(call) => call.into(),
            QrApprovalError::Scan(_)
            | QrApprovalError::Expired { .. }
            | QrApprovalError::AlreadyUsed { .. }
            | QrApprovalError::Refused { .. }
            | QrApprovalError::NotAvailable
            | QrApprovalError::Unauthorized
            | QrApprovalError::Uncertain(_)
            | QrApprovalError::NotConfirmed
            | QrApprovalError::AlreadyDecided => Self::new(error.kind()),
        }
    }
}
