//! Keeping and delivering revocations that wait for the host. What is in the list, and for how long, is in `auth-core`
//! (`src/session/revocations.rs`).
//!
//! 1. [`queue`] keeps what is needed, sealed by the store, when a session is signed out.
//! 2. [`deliver`] takes one after the other, the newest first, and revokes it ([`Attempt::revoke`]).
//! 3. What the host has revoked, and what has expired, is taken off the list. If the host cannot be reached, the rest waits.

use super::{
    account_state::AccountState,
    revocation_attempt::{Attempt, Delivery},
    revocation_list::{change, read},
};
use auth_core::{
    CallError,
    ports::{SessionId, StoreError},
    session::{Revocations, StoredSession},
};
use tokio::sync::OwnedMutexGuard;

/// The revocations that waited for the host, after an attempt to deliver them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PendingRevocations {
    /// How many the host has received, or had expired.
    pub delivered: usize,
    /// How many still wait.
    pub pending: usize,
    /// How many were given up since this was last asked: nothing more can be sent for them, and the host has not confirmed that
    /// the tokens are revoked. They may be good until they expire.
    pub abandoned: usize,
    /// Why they wait: what the last request came to.
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
    let mut attempt = Attempt { scope: &account.scope, is_kept: false, cause: None };
    let delivery = attempt.revoke(&mut session.clone()).await;
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

/// The same, for whoever has the lock and reports to nobody.
pub(super) async fn deliver_in_background(account: &AccountState, guard: OwnedMutexGuard<()>) {
    if let Err(error) = deliver_watching(account, guard, None).await {
        tracing::warn!(error = error.kind(), "revocations wait: the store cannot be used");
    }
}

/// The same, and what has become of one of them. `None` if somebody else has dealt with it.
pub(super) async fn deliver_one_of(
    account: &AccountState,
    watched: &StoredSession,
) -> Result<(PendingRevocations, Option<Delivery>), StoreError> {
    let guard = account.delivering.clone().lock_owned().await;
    deliver_watching(account, guard, Some(watched)).await
}

async fn deliver_watching(
    account: &AccountState,
    _guard: OwnedMutexGuard<()>,
    watched: Option<&StoredSession>,
) -> Result<(PendingRevocations, Option<Delivery>), StoreError> {
    let scope = &account.scope;
    let (mut result, mut of_watched) = (PendingRevocations::default(), None);
    if read(scope).await?.entries().is_empty() {
        return Ok((result, of_watched));
    }
    // What has expired is dropped, also while the host stays away.
    change(scope, |_| ()).await?;
    let list = read(scope).await?;
    let mut attempt = Attempt { scope, is_kept: true, cause: None };
    // The newest first: one that the host will not take must not keep it waiting.
    for revocation in list.entries().iter().rev() {
        let mut session = revocation.session.clone();
        let is_watched = watched.is_some_and(|watched| session.has_same_pair(watched));
        // Once the host stays away, the others wait for it too.
        let mut delivery =
            if attempt.cause.is_some() { Delivery::Waits } else { attempt.revoke(&mut session).await };
        if delivery == Delivery::Waits && revocation.has_probably_expired(&scope.clock.reading()) {
            delivery = Delivery::Abandoned;
        }
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
            Delivery::Waits => result.pending += 1,
        }
        if is_watched {
            of_watched = Some(delivery);
        }
    }
    let left = change(scope, |list| list.entries().len()).await?;
    result.pending = result.pending.min(left);
    result.cause = attempt.cause;
    Ok((result, of_watched))
}
