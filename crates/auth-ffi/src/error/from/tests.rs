//! The core decides an error's recovery, code and message; the mirrored error gives the same.

use super::*;
use crate::Recovery;
use auth_client::{
    InputProblem, LockedOut, QrApprovalError, QrSignInError, ScanError, ServerMessage,
    ports::{ChannelError, TransportError},
};
use auth_messages::Message;

fn calls() -> Vec<CallError> {
    let wait = Duration::from_millis(1500);
    let transports = [
        TransportError::Unreachable,
        TransportError::Tls,
        TransportError::PinMismatch,
        TransportError::Interrupted,
        TransportError::TimedOut,
        TransportError::TooLarge,
        TransportError::NotHttp,
        TransportError::Failed,
    ];
    let mut calls: Vec<CallError> = transports.into_iter().map(CallError::Transport).collect();
    calls.extend([
        CallError::LockedOut(LockedOut { retry_after: wait, by: LockedOutBy::Host }),
        CallError::HostFailed { status: 503, retry_after: Some(wait) },
        CallError::HostFailed { status: 500, retry_after: None },
        CallError::NotB2Core { what: "x", status: 200 },
        CallError::Redirected { status: 302, to: None },
        CallError::BlockedByGateway { by: auth_client::Gateway::Portal, status: 511 },
        CallError::Protocol { what: "x" },
    ]);
    calls
}

fn same(core: auth_client::Recovery) -> Recovery {
    use auth_client::Recovery as Core;
    match core {
        Core::Retry { after } => Recovery::Retry { after_seconds: after.map(seconds) },
        Core::Wait { retry_after } => Recovery::Wait { seconds: seconds(retry_after) },
        Core::AskUser => Recovery::AskUser,
        Core::Restart => Recovery::Restart,
        Core::SignInAgain => Recovery::SignInAgain,
        Core::Reload => Recovery::Reload,
        Core::Report => Recovery::Report,
    }
}

#[test]
fn a_sign_in_error_has_the_recovery_and_code_of_the_core() {
    let server_message = ServerMessage::default;
    let mut errors: Vec<SignInError> = calls().into_iter().map(SignInError::Call).collect();
    errors.extend([
        SignInError::WrongCredentials { server_message: server_message(), attempts_left: Some(2) },
        SignInError::WrongCode { server_message: server_message(), attempts_left: None },
        SignInError::PasswordRefused { server_message: server_message() },
        SignInError::Refused { server_message: server_message() },
        SignInError::RecaptchaRequired,
        SignInError::RecaptchaRefused { server_message: server_message() },
        SignInError::MethodNotAvailable,
        SignInError::Invalid(InputProblem::NoEmail),
        SignInError::WizardEnded,
        SignInError::Store(StoreError::unavailable("x")),
        SignInError::Store(StoreError::SessionReplaced),
        SignInError::Store(StoreError::WrongKey),
        SignInError::NotSaved(StoreError::failed()),
        SignInError::Busy,
        SignInError::StaleStep,
    ]);
    for cause in errors {
        let expected = same(cause.recovery());
        let error = AuthError::from(RequestError::from(cause.clone()));
        assert_eq!(error.recovery(), expected, "{cause:?}");
        assert_eq!(error.code(), cause.kind());
        assert_eq!(error.message_id(), Message::from(&cause).id());
    }
}

#[test]
fn a_session_error_has_the_recovery_and_code_of_the_core() {
    let mut errors: Vec<SessionError> = calls().into_iter().map(SessionError::Call).collect();
    errors.extend([
        SessionError::NotSignedIn,
        SessionError::Ended,
        SessionError::ReauthenticationRequired { server_message: ServerMessage::default() },
        SessionError::BackingOff { retry_after: Duration::from_secs(7) },
        SessionError::NotSaved(StoreError::failed()),
        SessionError::Store(StoreError::unavailable("x")),
        SessionError::Store(StoreError::SessionReplaced),
    ]);
    for cause in errors {
        let expected = same(cause.recovery());
        let error = AuthError::from(RequestError::from(cause.clone()));
        assert_eq!(error.recovery(), expected, "{cause:?}");
        assert_eq!(error.code(), cause.kind());
        assert_eq!(error.message_id(), Message::from(&cause).id());
    }
}

#[test]
fn an_error_of_a_display_has_the_recovery_and_code_of_the_core() {
    let server_message = ServerMessage::default;
    let channels = [
        ChannelError::Unreachable,
        ChannelError::Tls,
        ChannelError::PinMismatch,
        ChannelError::NotFound,
        ChannelError::Protocol,
        ChannelError::Refused,
        ChannelError::Failed,
    ];
    let mut errors: Vec<QrSignInError> = calls().into_iter().map(QrSignInError::Call).collect();
    errors.extend(channels.map(QrSignInError::Channel));
    errors.extend([
        QrSignInError::AuthorizationUsed { server_message: server_message() },
        QrSignInError::AuthorizationExpired { server_message: server_message() },
        QrSignInError::Refused { server_message: server_message() },
        QrSignInError::NoCode,
        QrSignInError::Store(StoreError::unavailable("x")),
        QrSignInError::NotSaved(StoreError::failed()),
    ]);
    for cause in errors {
        let error = AuthError::from(cause.clone());
        assert_eq!(error.recovery(), same(cause.recovery()), "{cause:?}");
        assert_eq!(error.code(), cause.kind());
        assert_eq!(error.message_id(), Message::from(&cause).id());
    }
}

