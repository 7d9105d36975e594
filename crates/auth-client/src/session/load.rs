//! Reading who is signed in.

use super::{
    Session,
    account::{Account, Over},
    live::Live,
    state::StateReason,
};
use crate::context::Context;
use auth_core::{
    Office,
    ports::{Slot, StoreError},
    session::StoredSession,
};
use std::sync::{Arc, atomic::Ordering};

/// The session that the store has. Of many who ask at once, one reads for all who asked before it began.
pub(crate) async fn load(context: &Arc<Context>, office: Office) -> Result<Option<Session>, StoreError> {
    let account = context.account(office);
    let asked = account.looks.begun.load(Ordering::Acquire);
    let mut last = account.looks.last.lock().await;
    let shared = last.as_ref().filter(|_| account.looks.begun.load(Ordering::Acquire) > asked);
    let shared = shared.and_then(|read| match read {
        Ok(Some(live)) => live.upgrade().map(|live| Ok(Some(live))),
        Ok(None) => Some(Ok(None)),
        Err(error) => Some(Err(error.clone())),
    });
    let read = match shared {
        Some(read) => read,
        None => {
            account.looks.begun.fetch_add(1, Ordering::AcqRel);
            let read = look(context, account).await;
            *last = Some(read.clone().map(|live| live.as_ref().map(Arc::downgrade)));
            read
        }
    };
    Ok(read?.map(|own| Session { context: context.clone(), own }))
}

async fn look(context: &Context, account: &Account) -> Result<Option<Arc<Live>>, StoreError> {
    let before = account.publications();
    let found = context.store.load(&context.key(account.office, Slot::Session)).await?;
    let found = match found {
        Some(record) => Some((record.epoch, StoredSession::decode(record.body.expose())?)),
        None => None,
    };
    let current = account.live();
    // Overtaken by something that happened here: that is newer than what was read.
    if account.publications() != before {
        return Ok(current);
    }
    let Some((epoch, stored)) = found else {
        if let Some(gone) = current {
            account.clear(gone.epoch, Over::SignedOut, StateReason::SignedOutElsewhere);
        }
        return Ok(None);
    };
    if let Some(current) = current {
        let same = current.epoch == Some(epoch);
        let same_pair = current.session.has_same_pair(&stored);
        // An unsaved pair is newer than what the store has of it.
        if same && (current.unsaved || (same_pair && current.session.standing == stored.standing)) {
            return Ok(Some(current));
        }
        let reason = (!(same && same_pair)).then_some(StateReason::ChangedElsewhere);
        return Ok(publish(account, before, Live::new(Some(epoch), stored), reason));
    }
    Ok(publish(account, before, Live::new(Some(epoch), stored), Some(StateReason::Stored)))
}

fn publish(
    account: &Account,
    before: u64,
    found: Arc<Live>,
    reason: Option<StateReason>,
) -> Option<Arc<Live>> {
    if account.publish_found(before, found.clone(), reason) { Some(found) } else { account.live() }
}
