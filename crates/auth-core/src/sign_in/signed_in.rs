//! The last step: the tokens were issued.

use super::in_flight::handler::HostAnswer;
use crate::{
    ClockReading, Cookies, Office, TokenPair,
    session::{RefreshHistory, Sequence, StoredSession},
    wire,
};
use std::sync::Arc;

/// The host has issued a complete pair. Only [`InFlight::resume`](super::InFlight::resume) can construct it.
#[derive(Clone, Debug)]
pub struct SignedIn {
    session: Arc<StoredSession>,
}

impl SignedIn {
    pub(super) fn new(office: Office, account: String, tokens: TokenPair, answer: &HostAnswer) -> Self {
        let client_id = wire::client_id(&answer.json);
        let HostAnswer { now, host_now, .. } = answer;
        Self {
            session: Arc::new(StoredSession {
                office,
                account,
                client_id,
                tokens,
                received: ClockReading::wall_clock_only(*now),
                host_now: *host_now,
                refresh_history: RefreshHistory::default(),
                sequence: Sequence::default(),
                cookies: Cookies::default(),
                signing_out: false,
            }),
        }
    }

    /// The session to save.
    pub fn session(&self) -> &StoredSession {
        &self.session
    }
}