#[test]
fn an_error_of_an_approver_has_the_recovery_and_code_of_the_core() {
    let server_message = ServerMessage::default;
    let mut errors: Vec<QrApprovalError> = calls().into_iter().map(QrApprovalError::Call).collect();
    errors.extend([
        QrApprovalError::Scan(ScanError::NotACode),
        QrApprovalError::Scan(ScanError::OtherHost),
        QrApprovalError::Expired { server_message: server_message() },
        QrApprovalError::AlreadyUsed { server_message: server_message() },
        QrApprovalError::Refused { server_message: server_message() },
        QrApprovalError::NotAvailable,
        QrApprovalError::Unauthorized,
        QrApprovalError::Session(SessionError::NotSignedIn),
        QrApprovalError::Uncertain(CallError::Transport(TransportError::TimedOut)),
        QrApprovalError::NotConfirmed,
        QrApprovalError::AlreadyDecided,
    ]);
    for cause in errors {
        let error = AuthError::from(RequestError::from(cause.clone()));
        assert_eq!(error.recovery(), same(cause.recovery()), "{cause:?}");
        assert_eq!(error.code(), cause.kind());
        assert_eq!(error.message_id(), Message::from(&cause).id());
    }
}

/// What an app's own store or transport threw is behind the error, whichever way it came.
#[test]
fn what_the_app_threw_is_found_behind_every_error_that_can_have_it() {
    use crate::ports::Thrown;
    use auth_client::ports::{Cause, ChannelFailure};
    let thrown = || Cause::new(Thrown::by("store", Some(7)).unwrap());
    let stores = || [StoreError::failed(), StoreError::unavailable("x")];
    let own = |error: StoreError| error.because(Thrown::by("store", Some(7)).unwrap());
    let mut errors: Vec<AuthError> = stores().map(own).map(AuthError::from).to_vec();
    for store in stores().map(own) {
        errors.extend([
            RequestError::from(SignInError::Store(store.clone())).into(),
            RequestError::from(SignInError::NotSaved(store.clone())).into(),
            RequestError::from(SessionError::Store(store.clone())).into(),
            RequestError::from(SessionError::NotSaved(store.clone())).into(),
            ResumeError::Store(store.clone()).into(),
            RequestError::from(QrSignInError::Store(store.clone())).into(),
            RequestError::from(QrSignInError::NotSaved(store.clone())).into(),
            RequestError::from(QrApprovalError::Session(SessionError::Store(store))).into(),
        ]);
    }
    let call = || CallError::Transport(TransportError::Failed);
    let behind = |cause| RequestError { origin: Some(thrown()), ..RequestError::from(cause) };
    errors.push(behind(SignInError::Call(call())).into());
    errors.push(
        RequestError { origin: Some(thrown()), ..RequestError::from(SessionError::Call(call())) }.into(),
    );
    errors.push(
        RequestError { origin: Some(thrown()), ..RequestError::from(QrSignInError::Call(call())) }.into(),
    );
    for cause in [
        QrApprovalError::Call(call()),
        QrApprovalError::Uncertain(call()),
        QrApprovalError::NotConfirmed,
        QrApprovalError::Session(SessionError::Call(call())),
    ] {
        errors.push(RequestError { origin: Some(thrown()), ..RequestError::from(cause) }.into());
    }
    errors.push(
        RequestError::<QrSignInError>::from(ChannelFailure::new(ChannelError::Failed, thrown())).into(),
    );
    for error in errors {
        let reasons = reasons(&error).unwrap_or_else(|| panic!("{error:?} has none"));
        assert_eq!(reasons.thrown, Some(7), "{error:?}");
        assert_eq!(reasons.texts.last().unwrap(), "the app's own store failed");
        assert!(!error.to_string().contains("own store"), "{error}");
    }
}

#[test]
fn what_is_behind_an_error_is_told_the_nearest_first() {
    let source = std::sync::Arc::new(std::io::Error::from_raw_os_error(13));
    let io = StoreError::Io { what: "reading a file", path: "/var/lib/x/session".into(), source };
    let error = AuthError::from(io);
    let texts = reasons(&error).unwrap().texts;
    assert_eq!(texts[0], "/var/lib/x/session: permission denied (reading a file)");
    assert_eq!(texts.len(), 2, "{texts:?}");
    let busy = AuthError::from(StoreError::unavailable("somebody else holds the record"));
    let texts = reasons(&busy).unwrap().texts;
    assert_eq!(texts, ["the store is not available now: somebody else holds the record"]);
    let silent: AuthError =
        RequestError::from(SessionError::Call(CallError::Transport(TransportError::TimedOut))).into();
    assert_eq!(reasons(&silent), Some(crate::Reasons::default()));
}

fn reasons(error: &AuthError) -> Option<crate::Reasons> {
    match error {
        AuthError::Network { reasons, .. }
        | AuthError::StoreUnavailable { reasons }
        | AuthError::StoreFailed { reasons, .. }
        | AuthError::NotSaved { reasons, .. }
        | AuthError::Qr { reasons, .. }
        | AuthError::Channel { reasons, .. } => Some(reasons.clone()),
        _ => None,
    }
}
