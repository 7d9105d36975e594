//! The languages against each other, and the catalogue against the codes that the core knows.

mod support;

use auth_core::{
    CallError, Gateway, LockedOut, LockedOutBy, ServerMessage,
    ports::{ChannelError, StoreError, TransportError},
    qr::{QrApprovalError, QrSignInError, ScanError},
    session::SessionError,
    sign_in::{InputProblem, SignInError},
};
use auth_messages::{Catalogue, Language, Message};
use std::{collections::BTreeSet, fs, io, path::Path, sync::Arc, time::Duration};
use support::{shared, texts};

#[test]
fn every_language_says_the_same_messages_with_the_same_data() {
    for text in [Language::errors, Language::b2auth] {
        let names = |language: Language| -> BTreeSet<(String, BTreeSet<String>)> {
            texts(text(language)).into_iter().map(|(id, text)| (id, text.data)).collect()
        };
        let english = names(Language::ENGLISH);
        for language in Language::ALL {
            let other = names(*language);
            let different: Vec<_> = other.symmetric_difference(&english).collect();
            assert!(different.is_empty(), "{} against en: {different:?}", language.code());
        }
    }
}

#[test]
fn a_language_is_a_language_of_its_own() {
    for (at, language) in Language::ALL.iter().enumerate() {
        for other in &Language::ALL[..at] {
            for text in [Language::errors, Language::b2auth] {
                let others = texts(text(*other));
                let same =
                    texts(text(*language)).into_iter().filter(|(id, text)| others[id].words == text.words);
                let same: Vec<_> = same.map(|(id, _)| id).filter(|id| !id.starts_with("wait-")).collect();
                assert_eq!(same, [""; 0], "{} and {}", language.code(), other.code());
            }
        }
    }
}

#[test]
fn every_folder_of_texts_is_a_language() {
    let locales = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales");
    let folders: BTreeSet<String> =
        fs::read_dir(locales).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(folders, Language::ALL.iter().map(|language| language.code().to_owned()).collect());
}

#[test]
fn every_error_of_the_core_has_its_text_in_every_language() {
    for language in Language::ALL {
        let catalogue = Catalogue::load(*language);
        for message in everything() {
            let (text, id) = (catalogue.say(&message), message.id());
            assert!(text.contains(' ') && text.ends_with('.') && !text.contains('{'), "{id}: {text}");
            assert!(!text.contains(&id), "{id}: {text}");
        }
    }
}

#[test]
fn the_shared_messages_are_those_of_the_codes() {
    let codes: BTreeSet<String> = everything().iter().map(Message::id).collect();
    // What the library for the apps adds; its own tests hold its codes against the catalogue.
    let of_the_library = ["cancelled", "setup"].map(str::to_owned);
    let expected: BTreeSet<String> = codes.into_iter().chain(of_the_library).collect();
    assert_eq!(shared(Language::ENGLISH), expected);
}

#[test]
fn a_session_that_could_not_be_saved_says_why() {
    let message = Message::from(&SessionError::NotSaved(StoreError::WrongKey));
    let text = Catalogue::load(Language::ENGLISH).say(&message);
    assert!(text.contains("could not be saved") && text.ends_with("Use that one."), "{text}");
}

/// A message for each error that there is. The matches below have no default: a new error has to be added here.
fn everything() -> Vec<Message> {
    let mut messages: Vec<Message> =
        sign_in_errors().iter().inspect(|e| known_sign_in(e)).map(Message::from).collect();
    messages.extend(session_errors().iter().inspect(|e| known_session(e)).map(Message::from));
    messages.extend(call_errors().iter().inspect(|e| known_call(e)).map(Message::from));
    messages.extend(display_errors().iter().inspect(|e| known_display(e)).map(Message::from));
    messages.extend(approval_errors().iter().inspect(|e| known_approval(e)).map(Message::from));
    messages.extend(store_errors().iter().inspect(|e| known_store(e)).map(Message::from));
    messages
}

