//! Why nobody is signed in, for whoever asks later, in this process or another: kept until the next sign-in or sign-out.

use crate::host::AccountScope;
use auth_core::{
    ports::{Record, RecordKind, SessionId, StoreError, WriteCondition},
    session::{SessionEnd, SessionEndReason, StoredSession},
};

/// Keeps it. That it cannot be kept is only logged: the session is over all the same.
pub(super) async fn note(
    scope: &AccountScope,
    session_id: SessionId,
    ended: &StoredSession,
    reason: SessionEndReason,
) {
    let end = SessionEnd { reason, account: ended.account.clone(), at: scope.clock.now() };
    let record = Record { session_id, body: end.encode() };
    let key = scope.record_key(RecordKind::End);
    if let Err(error) = scope.store.save(&key, &record, WriteCondition::Unconditional).await {
        tracing::warn!(error = error.kind(), "why a session has ended could not be kept");
    }
}

/// How the last session ended, if it was not signed out. `None` also if what is kept does not read.
pub(crate) async fn read(scope: &AccountScope) -> Result<Option<SessionEnd>, StoreError> {
    match scope.store.load(&scope.record_key(RecordKind::End)).await {
        Ok(record) => Ok(record.and_then(|record| SessionEnd::decode(record.body.expose()).ok())),
        Err(StoreError::Corrupt { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Somebody has signed in or out: it is news no more.
pub(super) async fn forget(scope: &AccountScope) {
    if let Err(error) = scope.store.remove(&scope.record_key(RecordKind::End)).await {
        tracing::warn!(error = error.kind(), "how an earlier session ended is still kept");
    }
}
