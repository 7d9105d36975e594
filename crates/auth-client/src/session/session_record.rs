//! The session's record in the store and its copy in memory, under one session id: every write and every update names it, so
//! that a late one does not touch the next session.

use super::{
    account_state::{AccountState, EndReason},
    active_session::ActiveSession,
    auth_state::StateReason,
};
use auth_core::{
    ports::{Record, RecordKey, SessionId, StoreError, StoreLock, WriteCondition},
    session::{SessionError, StoredSession},
};
use std::sync::Arc;

pub(super) struct SessionRecord {
    pub(super) account: Arc<AccountState>,
    pub(super) key: RecordKey,
    pub(super) session_id: SessionId,
}

impl SessionRecord {
    /// Takes the store's lock of this record if nobody holds it.
    pub(super) async fn try_lock(&self) -> Result<Option<StoreLock>, StoreError> {
        self.account.scope.store.try_lock(&self.key).await
    }

    /// The record as it is now. If it is gone, or another session's, whoever watches is notified.
    pub(super) async fn read(&self) -> Result<StoredSession, SessionError> {
        match self.account.scope.store.load(&self.key).await? {
            None => {
                let id = Some(self.session_id);
                self.account.clear(id, EndReason::SignedOut, StateReason::SignedOutElsewhere);
                Err(SessionError::NotSignedIn)
            }
            Some(record) if record.session_id != self.session_id => {
                if let Ok(next) = StoredSession::decode(record.body.expose()) {
                    let next = ActiveSession::new(Some(record.session_id), next);
                    let reason = Some(StateReason::ChangedElsewhere);
                    self.account.update_if_current(self.session_id, next, reason);
                }
                Err(StoreError::SessionReplaced.into())
            }
            Some(record) => Ok(StoredSession::decode(record.body.expose()).map_err(StoreError::from)?),
        }
    }

    pub(super) async fn save(&self, session: &StoredSession) -> Result<(), StoreError> {
        let (key, record, condition) = self.write_of(session);
        self.account.scope.store.save(&key, &record, condition).await
    }

    /// The write that [`save`](Self::save) makes, to be made together with another one.
    pub(super) fn write_of(&self, session: &StoredSession) -> (RecordKey, Record, WriteCondition) {
        let record = Record { session_id: self.session_id, body: session.encode() };
        (self.key.clone(), record, WriteCondition::SameSession)
    }

    /// From now on this is in use.
    pub(super) fn publish(&self, session: StoredSession, reason: Option<StateReason>) {
        let session = ActiveSession::new(Some(self.session_id), session);
        self.account.update_if_current(self.session_id, session, reason);
    }

    /// From now on this is in use, though the store has an older pair.
    pub(super) fn publish_unsaved(&self, session: StoredSession, reason: StateReason) {
        let session = ActiveSession::unsaved(self.session_id, session);
        self.account.update_if_current(self.session_id, session, Some(reason));
    }

    /// The same pair, with what is known now of its refreshes.
    pub(super) fn update_in_memory(&self, session: &StoredSession) {
        let active = self.account.active().filter(|active| active.session_id == Some(self.session_id));
        let Some(active) = active else { return };
        if active.session.refresh_history == session.refresh_history {
            return;
        }
        let rejected = session.refresh_history.rejected && !active.session.refresh_history.rejected;
        self.publish(session.clone(), rejected.then_some(StateReason::Refused));
    }

    /// Removes the session that is over, here and in the store.
    pub(super) async fn end(&self, reason: StateReason) {
        if let Err(error) = self.account.scope.store.remove(&self.key).await {
            tracing::warn!(error = error.kind(), "an ended session could not be removed");
        }
        self.account.clear(Some(self.session_id), EndReason::Ended, reason);
    }
}