fn sign_in_errors() -> Vec<SignInError> {
    let server_message = ServerMessage::default;
    let problems = [
        InputProblem::EmailNeeded,
        InputProblem::NoEmail,
        InputProblem::PasswordNeeded,
        InputProblem::NewPasswordNeeded,
        InputProblem::CodeNeeded,
        InputProblem::CodeNotDigits,
        InputProblem::CodeNotLettersOrDigits,
    ];
    let mut errors: Vec<SignInError> = problems.into_iter().map(SignInError::Invalid).collect();
    errors.extend([
        SignInError::WrongCredentials { server_message: server_message(), attempts_left: None },
        SignInError::WrongCredentials { server_message: server_message(), attempts_left: Some(2) },
        SignInError::WrongCode { server_message: server_message(), attempts_left: None },
        SignInError::WrongCode { server_message: server_message(), attempts_left: Some(2) },
        SignInError::PasswordRefused { server_message: server_message() },
        SignInError::Refused { server_message: server_message() },
        SignInError::RecaptchaRequired,
        SignInError::RecaptchaRefused { server_message: server_message() },
        SignInError::MethodNotAvailable,
        SignInError::WizardEnded,
        SignInError::NotSaved(StoreError::failed()),
        SignInError::Busy,
        SignInError::StaleStep,
    ]);
    errors
}

fn known_sign_in(error: &SignInError) {
    match error {
        SignInError::Invalid(problem) => match problem {
            InputProblem::EmailNeeded
            | InputProblem::NoEmail
            | InputProblem::PasswordNeeded
            | InputProblem::NewPasswordNeeded
            | InputProblem::CodeNeeded
            | InputProblem::CodeNotDigits
            | InputProblem::CodeNotLettersOrDigits => {}
        },
        SignInError::WrongCredentials { .. }
        | SignInError::WrongCode { .. }
        | SignInError::PasswordRefused { .. }
        | SignInError::Refused { .. }
        | SignInError::RecaptchaRequired
        | SignInError::RecaptchaRefused { .. }
        | SignInError::MethodNotAvailable
        | SignInError::WizardEnded
        | SignInError::Call(_)
        | SignInError::Store(_)
        | SignInError::NotSaved(_)
        | SignInError::Busy
        | SignInError::StaleStep => {}
    }
}

fn session_errors() -> Vec<SessionError> {
    vec![
        SessionError::NotSignedIn,
        SessionError::Ended,
        SessionError::ReauthenticationRequired { server_message: ServerMessage::default() },
        SessionError::BackingOff { retry_after: Duration::from_secs(90) },
        SessionError::NotSaved(StoreError::failed()),
    ]
}

fn known_session(error: &SessionError) {
    match error {
        SessionError::NotSignedIn
        | SessionError::Ended
        | SessionError::ReauthenticationRequired { .. }
        | SessionError::BackingOff { .. }
        | SessionError::Call(_)
        | SessionError::Store(_)
        | SessionError::NotSaved(_) => {}
    }
}

fn call_errors() -> Vec<CallError> {
    let wait = Duration::from_secs(90);
    let mut errors = vec![
        CallError::LockedOut(LockedOut { retry_after: wait, by: LockedOutBy::Host }),
        CallError::HostFailed { status: 503, retry_after: None },
        CallError::HostFailed { status: 503, retry_after: Some(wait) },
        CallError::NotB2Core { what: "x", status: 200 },
        CallError::Redirected { status: 302, to: None },
        CallError::Redirected { status: 302, to: Some("https://x.example".to_owned()) },
        CallError::BlockedByGateway { by: Gateway::Protection, status: 403 },
        CallError::BlockedByGateway { by: Gateway::Proxy, status: 407 },
        CallError::BlockedByGateway { by: Gateway::Portal, status: 511 },
        CallError::Protocol { what: "x" },
    ];
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
    errors.extend(transports.map(CallError::Transport));
    errors
}

fn known_call(error: &CallError) {
    match error {
        CallError::Transport(error) => match error {
            TransportError::Unreachable
            | TransportError::Tls
            | TransportError::PinMismatch
            | TransportError::Interrupted
            | TransportError::TimedOut
            | TransportError::TooLarge
            | TransportError::NotHttp
            | TransportError::Failed => {}
        },
        CallError::LockedOut(_)
        | CallError::HostFailed { .. }
        | CallError::NotB2Core { .. }
        | CallError::Redirected { .. }
        | CallError::BlockedByGateway {
            by: Gateway::Protection | Gateway::Proxy | Gateway::Portal, ..
        }
        | CallError::Protocol { .. } => {}
    }
}

