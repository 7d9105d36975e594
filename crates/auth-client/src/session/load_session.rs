//! Reading from the store who is signed in. Of many who ask at once, one reads for all who asked before it began.

use super::{
    account_state::AccountState,
    active_session::ActiveSession,
    auth_state::{Health, StateReason},
    ended_sessions,
    found_gone::find_gone,
    read_session::read_session,
    revocations,
    session_record::{is_later, put_back, remove_again},
    shared_read::Role,
};
use auth_core::ports::{Record, StoreError};
use std::sync::Arc;

/// The session that the store has.
pub(crate) async fn load_session(
    account: &Arc<AccountState>,
) -> Result<Option<Arc<ActiveSession>>, StoreError> {
    loop {
        match account.reads.join().await {
            Role::Leader(reader) => {
                let read = read_store(account).await;
                match &read {
                    Ok(_) => account.store_answered(),
                    Err(_) => account.set_health(Health::StoreUnavailable),
                }
                reader.finish(read.clone().map(|active| active.as_ref().map(Arc::downgrade)));
                return read;
            }
            Role::Follower(read) => match read?.map(|active| active.upgrade()) {
                None => return Ok(None),
                Some(Some(active)) => return Ok(Some(active)),
                // Nobody uses it any more: what the store has now is another question.
                Some(None) => {}
            },
        }
    }
}

async fn read_store(account: &Arc<AccountState>) -> Result<Option<Arc<ActiveSession>>, StoreError> {
    let before = account.publications();
    let found = match read_session(account).await? {
        Some(found) if ended_sessions::contains(found.id()) => return on_ended(account, &found.record).await,
        Some(found) => Some((found.id(), found.session?)),
        None => None,
    };
    let current = account.active();
    // Something was published here meanwhile: that is newer than what was read.
    if account.publications() != before {
        return Ok(current);
    }
    let Some((session_id, stored)) = found else {
        if let Some(session_id) = current.and_then(|gone| gone.session_id) {
            find_gone(account, session_id).await;
        }
        return Ok(None);
    };
    let Some(current) = current else {
        let found = ActiveSession::new(Some(session_id), stored);
        return Ok(publish(account, before, found, Some(StateReason::Stored)));
    };
    let same_session = current.session_id == Some(session_id);
    let same_pair = current.session.has_same_pair(&stored);
    let same_record = same_pair && current.session.refresh_history == stored.refresh_history;
    // An unsaved pair is newer than what the store has of it, unless another process has refreshed since.
    if same_session && (same_record || (current.unsaved && !current.session.is_older_than(&stored))) {
        return Ok(Some(current));
    }
    let is_older = if same_session {
        stored.is_older_than(&current.session)
    } else {
        stored.is_earlier_sign_in_than(&current.session)
    };
    if let Some(ours) = current.session_id.filter(|_| is_older) {
        // It was brought back. The newer one is written again by the next refresh, which the mark makes due.
        tracing::warn!("the store has brought back an older record of a session");
        let unsaved = ActiveSession::unsaved(ours, current.session.clone());
        return Ok(publish(account, before, unsaved, None));
    }
    let reason = (!(same_session && same_pair)).then_some(StateReason::ChangedElsewhere);
    Ok(publish(account, before, ActiveSession::new(Some(session_id), stored), reason))
}

/// What to do with a session that has ended in this process, and that the store has brought back: the one in use takes its place,
/// or none does.
async fn on_ended(account: &AccountState, record: &Record) -> Result<Option<Arc<ActiveSession>>, StoreError> {
    match account.active().filter(|active| is_later(active, record.session_id)) {
        Some(active) => put_back(account, &active, record.session_id).await.map(|_| Some(active)),
        None => {
            remove_again(account, record).await;
            if let Some(unsaved) = account.drop_if_ended(record.session_id) {
                revocations::queue(account, record.session_id, unsaved.session.clone()).await;
            }
            Ok(None)
        }
    }
}

fn publish(
    account: &AccountState,
    before: u64,
    found: Arc<ActiveSession>,
    reason: Option<StateReason>,
) -> Option<Arc<ActiveSession>> {
    if account.publish_if_newest(before, found.clone(), reason) { Some(found) } else { account.active() }
}
