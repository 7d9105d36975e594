//! Telling the host of sign-outs that it has not heard of yet.

use crate::{context::Context, rate_limit::Denied};
use auth_core::{
    CallError, ClockReading, Endpoint, LockedOutBy, Office,
    ports::{Record, RecordKind, SessionId, StoreError, WriteCondition},
    session::{RefreshOutcome, Revocation, Revocations, StoredSession, refresh, sign_out},
};

/// What became of the sign-outs that waited for the host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PendingRevocations {
    /// So many were told, or were over by themselves.
    pub delivered: usize,
    /// So many still wait.
    pub pending: usize,
    /// Why, in short: what came of the last request.
    pub cause: Option<CallError>,
}

/// Keeps what is needed to tell the host later. That it cannot be kept is no reason to stay signed in.
pub(super) async fn queue(
    context: &Context,
    office: Office,
    session_id: SessionId,
    session: StoredSession,
) -> bool {
    let queued = change(context, office, |list| list.push(session_id, session)).await;
    if let Err(error) = &queued {
        tracing::warn!(error = error.kind(), "a sign-out cannot be kept for the host");
    }
    queued.is_ok()
}

/// Takes it back: the session could not be removed here, and goes on.
pub(super) async fn unqueue(context: &Context, office: Office, session_id: SessionId) {
    if let Err(error) = change(context, office, |list| list.remove(session_id)).await {
        tracing::warn!(
            error = error.kind(),
            "a sign-out that did not come to pass is still kept for the host"
        );
    }
}

/// Tells the host of one sign-out that cannot be kept; the error is why not, if anything came of asking.
pub(super) async fn tell_once(context: &Context, session: &StoredSession) -> Result<(), Option<CallError>> {
    match tell(context, session).await {
        Delivery::Heard => Ok(()),
        Delivery::Later { cause, .. } => Err(cause),
    }
}

/// Tells the host whatever it has not heard of yet. The lock is not held meanwhile: telling it twice does no harm, keeping
/// a sign-out waiting does.
pub(crate) async fn deliver(context: &Context, office: Office) -> Result<PendingRevocations, StoreError> {
    if read(context, office).await?.is_empty() {
        return Ok(PendingRevocations::default());
    }
    let _turn = context.account(office).delivering.lock().await;
    // What is over by itself is dropped unsaid, also while the host stays away. Somebody else here may just have told the rest.
    if change(context, office, |_| ()).await? == 0 {
        return Ok(PendingRevocations::default());
    }
    let list = read(context, office).await?;
    let mut delivered = PendingRevocations::default();
    let mut unheard = None;
    // The newest first: one that the host will not take must not keep it waiting.
    for Revocation { session_id, session } in list.entries().iter().rev() {
        let told = match unheard {
            // The host is not there for the next one either.
            Some(()) => Delivery::Later { renewed: None, cause: None },
            None => tell(context, session).await,
        };
        match told {
            Delivery::Heard => {
                change(context, office, |list| list.remove(*session_id)).await?;
                delivered.delivered += 1;
            }
            Delivery::Later { renewed, cause } => {
                delivered.cause = cause.or(delivered.cause);
                if let Some(renewed) = renewed {
                    change(context, office, |list| list.push(*session_id, *renewed)).await?;
                }
                unheard = Some(());
                delivered.pending += 1;
            }
        }
    }
    let left = change(context, office, |_| ()).await?;
    delivered.pending = delivered.pending.min(left);
    Ok(delivered)
}

enum Delivery {
    /// The host has revoked the tokens, or they are over.
    Heard,
    /// It could not be told; with the pair that has to be told then, if that changed.
    Later { renewed: Option<Box<StoredSession>>, cause: Option<CallError> },
}

