//! Keeping and delivering revocations that wait for the host. What is in the list, and for how long, is in `auth-core`
//! (`src/session/revocations.rs`).
//!
//! 1. [`queue`] keeps what is needed, sealed by the store, when a session is signed out.
//! 2. [`deliver`] takes one after the other, the newest first, and revokes it ([`Attempt::revoke`]).
//! 3. What the host has revoked, and what has expired, is taken off the list. If the host cannot be reached, the rest waits.
//!
//! A host that takes nothing is left alone for a growing time, which the list keeps for all processes; only a sign-out asks it at once.

use super::{
    account_state::AccountState,
    ended_sessions,
    revocation_attempt::{Attempt, Delivery},
    revocation_list::{change, change_with, read},
};
use crate::host::AccountScope;
use auth_core::{
    CallError,
    ports::{Record, RecordKey, RecordKind, SessionId, StoreError, WriteCondition},
    session::{Revocation, Revocations, StoredSession},
};
use std::sync::Arc;
use tokio::sync::OwnedMutexGuard;
use tracing::{Instrument, instrument::WithSubscriber};

/// The revocations that waited for the host, after an attempt to deliver them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PendingRevocations {
    /// How many are done with: the host has revoked them, or knows their tokens no more.
    pub delivered: usize,
    /// How many still wait.
    pub pending: usize,
    /// How many were given up since this was last asked: nothing more can be sent for them, and the host has not confirmed that
    /// the tokens are revoked. They may be good until they expire.
    pub abandoned: usize,
    /// Why they wait: what the last request came to. `None` if none was made, as while the host is left alone for a time (at most an
    /// hour) after several tries in a row that it did not take.
    pub cause: Option<CallError>,
}

/// Keeps what is needed to revoke a session later. That it cannot be kept is no reason to stay signed in.
pub(super) async fn queue(account: &AccountState, session_id: SessionId, session: StoredSession) -> bool {
    let queued = change(&account.scope, |list| list.push(session_id, session)).await;
    if let Err(error) = &queued {
        tracing::warn!(error = error.kind(), "a revocation cannot be kept for later");
    }
    queued.is_ok()
}

/// The same, in one write with another record, which comes first: where a store writes one after the other, a revocation is not
/// queued before what it depends on is written.
pub(super) async fn queue_with(
    account: &AccountState,
    first: (RecordKey, Record, WriteCondition),
    session_id: SessionId,
    session: StoredSession,
) -> Result<(), StoreError> {
    let queued = change_with(&account.scope, first, |list| list.push(session_id, session)).await;
    if let Err(error) = &queued
        && !matches!(error, StoreError::SessionReplaced)
    {
        tracing::warn!(error = error.kind(), "a revocation cannot be kept for later");
    }
    queued
}

/// Takes it back: the session could not be removed here, and goes on.
pub(super) async fn unqueue(account: &AccountState, session: &StoredSession) {
    if let Err(error) = change(&account.scope, |list| list.remove(session)).await {
        tracing::warn!(error = error.kind(), "the revocation of a session that goes on is still kept");
    }
}

/// Revokes a session whose revocation cannot be kept, with what the last request came to.
pub(super) async fn revoke_once(
    account: &AccountState,
    session: &StoredSession,
) -> (Delivery, Option<CallError>) {
    let mut attempt = Attempt::new(&account.scope, false);
    let delivery = attempt.revoke(SessionId(0), &mut session.clone()).await;
    (delivery, attempt.cause)
}

/// Delivers what waits. The store's lock is not held meanwhile: revoking twice does no harm, keeping a sign-out waiting does.
pub(crate) async fn deliver(account: &AccountState) -> Result<PendingRevocations, StoreError> {
    let guard = account.delivering.clone().lock_owned().await;
    let (mut result, _) = deliver_watching(account, guard, None).await?;
    result.abandoned = change(&account.scope, Revocations::take_abandoned).await?;
    Ok(result)
}

/// The same, for whoever reports to nobody.
pub(super) async fn deliver_unasked(account: &AccountState) {
    let guard = account.delivering.clone().lock_owned().await;
    deliver_in_background(account, guard).await;
}

/// Starts a delivery. Whoever waits for the refresh under way to end, such as a program that ends, waits for this too; who waits for its
/// result does not.
pub(super) fn start_delivery(account: &Arc<AccountState>) {
    let account = account.clone();
    // Somebody else is at it otherwise.
    if let Ok(guard) = account.delivering.clone().try_lock_owned() {
        let work = async move { deliver_in_background(&account, guard).await };
        tokio::spawn(work.in_current_span().with_current_subscriber());
    }
}

/// Revokes a pair that nobody uses any more, in the background.
pub(super) fn revoke_in_background(
    account: &Arc<AccountState>,
    session_id: SessionId,
    session: StoredSession,
) {
    let account = account.clone();
    // Whoever waits for what is under way waits for this too.
    let guard = account.delivering.clone().try_lock_owned();
    let runtime = account.scope.runtime.of_shared_work();
    let work = async move {
        if queue(&account, session_id, session.clone()).await {
            match guard {
                Ok(guard) => deliver_in_background(&account, guard).await,
                Err(_) => deliver_unasked(&account).await,
            }
        } else {
            let _outcome = revoke_once(&account, &session).await;
        }
    };
    runtime.spawn(work.with_current_subscriber());
}

