//! The session's record in the store and its copy in memory, under one session id: every write and every update names it, so
//! that a late one does not touch the next session.

use super::{
    account_state::AccountState,
    active_session::ActiveSession,
    auth_state::StateReason,
    ended_sessions,
    found_gone::find_gone,
    read_session::{ReadSession, read_session},
    session_ends,
};
use auth_core::{
    ports::{Record, RecordKey, RecordKind, SessionId, StoreError, StoreLock, WriteCondition},
    session::{SessionEndReason, SessionError, StoredSession},
};
use std::sync::Arc;

/// So often a record may change under a reader.
const MAX_READS: usize = 5;

pub(super) struct SessionRecord {
    pub(super) account: Arc<AccountState>,
    pub(super) key: RecordKey,
    pub(super) session_id: SessionId,
}

/// The session's record in the store.
pub(super) struct Found {
    pub(super) session: StoredSession,
    /// As it was read: a removal names it.
    pub(super) record: Record,
}

impl Found {
    /// True if it is this pair, or an older one that was brought back.
    pub(super) fn is_not_newer_than(&self, session: &StoredSession) -> bool {
        self.session.has_same_pair(session) || self.session.is_older_than(session)
    }
}

impl SessionRecord {
    /// Takes the store's lock of this record if nobody holds it.
    pub(super) async fn try_lock(&self) -> Result<Option<StoreLock>, StoreError> {
        self.account.scope.store.try_lock(&self.key).await
    }

    /// The record as it is now. If it is gone, or another session's, whoever watches is notified. The session of an earlier sign-in
    /// that was brought back is replaced by ours.
    pub(super) async fn read(&self) -> Result<Found, SessionError> {
        for _ in 0..MAX_READS {
            match read_session(&self.account).await? {
                None => {
                    find_gone(&self.account, self.session_id).await;
                    return Err(SessionError::NotSignedIn);
                }
                Some(found) if found.id() != self.session_id => {
                    // None says that yet another one has taken its place meanwhile.
                    if let Some(found) = self.on_another_session(found).await? {
                        return Ok(found);
                    }
                }
                Some(found) if ended_sessions::contains(self.session_id) => {
                    remove_again(&self.account, &found.record).await;
                    self.account.clear(Some(self.session_id), StateReason::SignedOutElsewhere);
                    return Err(SessionError::NotSignedIn);
                }
                Some(ReadSession { record, session }) => return Ok(Found { session: session?, record }),
            }
        }
        Err(StoreError::unavailable("the session's record changes all the time").into())
    }

    async fn on_another_session(&self, there: ReadSession) -> Result<Option<Found>, SessionError> {
        let (there_id, next) = (there.id(), there.session.ok());
        let is_over = ended_sessions::contains(there_id);
        if let Some(active) = self.active()
            && (is_over || next.as_ref().is_some_and(|next| next.is_earlier_sign_in_than(&active.session)))
        {
            let written = put_back(&self.account, &active, there_id).await?;
            return Ok(written.map(|record| Found { session: active.session.clone(), record }));
        }
        if let Some(next) = next.filter(|_| !is_over) {
            let next = ActiveSession::new(Some(there_id), next);
            self.account.update_if_current(self.session_id, next, Some(StateReason::ChangedElsewhere));
        }
        Err(StoreError::SessionReplaced.into())
    }

    /// What is in use, if it is this session.
    pub(super) fn active(&self) -> Option<Arc<ActiveSession>> {
        self.account.active().filter(|active| active.session_id == Some(self.session_id))
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
        let Some(active) = self.active() else { return };
        if active.session.refresh_history == session.refresh_history {
            return;
        }
        let rejected = session.refresh_history.rejected && !active.session.refresh_history.rejected;
        self.publish(session.clone(), rejected.then_some(StateReason::Refused));
    }

    /// Removes the session that is over, here and in the store: the record that was read, and no other. False if another pair or
    /// another session is there by now. Where a later session is in use here, so that this record was brought back, that one takes
    /// its place.
    pub(super) async fn end(&self, ended: &StoredSession, read: &Record, reason: SessionEndReason) -> bool {
        let later = self.account.active().filter(|active| is_later(active, self.session_id));
        let nobody_is_signed_in = later.is_none();
        let removed = match later {
            Some(later) => put_back(&self.account, &later, self.session_id).await.map(|_| ()),
            None => self.account.scope.store.remove_unchanged(&self.key, Some(read)).await,
        };
        match removed {
            Err(StoreError::SessionReplaced) => return false,
            Err(error) => tracing::warn!(error = error.kind(), "an ended session could not be removed"),
            Ok(()) => {}
        }
        let why = StateReason::from(reason);
        ended_sessions::remember(self.session_id, why);
        if nobody_is_signed_in {
            session_ends::note(&self.account.scope, self.session_id, ended, reason).await;
        }
        self.account.clear(Some(self.session_id), why);
        true
    }
}

/// True if another session than this one is in use.
pub(super) fn is_later(active: &ActiveSession, session_id: SessionId) -> bool {
    active.session_id.is_some_and(|id| id != session_id && !ended_sessions::contains(id))
}

/// Writes what is in use again, in the place of a session that was brought back. `None` if yet another one has taken its place.
pub(super) async fn put_back(
    account: &AccountState,
    active: &ActiveSession,
    replaced: SessionId,
) -> Result<Option<Record>, StoreError> {
    let Some(session_id) = active.session_id else { return Ok(None) };
    tracing::warn!("the store has brought back an earlier session; the one in use is written again");
    let record = Record { session_id, body: active.session.encode() };
    let key = account.scope.record_key(RecordKind::Session);
    match account.scope.store.save(&key, &record, WriteCondition::Replacing(replaced)).await {
        Ok(()) => Ok(Some(record)),
        Err(StoreError::SessionReplaced) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Removes a session that has ended in this process, and that the store has brought back.
pub(super) async fn remove_again(account: &AccountState, record: &Record) {
    tracing::warn!("the store has brought back a session that has ended; it is removed again");
    let key = account.scope.record_key(RecordKind::Session);
    if let Err(error) = account.scope.store.remove_unchanged(&key, Some(record)).await {
        tracing::warn!(error = error.kind(), "an ended session could not be removed again");
    }
}
