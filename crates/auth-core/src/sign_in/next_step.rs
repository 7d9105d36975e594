//! What the front office's answers have in common: where they point.

use super::TwoFactorMethod;
use crate::{
    Endpoint, Timestamp, TokenPair,
    secret::WizardId,
    wire::{self, Json, Value},
};
use std::time::Duration;

/// How long a step is kept for the user to come back to, after the host last moved it. How long the host keeps a
/// wizard is not documented; it says so itself when it has forgotten one.
pub(super) const STEP_LIFETIME: Duration = Duration::from_secs(30 * 60);

/// The end of a step's life that begins now.
pub(super) fn step_expiry(now: Timestamp) -> Timestamp {
    now.checked_add(STEP_LIFETIME).unwrap_or(Timestamp::MAX)
}

/// A wizard on its way: its id, and until when its step is kept here.
#[derive(Clone, Debug)]
pub(super) struct Wizard {
    pub(super) id: WizardId,
    pub(super) expires_at: Timestamp,
    /// An answer was lost: the host may have moved it on.
    pub(super) uncertain: bool,
}

impl Wizard {
    pub(super) fn new(id: WizardId, expires_at: Timestamp) -> Self {
        Self { id, expires_at, uncertain: false }
    }

    /// The wizard after an answer that moved it: the answer's id counts, if it has one.
    pub(super) fn moved(&self, answer: &Json<'_>, now: Timestamp) -> Self {
        Self::new(wire::wizard_id(answer).unwrap_or_else(|| self.id.clone()), step_expiry(now))
    }

    /// The wizard after an answer or a refusal that left it where it was.
    pub(super) fn kept(&self, id: Option<WizardId>) -> Self {
        Self::new(id.unwrap_or_else(|| self.id.clone()), self.expires_at)
    }
}

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
    match workflow.as_str() {
        "2fa" => NextStep::Methods,
        "2fa_google_auth" => NextStep::Code(TwoFactorMethod::Google),
        "2fa_sms_auth" => NextStep::Code(TwoFactorMethod::Sms),
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
