//! What becomes of the session that a sign-in has brought, however it was made: it is kept, or revoked if nobody wants it.

use super::{
    account_state::AccountState, active_session::ActiveSession, auth_state::StateReason, ended_sessions,
    last_pair::last_pair, revocations, session_ends, sign_out::REFRESH_WAIT,
};
use crate::{host::new_session_id, pending_step};
use auth_core::{
    ports::{Record, RecordKey, RecordKind, SessionId, StoreError, WriteCondition},
    session::StoredSession,
};
use std::sync::Arc;

/// A store that will not take the session is found out before an attempt or an approval is spent. A damaged record is no
/// obstacle: it is quarantined.
pub(crate) async fn check_store(account: &AccountState) -> Result<(), StoreError> {
    let scope = &account.scope;
    let checked = match scope.store.load(&scope.record_key(RecordKind::Session)).await {
        Ok(Some(found)) => StoredSession::check_format(found.body.expose()).map_err(StoreError::from),
        other => other.map(drop),
    };
    match checked {
        Err(StoreError::Corrupt { .. }) => Ok(()),
        checked => checked,
    }
}

/// Saves a new session, in the place of the one before, and puts it to use; no sign-in is pending any more. It was received now.
/// The one before is revoked, as by a sign-out. If nobody wants the new one any more just before it is saved, it is revoked
/// instead, and nothing is returned.
pub(crate) async fn keep_new_session(
    account: &Arc<AccountState>,
    session: StoredSession,
    is_wanted: impl Fn() -> bool,
) -> Result<Option<Arc<ActiveSession>>, StoreError> {
    let scope = &account.scope;
    let key = scope.record_key(RecordKind::Session);
    let session_id = new_session_id()?;
    // Whoever refreshes the last session meanwhile finds this one's id and leaves it alone: a holder that does not let go
    // cannot keep anybody from signing in.
    let lock = tokio::time::timeout(REFRESH_WAIT, scope.store.lock(&key)).await;
    let lock = lock.ok().and_then(Result::ok);
    if !is_wanted() {
        drop(lock);
        tracing::info!("a sign-in was given up; its tokens are revoked");
        revoke_new_session(account, session).await;
        return Ok(None);
    }
    let mut session = StoredSession { received: scope.clock.reading(), ..session };
    let before = scope.store.load(&key).await;
    let replaced = replaced_session(account, &before, lock.is_none());
    if let Some((_, earlier)) = &replaced {
        session = session.dated_by(earlier);
    }
    let record = Record { session_id, body: session.encode() };
    // A host that gives out the same token again would end the new session with the old one.
    let replaced = replaced.filter(|(_, earlier)| !earlier.shares_a_token_with(&session));
    let is_queued = save_in_place_of(account, (key.clone(), record.clone()), replaced.as_ref()).await?;
    // It may have been given up while it was saved.
    if !is_wanted() {
        let before = before.ok().flatten().filter(|before| !ended_sessions::contains(before.session_id));
        let undone = match &before {
            // The session in use goes on.
            Some(before) => scope.store.save(&key, before, WriteCondition::Replacing(session_id)).await,
            None => scope.store.remove_unchanged(&key, Some(&record)).await,
        };
        match undone {
            Ok(()) => {
                if let (Some(_), Some((_, earlier)), true) = (before, &replaced, is_queued) {
                    revocations::unqueue(account, earlier).await;
                }
            }
            Err(error) => {
                tracing::warn!(error = error.kind(), "a session that was given up could not be removed");
            }
        }
        drop(lock);
        revoke_new_session(account, session).await;
        return Ok(None);
    }
    let active = ActiveSession::new(Some(session_id), session);
    account.publish(active.clone(), StateReason::SignedIn);
    session_ends::forget(scope).await;
    // Whichever sign-in was pending here, the account is signed in now.
    if let Err(error) = pending_step::remove(scope).await {
        tracing::warn!(error = error.kind(), "a finished sign-in is still listed as pending");
    }
    drop(lock);
    match replaced {
        Some(_) if is_queued => revocations::start_delivery(account),
        Some((session_id, earlier)) => revocations::revoke_in_background(account, session_id, earlier),
        None => {}
    }
    Ok(Some(active))
}

/// The newest pair of the session that the store has; or, where its record does not read or was lost, of the one in use.
fn replaced_session(
    account: &AccountState,
    before: &Result<Option<Record>, StoreError>,
    refresh_is_under_way: bool,
) -> Option<(SessionId, StoredSession)> {
    let stored = before
        .as_ref()
        .ok()
        .and_then(Option::as_ref)
        .and_then(|record| Some((record.session_id, StoredSession::decode(record.body.expose()).ok()?)));
    if let Some((session_id, stored)) = stored {
        return Some((session_id, last_pair(account, session_id, stored, refresh_is_under_way)));
    }
    let (session_id, active) = account.in_use()?;
    // No record at all is a sign-out elsewhere, which knows every pair but one that was never saved.
    let is_known = active.unsaved || !matches!(before, Ok(None));
    is_known.then(|| (session_id, active.session.clone()))
}

/// Saves the record, and with it what is needed to revoke the session that it replaces. True if that could be kept.
async fn save_in_place_of(
    account: &AccountState,
    (key, record): (RecordKey, Record),
    replaced: Option<&(SessionId, StoredSession)>,
) -> Result<bool, StoreError> {
    if let Some((session_id, earlier)) = replaced {
        let write = (key.clone(), record.clone(), WriteCondition::Unconditional);
        if revocations::queue_with(account, write, *session_id, earlier.clone()).await.is_ok() {
            return Ok(true);
        }
    }
    account.scope.store.save(&key, &record, WriteCondition::Unconditional).await?;
    Ok(false)
}

/// Revokes a session that nobody wants any more, now or when the host can be reached.
async fn revoke_new_session(account: &AccountState, session: StoredSession) {
    let session = StoredSession { received: account.scope.clock.reading(), ..session };
    let Ok(session_id) = new_session_id() else { return };
    if revocations::queue(account, session_id, session.clone()).await {
        revocations::deliver_unasked(account).await;
    } else {
        let _now_or_never = revocations::revoke_once(account, &session).await;
    }
}