fn refused() -> Arc<io::Error> {
    Arc::new(io::ErrorKind::PermissionDenied.into())
}

fn store_errors() -> Vec<StoreError> {
    vec![
        StoreError::unavailable("x"),
        StoreError::WrongKey,
        StoreError::Corrupt { cause: "x" },
        StoreError::Newer { found: 2, supported: 1 },
        StoreError::SessionReplaced,
        StoreError::Io { what: "x", path: "/x".into(), source: refused() },
        StoreError::NotAStore { path: "/x".into() },
        StoreError::KeyMissing { path: "/x".into(), source: refused() },
        StoreError::failed(),
    ]
}

fn known_store(error: &StoreError) {
    match error {
        StoreError::Unavailable { .. }
        | StoreError::WrongKey
        | StoreError::NotAStore { .. }
        | StoreError::KeyMissing { .. }
        | StoreError::Corrupt { .. }
        | StoreError::Newer { .. }
        | StoreError::SessionReplaced
        | StoreError::Io { .. }
        | StoreError::Failed { .. } => {}
    }
}

fn display_errors() -> Vec<QrSignInError> {
    let server_message = ServerMessage::default;
    let mut errors: Vec<QrSignInError> = [
        ChannelError::Unreachable,
        ChannelError::Tls,
        ChannelError::PinMismatch,
        ChannelError::NotFound,
        ChannelError::Protocol,
        ChannelError::Refused,
        ChannelError::Failed,
    ]
    .map(QrSignInError::Channel)
    .into();
    errors.extend([
        QrSignInError::AuthorizationUsed { server_message: server_message() },
        QrSignInError::AuthorizationExpired { server_message: server_message() },
        QrSignInError::Refused { server_message: server_message() },
        QrSignInError::NoCode,
        QrSignInError::NotSaved(StoreError::failed()),
    ]);
    errors
}

fn known_display(error: &QrSignInError) {
    match error {
        QrSignInError::Channel(
            ChannelError::Unreachable
            | ChannelError::Tls
            | ChannelError::PinMismatch
            | ChannelError::NotFound
            | ChannelError::Protocol
            | ChannelError::Refused
            | ChannelError::Failed,
        )
        | QrSignInError::AuthorizationUsed { .. }
        | QrSignInError::AuthorizationExpired { .. }
        | QrSignInError::Refused { .. }
        | QrSignInError::NoCode
        | QrSignInError::Call(_)
        | QrSignInError::Store(_)
        | QrSignInError::NotSaved(_) => {}
    }
}

fn approval_errors() -> Vec<QrApprovalError> {
    let server_message = ServerMessage::default;
    vec![
        ScanError::NotACode.into(),
        ScanError::OtherHost.into(),
        QrApprovalError::Expired { server_message: server_message() },
        QrApprovalError::AlreadyUsed { server_message: server_message() },
        QrApprovalError::Refused { server_message: server_message() },
        QrApprovalError::NotAvailable,
        QrApprovalError::Unauthorized,
        QrApprovalError::Uncertain(CallError::Transport(TransportError::TimedOut)),
        QrApprovalError::NotConfirmed,
        QrApprovalError::AlreadyDecided,
    ]
}

fn known_approval(error: &QrApprovalError) {
    match error {
        QrApprovalError::Scan(ScanError::NotACode | ScanError::OtherHost)
        | QrApprovalError::Expired { .. }
        | QrApprovalError::AlreadyUsed { .. }
        | QrApprovalError::Refused { .. }
        | QrApprovalError::NotAvailable
        | QrApprovalError::Unauthorized
        | QrApprovalError::Session(_)
        | QrApprovalError::Uncertain(_)
        | QrApprovalError::NotConfirmed
        | QrApprovalError::AlreadyDecided
        | QrApprovalError::Call(_) => {}
    }
}
