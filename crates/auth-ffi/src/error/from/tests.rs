//! What to do next is decided in the core; the surface says the same.

use super::*;
use crate::Recovery;
use auth_client::{InputProblem, LockedOut, ServerText, ports::TransportError};

fn calls() -> Vec<CallError> {
    let wait = Duration::from_millis(1500);
    let transports = [
        TransportError::Unreachable,
        TransportError::Tls,
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
        CallError::Redirected { status: 302 },
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
        Core::Report => Recovery::Report,
    }
}

#[test]
fn a_sign_in_error_says_the_same_here_and_in_the_core() {
    let said = ServerText::default;
    let mut errors: Vec<SignInError> = calls().into_iter().map(SignInError::Call).collect();
    errors.extend([
        SignInError::WrongCredentials { said: said() },
        SignInError::WrongCode { said: said() },
        SignInError::PasswordRefused { said: said() },
        SignInError::Refused { said: said() },
        SignInError::RecaptchaRequired,
        SignInError::RecaptchaRefused { said: said() },
        SignInError::MethodNotOffered,
        SignInError::Invalid(InputProblem::NoEmail),
        SignInError::WizardEnded,
        SignInError::Store(StoreError::Unavailable { what: "x" }),
        SignInError::Store(StoreError::EpochMoved),
        SignInError::Store(StoreError::WrongKey),
        SignInError::Busy,
        SignInError::StepUsed,
    ]);
    for cause in errors {
        let expected = same(cause.recovery());
        let failed = Failed { cause: cause.clone(), correlation_id: None };
        assert_eq!(AuthError::from(failed).recovery(), expected, "{cause:?}");
    }
}

#[test]
fn a_session_error_says_the_same_here_and_in_the_core() {
    let mut errors: Vec<SessionError> = calls().into_iter().map(SessionError::Call).collect();
    errors.extend([
        SessionError::NotSignedIn,
        SessionError::Ended,
        SessionError::NeedsSignIn { said: ServerText::default() },
        SessionError::Store(StoreError::Unavailable { what: "x" }),
        SessionError::Store(StoreError::EpochMoved),
    ]);
    for cause in errors {
        let expected = same(cause.recovery());
        let failed = Failed { cause: cause.clone(), correlation_id: None };
        assert_eq!(AuthError::from(failed).recovery(), expected, "{cause:?}");
    }
}
