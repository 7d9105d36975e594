//! The end of the way.

use super::in_flight::decide::Answered;
use crate::{
    Moment, Office, TokenPair,
    session::{Standing, StoredSession},
    wire,
};
use std::sync::Arc;

/// The host has issued a complete pair. Only an answer can make one of these.
#[derive(Clone, Debug)]
pub struct SignedIn {
    session: Arc<StoredSession>,
}

impl SignedIn {
    pub(super) fn new(office: Office, account: String, tokens: TokenPair, answered: &Answered) -> Self {
        let client_id = wire::client_id(&answered.json);
        let Answered { now, host_now, .. } = answered;
        Self {
            session: Arc::new(StoredSession {
                office,
                account,
                client_id,
                tokens,
                received: Moment::by_wall(*now),
                host_now: *host_now,
                standing: Standing::default(),
            }),
        }
    }

    /// What has to be kept.
    pub fn session(&self) -> &StoredSession {
        &self.session
    }
}
