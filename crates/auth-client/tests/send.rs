//! Futures can be spawned on a runtime of several threads, and handles shared between them: this does not compile otherwise.

use auth_client::{
    AuthClient, AuthStateChanges, Credentials, Office, QrApprovalError, QrRequest, QrSignIn, QrSignInError,
    QrState, QrStates, RequestError, ScanSource, Session, SessionError, SignIn, SignInError, SignInStep,
    TokenGuard, TwoFactorMethod,
    secret::{AccessToken, OneTimeCode, Password},
};
use std::error::Error;

fn send<T: Send>(_: T) {}
fn shared<T: Send + Sync + 'static>() {}
fn error<E: Error + Send + Sync + 'static>() {}

#[allow(dead_code, reason = "it only has to compile")]
fn futures(client: &AuthClient, session: &Session, sign_in: &SignIn, rejected: &AccessToken) {
    send(client.session(Office::Front));
    send(client.resume_sign_in(Office::Front));
    send(client.accounts());
    send(client.refresh_due(Office::Front, std::time::Duration::ZERO, 1));
    send(client.deliver_pending_revocations(Office::Front));
    send(client.wait_for_refresh());
    send(client.sign_out(Office::Front));
    send(session.access_token());
    send(session.access_token_with_min_ttl(std::time::Duration::ZERO));
    send(session.replace_rejected_token(rejected));
    send(session.refresh());
    send(session.auto_refresh());
    send(session.wait_for_refresh());
    send(session.clone().sign_out());
    send(sign_in.save());
    send(sign_in.wait_until_idle());
    send(sign_in.clone().abandon());
}

#[allow(dead_code, reason = "it only has to compile")]
fn steps(step: SignInStep, mut states: AuthStateChanges) {
    send(states.next());
    match step {
        SignInStep::Start(step) => send(step.open()),
        SignInStep::Credentials(step) => send(step.submit(Credentials::new("", Password::new("")))),
        SignInStep::ChooseMethod(step) => send(step.choose(TwoFactorMethod::Sms)),
        SignInStep::Code(step) => send(step.submit(OneTimeCode::new(""))),
        SignInStep::MailedCode(step) => send(step.submit(OneTimeCode::new(""))),
        SignInStep::ResetCode(step) => send(step.submit(OneTimeCode::new(""))),
        SignInStep::NewPassword(step) => send(step.submit(Password::new(""))),
        SignInStep::SignedIn(_) | SignInStep::Unsupported(_) => {}
    }
}

#[allow(dead_code, reason = "it only has to compile")]
fn qr(session: &Session, request: &QrRequest, mut states: QrStates) {
    send(states.next());
    send(session.inspect_qr("", ScanSource::Camera));
    send(request.approve());
    send(request.decline());
}

#[test]
fn handles_are_shared_and_errors_are_errors() {
    shared::<AuthClient>();
    shared::<Session>();
    shared::<SignIn>();
    shared::<SignInStep>();
    shared::<TokenGuard>();
    shared::<QrSignIn>();
    shared::<QrState>();
    shared::<QrRequest>();
    error::<RequestError<SessionError>>();
    error::<RequestError<SignInError>>();
    error::<RequestError<QrSignInError>>();
    error::<RequestError<QrApprovalError>>();
    error::<auth_client::BuildError>();
    error::<auth_client::ResumeError>();
}

/// The source of an error is there to be looked for, down to the transport's.
#[test]
fn an_error_has_its_source() {
    let cause = SessionError::NotSaved(auth_client::ports::StoreError::WrongKey);
    let failed = RequestError::from(cause);
    let source = failed.source().expect("a source");
    let store = source.downcast_ref::<auth_client::ports::StoreError>();
    assert!(matches!(store, Some(auth_client::ports::StoreError::WrongKey)));
}
