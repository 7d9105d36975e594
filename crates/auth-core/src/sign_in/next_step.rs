//! What the front office's answers have in common: where they point.

use super::TwoFactorMethod;
use crate::{
    Endpoint, TokenPair,
    wire::{self, Json, Value},
};

/// Where an answer of the front office points.
pub(super) enum NextStep {
    /// A complete pair from an endpoint that issues tokens: the one way in.
    SignedIn(TokenPair),
    /// One token of two, or none where `workflow` says that it is over.
    Incomplete,
    /// `2fa`
    Methods,
    /// `2fa_google_auth` or `2fa_sms_auth`
    Code(TwoFactorMethod),
    /// `reset_password_email`
    ResetCode,
    /// `reset_password`
    NewPassword,
    /// `login`: the credentials are wanted, first or again.
    Credentials,
    /// `login` with `done`, or `terminate`, at an endpoint without tokens.
    Finished,
    /// No `workflow` at all.
    Silent,
    /// A workflow that no document knows.
    Unknown(String),
}

/// Reads the hints, tokens first.
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
