//! Reading the session's record in the store, in whatever state a disk or a program that died has left it.
//!
//! - A record that is damaged is written again, if the session is in use here: a damaged file signs nobody out.
//! - A sign-out that was cut short is brought to its end.

use super::{
    account_state::AccountState, auth_state::StateReason, ended_sessions, found_gone::find_gone, revocations,
};
use auth_core::{
    ports::{Record, RecordKind, SessionId, StoreError, WriteCondition},
    session::StoredSession,
};
use std::sync::Arc;

/// A record as it was read.
pub(super) struct ReadSession {
    /// A removal names it.
    pub(super) record: Record,
    /// Its content; an error if it does not read, or was written by a newer version.
    pub(super) session: Result<StoredSession, StoreError>,
}

impl ReadSession {
    pub(super) fn id(&self) -> SessionId {
        self.record.session_id
    }
}

/// So often a sign-out may take its mark back, or another session take its place, while it is read.
const MAX_READS: usize = 5;

/// The session's record as it is now.
pub(super) async fn read_session(account: &Arc<AccountState>) -> Result<Option<ReadSession>, StoreError> {
    let key = account.scope.record_key(RecordKind::Session);
    for _ in 0..MAX_READS {
        let damaged = match account.scope.store.load(&key).await {
            Ok(None) => return Ok(None),
            Ok(Some(record)) => match StoredSession::decode(record.body.expose()).map_err(StoreError::from) {
                Ok(session) if session.signing_out => {
                    // Whoever signs out holds the lock, and is still at it; or this process holds it, to refresh.
                    let Ok(Some(_lock)) = account.scope.store.try_lock(&key).await else {
                        return Ok(Some(ReadSession { record, session: Ok(session) }));
                    };
                    match finish_sign_out(account, &record, session).await {
                        Err(StoreError::SessionReplaced) => continue,
                        finished => return finished.map(|()| None),
                    }
                }
                Err(error @ StoreError::Corrupt { .. }) => (error, Some(record.session_id)),
                session => return Ok(Some(ReadSession { record, session })),
            },
            Err(error @ StoreError::Corrupt { .. }) => (error, None),
            Err(error) => return Err(error),
        };
        let (error, there) = damaged;
        let Some((record, condition)) = what_is_in_use(account, there) else { return Err(error) };
        // What was set aside may be another one's place by now.
        if there.is_none() && !matches!(account.scope.store.load(&key).await, Ok(None)) {
            continue;
        }
        tracing::warn!("the session's record is damaged; it is written again from memory");
        match account.scope.store.save(&key, &record, condition).await {
            Ok(()) | Err(StoreError::SessionReplaced) => {}
            Err(failed) => {
                tracing::warn!(error = failed.kind(), "it could not be written");
                return Err(error);
            }
        }
    }
    Err(StoreError::unavailable("the session's record changes all the time"))
}

/// The session in use, to be written in the place of a damaged record: of its own, or of one that was set aside.
fn what_is_in_use(account: &AccountState, there: Option<SessionId>) -> Option<(Record, WriteCondition)> {
    let (session_id, active) = account.in_use()?;
    let condition = match there {
        None => WriteCondition::Unconditional,
        Some(there) if there == session_id => WriteCondition::SameSession,
        Some(_) => return None,
    };
    Some((Record { session_id, body: active.session.encode() }, condition))
}

/// Somebody has begun to sign out, and may be gone by now.
async fn finish_sign_out(
    account: &Arc<AccountState>,
    record: &Record,
    session: StoredSession,
) -> Result<(), StoreError> {
    let session_id = record.session_id;
    let key = account.scope.record_key(RecordKind::Session);
    account.scope.store.remove_unchanged(&key, Some(record)).await?;
    tracing::info!("a sign-out that was cut short is brought to its end");
    find_gone(account, session_id).await;
    ended_sessions::remember(session_id, StateReason::SignedOutElsewhere);
    let session = StoredSession { signing_out: false, ..session };
    revocations::revoke_in_background(account, session_id, session);
    Ok(())
}