async fn tell(context: &Context, session: &StoredSession) -> Delivery {
    let now = context.clock.reading();
    if session
        .access_token_lifetime()
        .is_none_or(|life| !now.since(&session.received).remaining(life).is_zero())
    {
        return match tell_with(context, session).await {
            Ok(()) => Delivery::Heard,
            Err(cause) => Delivery::Later { renewed: None, cause: Some(cause) },
        };
    }
    // An access token that is over proves nothing to the host, and the refresh token lives on: one more pair is asked for, to
    // be revoked at once.
    match renew(context, session, &now).await {
        RefreshOutcome::Refreshed(renewed) => match tell_with(context, &renewed).await {
            Ok(()) => Delivery::Heard,
            Err(cause) => Delivery::Later { renewed: Some(renewed), cause: Some(cause) },
        },
        RefreshOutcome::Ended | RefreshOutcome::Refused { .. } => Delivery::Heard,
        RefreshOutcome::Unrecognized401 => Delivery::Later { renewed: None, cause: None },
        RefreshOutcome::Kept { error, .. } => Delivery::Later { renewed: None, cause: Some(error) },
    }
}

async fn tell_with(context: &Context, session: &StoredSession) -> Result<(), CallError> {
    let (request, in_flight) = sign_out(session);
    let outcome = context.call(request).await;
    let told = in_flight.resume(outcome.result, outcome.at, &context.limits);
    if let Err(error) = &told {
        tracing::info!(correlation_id = %outcome.id, cause = error.kind(), "the host was not told of a sign-out");
    }
    told
}

async fn renew(context: &Context, session: &StoredSession, now: &ClockReading) -> RefreshOutcome {
    let endpoint = Endpoint::Refresh(session.office);
    let permit = match context.acquire(session.office, endpoint, &session.account).await {
        Ok(permit) => permit,
        Err(Denied::LockedOut(lock)) => {
            return RefreshOutcome::Kept { error: CallError::LockedOut(lock), was_not_sent: true };
        }
        Err(Denied::Store(_)) => {
            let error = CallError::Protocol { what: "the budget of attempts cannot be read" };
            return RefreshOutcome::Kept { error, was_not_sent: true };
        }
    };
    let (request, in_flight) = refresh(session);
    let outcome = context.call(request).await;
    let was_not_sent = outcome.result.as_ref().is_err_and(|error| error.was_not_sent());
    let outcome = in_flight.resume(outcome.result, now, &context.limits);
    let lock = match &outcome {
        RefreshOutcome::Kept { error: CallError::LockedOut(lock), .. } if lock.by == LockedOutBy::Host => {
            Some(*lock)
        }
        _ => None,
    };
    context.settle(permit, was_not_sent, lock).await;
    outcome
}

async fn read(context: &Context, office: Office) -> Result<Revocations, StoreError> {
    match context.store.load(&context.key(office, RecordKind::Revocations)).await {
        Ok(Some(record)) => match Revocations::decode(record.body.expose()).map_err(StoreError::from) {
            Ok(list) => Ok(list),
            Err(StoreError::Corrupt { cause }) => {
                tracing::warn!(cause, "sign-outs that the host has not heard of are lost");
                Ok(Revocations::default())
            }
            Err(newer) => Err(newer),
        },
        Ok(None) => Ok(Revocations::default()),
        Err(StoreError::Corrupt { cause }) => {
            tracing::warn!(cause, "sign-outs that the host has not heard of are lost");
            Ok(Revocations::default())
        }
        Err(error) => Err(error),
    }
}

/// Changes the list under its lock; says how many wait then. An empty list is no record.
async fn change(
    context: &Context,
    office: Office,
    change: impl FnOnce(&mut Revocations),
) -> Result<usize, StoreError> {
    let key = context.key(office, RecordKind::Revocations);
    let _lock = context.store.lock(&key).await?;
    let mut list = read(context, office).await?;
    let before = list.encode();
    list.prune(&context.clock.reading());
    change(&mut list);
    if list.is_empty() {
        context.store.remove(&key).await?;
    } else if list.encode().expose() != before.expose() {
        let record = Record { session_id: SessionId(0), body: list.encode() };
        context.store.save(&key, &record, WriteCondition::Unconditional).await?;
    }
    Ok(list.entries().len())
}
