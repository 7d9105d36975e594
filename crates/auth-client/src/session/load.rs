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
        let same_pair = current.token().expose() == stored.tokens.access.token.expose();
        // An unsaved pair is newer than what the store has of it.
        if same && (current.unsaved || (same_pair && current.session.standing == stored.standing)) {
            return Ok(Some(current));
        }
        let live = Live::new(Some(epoch), stored);
        if same && same_pair {
            account.replace(live.clone());
        } else {
            account.publish(live.clone(), StateReason::ChangedElsewhere);
        }
        return Ok(Some(live));
    }
    let live = Live::new(Some(epoch), stored);
    account.publish(live.clone(), StateReason::Stored);
    Ok(Some(live))
}
