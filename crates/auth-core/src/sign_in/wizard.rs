//! The front office's wizard: its id, until when a step of it is kept, and what it says of the sign-in page.

use crate::{
    Timestamp,
    secret::WizardId,
    server_message::Earlier,
    wire::{self, Json},
};
use std::time::Duration;

/// How long a step is kept for the user to come back to, after the host last moved it. How long the host keeps a
/// wizard is not documented; a refusal says so when the host has forgotten one.
const STEP_LIFETIME: Duration = Duration::from_secs(30 * 60);

/// When a step that is entered now expires, by the caller's wall clock.
pub(super) fn step_expiry(now: Timestamp) -> Timestamp {
    now.checked_add(STEP_LIFETIME).unwrap_or(Timestamp::MAX)
}

/// A wizard that is open at the host.
#[derive(Clone, Debug)]
pub(super) struct Wizard {
    pub(super) id: WizardId,
    /// Until when its step is kept here, by the caller's wall clock.
    pub(super) expires_at: Timestamp,
    /// The answer to the last request was lost: the host may have moved the wizard on.
    pub(super) uncertain: bool,
    /// The host opens wizards by `POST`.
    pub(super) by_post: bool,
    /// What was sent before and is cut out of the host's texts.
    pub(super) earlier: Earlier,
}

impl Wizard {
    pub(super) fn new(id: WizardId, expires_at: Timestamp) -> Self {
        Self { id, expires_at, uncertain: false, by_post: false, earlier: Earlier::default() }
    }

    /// The wizard after an answer that moved it to another step: the answer's id counts, if it has one.
    pub(super) fn moved(&self, answer: &Json, now: Timestamp) -> Self {
        Self::new(wire::wizard_id(answer).unwrap_or_else(|| self.id.clone()), step_expiry(now))
    }

    /// The wizard after an answer or a refusal that left it at its step. `id` is the id in that answer, if it has one.
    pub(super) fn kept(&self, id: Option<WizardId>) -> Self {
        Self::new(id.unwrap_or_else(|| self.id.clone()), self.expires_at)
    }
}