/// The same, for whoever has the lock and reports to nobody.
pub(super) async fn deliver_in_background(account: &AccountState, guard: OwnedMutexGuard<()>) {
    if let Err(error) = deliver_watching(account, guard, None).await {
        tracing::warn!(error = error.kind(), "revocations wait: the store cannot be used");
    }
}

/// The same, and what has become of one session's. `None` if somebody else has dealt with it.
pub(super) async fn deliver_one_of(
    account: &AccountState,
    session_id: SessionId,
    session: &StoredSession,
) -> Result<(PendingRevocations, Option<Delivery>), StoreError> {
    let guard = account.delivering.clone().lock_owned().await;
    deliver_watching(account, guard, Some((session_id, session))).await
}

async fn deliver_watching(
    account: &AccountState,
    _guard: OwnedMutexGuard<()>,
    watched: Option<(SessionId, &StoredSession)>,
) -> Result<(PendingRevocations, Option<Delivery>), StoreError> {
    let scope = &account.scope;
    let (mut result, mut of_watched) = (PendingRevocations::default(), None);
    if read(scope).await?.entries().is_empty() {
        return Ok((result, of_watched));
    }
    // What has expired is dropped, also while the host stays away. A try is kept before it is made, since the process may end in it; a
    // sign-out is spared that write, and is always made.
    let now = scope.clock.reading();
    let (list, is_due) = change(scope, |list| {
        let is_due = watched.is_some() || list.is_due(&now);
        if is_due && watched.is_none() && !list.entries().is_empty() {
            list.on_try(&now);
        }
        (list.clone(), is_due)
    })
    .await?;
    if !is_due {
        result.pending = list.entries().len();
        return Ok((result, of_watched));
    }
    let here = session_in_store(scope).await;
    let mut attempt = Attempt::new(scope, true);
    let mut has_failed = false;
    // The newest first: one that the host will not take must not keep it waiting.
    for revocation in list.entries().iter().rev() {
        // Its sign-out has failed, or is still under way in another process.
        let is_here = here.as_ref().is_some_and(|(here, _)| *here == revocation.session_id);
        if is_here && !ended_sessions::contains(revocation.session_id) {
            result.pending += 1;
            continue;
        }
        // The host has given out one of its tokens again: they are the next session's by now.
        let is_in_use_again = |session: &StoredSession| session.shares_a_token_with(&revocation.session);
        if !is_here && here.as_ref().and_then(|(_, session)| session.as_ref()).is_some_and(is_in_use_again) {
            change(scope, |list| list.remove(&revocation.session)).await?;
            continue;
        }
        let mut session = revocation.session.clone();
        let is_watched = watched.is_some_and(|(_, watched)| session.has_same_pair(watched));
        // Once the host stays away, the others wait for it too.
        let delivery = if attempt.cause.is_some() {
            Delivery::Waits
        } else {
            let delivery = attempt.revoke(revocation.session_id, &mut session).await;
            let is_hopeless =
                attempt.host_has_answered && revocation.has_probably_expired(&scope.clock.reading());
            if delivery == Delivery::Waits && is_hopeless { Delivery::Abandoned } else { delivery }
        };
        match delivery {
            Delivery::Revoked => {
                change(scope, |list| list.remove(&session)).await?;
                result.delivered += 1;
            }
            Delivery::Abandoned => {
                tracing::warn!("a revocation is given up: the host has not confirmed it");
                // Who watches it reports it; the others are counted until somebody asks.
                change(scope, |list| {
                    if is_watched {
                        list.remove(&session);
                    } else {
                        list.abandon(&session);
                    }
                })
                .await?;
            }
            Delivery::Waits => {
                has_failed = true;
                result.pending += 1;
            }
        }
        if is_watched {
            of_watched = Some(delivery);
        }
    }
    let of_session = |entry: &Revocation| watched.is_some_and(|(id, _)| id == entry.session_id);
    let (left, another_pair_is_left) = change(scope, |list| {
        match (has_failed, watched) {
            (false, _) => list.on_taken(),
            (true, Some(_)) => list.on_try(&now),
            (true, None) => {}
        }
        (list.entries().len(), list.entries().iter().any(of_session))
    })
    .await?;
    if another_pair_is_left && of_watched != Some(Delivery::Abandoned) {
        of_watched = Some(Delivery::Waits);
    }
    result.pending = result.pending.min(left);
    result.cause = attempt.cause;
    Ok((result, of_watched))
}

/// The session that the store has, with its tokens if its record reads. If the store cannot say, it cannot keep a revocation from
/// being delivered either.
async fn session_in_store(scope: &AccountScope) -> Option<(SessionId, Option<StoredSession>)> {
    let found = scope.store.load(&scope.record_key(RecordKind::Session)).await;
    let record = found.ok().flatten()?;
    Some((record.session_id, StoredSession::decode(record.body.expose()).ok()))
}
