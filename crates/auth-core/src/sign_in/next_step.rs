//! Where an answer of the front office becomes the next step: [`next_step`]. The steps' `on_answer` act on it.
//!
//! The back office's answers are told apart in `credentials.rs` (`answered_back`) and `mailed_code.rs`.

use super::TwoFactorMethod;
use crate::{
    Endpoint, TokenPair,
    wire::{self, Json, Value},
};

/// The step that an answer of the front office leads to.
pub(super) enum NextStep {
    /// A complete pair from an endpoint that issues tokens. Nothing else signs in.
    SignedIn(TokenPair),
    /// One token of two, or none although `workflow` says that the sign-in is complete.
    Incomplete,
    /// `2fa`: a method has to be chosen.
    Methods,
    /// `2fa_google_auth` or `2fa_sms_auth`: a code of this method is wanted.
    Code(TwoFactorMethod),
    /// `reset_password_email`: the e-mailed code of a forced reset is wanted.
    ResetCode,
    /// `reset_password`: a new password is wanted.
    NewPassword,
    /// `login`: the credentials are wanted, first or again.
    Credentials,
    /// `login` with `done`, or `terminate`, at an endpoint without tokens.
    Finished,
    /// No `workflow` at all.
    Silent,
    /// A workflow that is not documented.
    Unknown(String),
}

/// The next step, by the tokens first, then by `workflow` and `done`. `workflow` is compared in lower case.
pub(super) fn next_step(endpoint: Endpoint, answer: &Json<'_>) -> NextStep {
    if endpoint.issues_tokens() {
        if let Some(pair) = wire::pair(answer) {
            return NextStep::SignedIn(pair);
        }
        if wire::partial_pair(answer) {
            return NextStep::Incomplete;
        }
    }
    let Some(workflow) = wire::workflow(answer) else { return NextStep::Silent };
    let done = answer.value().get("done").and_then(Value::as_bool).unwrap_or(false);
    if let Some(method) = TwoFactorMethod::of_workflow(&workflow) {
        return NextStep::Code(method);
    }
    match workflow.as_str() {
        "2fa" => NextStep::Methods,
        "reset_password_email" => NextStep::ResetCode,
        "reset_password" => NextStep::NewPassword,
        "login" if done && endpoint.issues_tokens() => NextStep::Incomplete,
        "login" if done => NextStep::Finished,
        "login" => NextStep::Credentials,
        "terminate" if endpoint.issues_tokens() => NextStep::Incomplete,
        "terminate" => NextStep::Finished,
        _ => NextStep::Unknown(workflow),
    }
}
