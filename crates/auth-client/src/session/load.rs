//! Reading who is signed in.

use super::{
    Session,
    account::{Account, EndReason},
    live::ActiveSession,
    state::StateReason,
};
use crate::context::Context;
use auth_core::{
    Office,
    ports::{RecordKind, StoreError},
    session::StoredSession,
};
use std::sync::{Arc, atomic::Ordering};

/// The session that the store has. Of many who ask at once, one reads for all who asked before it began.
pub(crate) async fn load(context: &Arc<Context>, office: Office) -> Result<Option<Session>, StoreError> {
    let account = context.account(office);
    let asked = account.pending_reads.begun.load(Ordering::Acquire);
    let mut last = account.pending_reads.last.lock().await;
    let shared = last.as_ref().filter(|_| account.pending_reads.begun.load(Ordering::Acquire) > asked);
    let shared = shared.and_then(|read| match read {
        Ok(Some(active)) => active.upgrade().map(|active| Ok(Some(active))),
        Ok(None) => Some(Ok(None)),
        Err(error) => Some(Err(error.clone())),
    });
    let read = match shared {
        Some(read) => read,
        None => {
            account.pending_reads.begun.fetch_add(1, Ordering::AcqRel);
            let read = look(context, account).await;
            *last = Some(read.clone().map(|active| active.as_ref().map(Arc::downgrade)));
            read
        }
    };
    Ok(read?.map(|own| Session { context: context.clone(), own }))
}

async fn look(context: &Context, account: &Account) -> Result<Option<Arc<ActiveSession>>, StoreError> {
    let before = account.publications();
    let found = context.store.load(&context.key(account.office, RecordKind::Session)).await?;
    let found = match found {
        Some(record) => Some((record.session_id, StoredSession::decode(record.body.expose())?)),
        None => None,
    };
    let current = account.active();
    // Overtaken by something that happened here: that is newer than what was read.
    if account.publications() != before {
        return Ok(current);
    }
    let Some((session_id, stored)) = found else {
        if let Some(gone) = current {
            account.clear(gone.session_id, EndReason::SignedOut, StateReason::SignedOutElsewhere);
        }
        return Ok(None);
    };
    if let Some(current) = current {
        let same = current.session_id == Some(session_id);
        let same_pair = current.session.has_same_pair(&stored);
        // An unsaved pair is newer than what the store has of it.
        if same
            && (current.unsaved || (same_pair && current.session.refresh_history == stored.refresh_history))
        {
            return Ok(Some(current));
        }
        let reason = (!(same && same_pair)).then_some(StateReason::ChangedElsewhere);
        return Ok(publish(account, before, ActiveSession::new(Some(session_id), stored), reason));
    }
    Ok(publish(account, before, ActiveSession::new(Some(session_id), stored), Some(StateReason::Stored)))
}

fn publish(
    account: &Account,
    before: u64,
    found: Arc<ActiveSession>,
    reason: Option<StateReason>,
) -> Option<Arc<ActiveSession>> {
    if account.publish_if_newest(before, found.clone(), reason) { Some(found) } else { account.active() }
}
