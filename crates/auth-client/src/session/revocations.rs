//! Keeping and delivering revocations that wait for the host. What is in the list, and for how long, is in `auth-core`
//! (`src/session/revocations.rs`).
//!
//! 1. [`queue`] keeps what is needed, sealed by the store, when a session is signed out.
//! 2. [`deliver`] takes one after the other, the newest first, and revokes it ([`revoke`]): with its access token, or, if that
//!    has expired, with the access token of one more pair.
//! 3. What the host has revoked, and what has expired, is taken off the list. If the host cannot be reached, the rest waits.

use super::{account_state::AccountState, refresh_request::request_refresh};
use crate::host::{AccountScope, Denied};
use auth_core::{
    CallError,
    ports::{Record, RecordKind, SessionId, StoreError, WriteCondition},
    session::{RefreshOutcome, Revocation, Revocations, StoredSession, sign_out},
};

/// The revocations that waited for the host, after an attempt to deliver them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PendingRevocations {
    /// How many the host has received, or had expired.
    pub delivered: usize,
    /// How many still wait.
    pub pending: usize,
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
pub(super) async fn unqueue(account: &AccountState, session_id: SessionId) {
    if let Err(error) = change(&account.scope, |list| list.remove(session_id)).await {
        tracing::warn!(error = error.kind(), "the revocation of a session that goes on is still kept");
    }
}

/// Revokes a session whose revocation cannot be kept; the error is what the request came to, if one was made.
pub(super) async fn revoke_once(
    account: &AccountState,
    session: &StoredSession,
) -> Result<(), Option<CallError>> {
    match revoke(&account.scope, session).await {
        Delivery::Received => Ok(()),
        Delivery::Later { cause, .. } => Err(cause),
    }
}

/// Delivers what waits. The store's lock is not held meanwhile: revoking twice does no harm, keeping a sign-out waiting does.
pub(crate) async fn deliver(account: &AccountState) -> Result<PendingRevocations, StoreError> {
    let scope = &account.scope;
    if read(scope).await?.is_empty() {
        return Ok(PendingRevocations::default());
    }
    let _one_at_a_time = account.delivering.lock().await;
    // What has expired is dropped, also while the host stays away. Somebody else here may just have delivered the rest.
    if change(scope, |_| ()).await? == 0 {
        return Ok(PendingRevocations::default());
    }
    let list = read(scope).await?;
    let mut result = PendingRevocations::default();
    let mut host_is_away = false;
    // The newest first: one that the host will not take must not keep it waiting.
    for Revocation { session_id, session } in list.entries().iter().rev() {
        let delivery = if host_is_away {
            Delivery::Later { refreshed: None, cause: None }
        } else {
            revoke(scope, session).await
        };
        match delivery {
            Delivery::Received => {
                change(scope, |list| list.remove(*session_id)).await?;
                result.delivered += 1;
            }
            Delivery::Later { refreshed, cause } => {
                result.cause = cause.or(result.cause);
                if let Some(refreshed) = refreshed {
                    change(scope, |list| list.push(*session_id, *refreshed)).await?;
                }
                host_is_away = true;
                result.pending += 1;
            }
        }
    }
    let left = change(scope, |_| ()).await?;
    result.pending = result.pending.min(left);
    Ok(result)
}

enum Delivery {
    /// The host has revoked the tokens, or they have expired.
    Received,
    /// The host could not be reached; with the pair that has to be revoked then, if that changed.
    Later { refreshed: Option<Box<StoredSession>>, cause: Option<CallError> },
}

async fn revoke(scope: &AccountScope, session: &StoredSession) -> Delivery {
    let now = scope.clock.reading();
    let is_usable = |life| !now.since(&session.received).remaining(life).is_zero();
    if session.access_token_lifetime().is_none_or(is_usable) {
        return match send_revocation(scope, session).await {
            Ok(()) => Delivery::Received,
            Err(cause) => Delivery::Later { refreshed: None, cause: Some(cause) },
        };
    }
    // An expired access token proves nothing to the host, and the refresh token lives on: one more pair is asked for, to be
    // revoked at once.
    let later = |error| Delivery::Later { refreshed: None, cause: Some(error) };
    let outcome = match request_refresh(scope, session, None).await {
        Ok(answer) => answer.outcome,
        Err(Denied::LockedOut(locked_out)) => return later(CallError::LockedOut(locked_out)),
        Err(Denied::Store(_)) => {
            return later(CallError::Protocol { what: "the count of attempts cannot be read" });
        }
    };
    match outcome {
        RefreshOutcome::Refreshed(refreshed) => match send_revocation(scope, &refreshed).await {
            Ok(()) => Delivery::Received,
            Err(cause) => Delivery::Later { refreshed: Some(refreshed), cause: Some(cause) },
        },
        RefreshOutcome::Ended | RefreshOutcome::Refused { .. } => Delivery::Received,
        RefreshOutcome::Unrecognized401 => Delivery::Later { refreshed: None, cause: None },
        RefreshOutcome::Kept { error, .. } => later(error),
    }
}

async fn send_revocation(scope: &AccountScope, session: &StoredSession) -> Result<(), CallError> {
    let (request, in_flight) = sign_out(session);
    let exchange = scope.call(request).await;
    let result = in_flight.resume(exchange.result, exchange.at, &scope.limits);
    if let Err(error) = &result {
        tracing::info!(correlation_id = %exchange.id, cause = error.kind(), "a revocation was not delivered");
    }
    result
}

async fn read(scope: &AccountScope) -> Result<Revocations, StoreError> {
    let read = match scope.store.load(&scope.record_key(RecordKind::Revocations)).await {
        Ok(Some(record)) => Revocations::decode(record.body.expose()).map_err(StoreError::from),
        Ok(None) => Ok(Revocations::default()),
        Err(error) => Err(error),
    };
    read.or_else(|error| match error {
        StoreError::Corrupt { cause } => {
            tracing::warn!(cause, "pending revocations are lost: their record is damaged");
            Ok(Revocations::default())
        }
        error => Err(error),
    })
}

/// Changes the list under its lock, drops what has expired, and returns how many are left. An empty list is no record.
async fn change(scope: &AccountScope, change: impl FnOnce(&mut Revocations)) -> Result<usize, StoreError> {
    let key = scope.record_key(RecordKind::Revocations);
    let _lock = scope.store.lock(&key).await?;
    let mut list = read(scope).await?;
    let before = list.encode();
    list.prune(&scope.clock.reading());
    change(&mut list);
    if list.is_empty() {
        scope.store.remove(&key).await?;
    } else if list.encode().expose() != before.expose() {
        let record = Record { session_id: SessionId(0), body: list.encode() };
        scope.store.save(&key, &record, WriteCondition::Unconditional).await?;
    }
    Ok(list.entries().len())
}
