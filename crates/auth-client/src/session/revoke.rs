//! Telling the host of sign-outs that it has not heard of yet.

use crate::{budget::NotAdmitted, context::Context};
use auth_core::{
    CallError, Endpoint, LockedOutBy, Moment, Office,
    ports::{Epoch, Guard, Record, Slot, StoreError},
    session::{RefreshOutcome, Revocation, Revocations, StoredSession, refresh, sign_out},
};

/// What became of the sign-outs that waited for the host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// So many were told, or were over by themselves.
    pub told: usize,
    /// So many still wait.
    pub waiting: usize,
    /// Why, in short: what came of the last request.
    pub cause: Option<CallError>,
}

/// Keeps what is needed to tell the host later. That it cannot be kept is no reason to stay signed in.
pub(super) async fn queue(context: &Context, office: Office, epoch: Epoch, session: StoredSession) -> bool {
    let queued = change(context, office, |list| list.push(epoch, session)).await;
    if let Err(error) = &queued {
        tracing::warn!(error = error.kind(), "a sign-out cannot be kept for the host");
    }
    queued.is_ok()
}

/// Tells the host whatever it has not heard of yet. The lease is not held meanwhile: telling it twice does no harm, keeping
/// a sign-out waiting does.
pub(crate) async fn deliver(context: &Context, office: Office) -> Result<Delivered, StoreError> {
    if read(context, office).await?.is_empty() {
        return Ok(Delivered::default());
    }
    let _turn = context.account(office).telling.lock().await;
    // What is over by itself is dropped unsaid, also while the host stays away. Somebody else here may just have told the rest.
    if change(context, office, |_| ()).await? == 0 {
        return Ok(Delivered::default());
    }
    let list = read(context, office).await?;
    let mut delivered = Delivered::default();
    let mut unheard = None;
    // The newest first: one that the host will not take must not keep it waiting.
    for Revocation { epoch, session } in list.entries().iter().rev() {
        let told = match unheard {
            // The host is not there for the next one either.
            Some(()) => Told::Later { renewed: None, cause: None },
            None => tell(context, session).await,
        };
        match told {
            Told::Heard => {
                change(context, office, |list| list.remove(*epoch)).await?;
                delivered.told += 1;
            }
            Told::Later { renewed, cause } => {
                delivered.cause = cause.or(delivered.cause);
                if let Some(renewed) = renewed {
                    change(context, office, |list| list.push(*epoch, *renewed)).await?;
                }
                unheard = Some(());
                delivered.waiting += 1;
            }
        }
    }
    let left = change(context, office, |_| ()).await?;
    delivered.waiting = delivered.waiting.min(left);
    Ok(delivered)
}

enum Told {
    /// The host has revoked the tokens, or they are over.
    Heard,
    /// It could not be told; with the pair that has to be told then, if that changed.
    Later { renewed: Option<Box<StoredSession>>, cause: Option<CallError> },
}

async fn tell(context: &Context, session: &StoredSession) -> Told {
    let now = context.clock.moment();
    if session.access_life().is_none_or(|life| !now.since(&session.received).left_of(life).is_zero()) {
        return match tell_with(context, session).await {
            Ok(()) => Told::Heard,
            Err(cause) => Told::Later { renewed: None, cause: Some(cause) },
        };
    }
    // An access token that is over proves nothing to the host, and the refresh token lives on: one more pair is asked for, to
    // be revoked at once.
    match renew(context, session, &now).await {
        RefreshOutcome::Renewed(renewed) => match tell_with(context, &renewed).await {
            Ok(()) => Told::Heard,
            Err(cause) => Told::Later { renewed: Some(renewed), cause: Some(cause) },
        },
        RefreshOutcome::Ended | RefreshOutcome::Refused { .. } => Told::Heard,
        RefreshOutcome::Bare401 => Told::Later { renewed: None, cause: None },
        RefreshOutcome::Kept { error, .. } => Told::Later { renewed: None, cause: Some(error) },
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

async fn renew(context: &Context, session: &StoredSession, now: &Moment) -> RefreshOutcome {
    let endpoint = Endpoint::Refresh(session.office);
    let ticket = match context.admit(session.office, endpoint, &session.account).await {
        Ok(ticket) => ticket,
        Err(NotAdmitted::LockedOut(lock)) => {
            return RefreshOutcome::Kept { error: CallError::LockedOut(lock), never_sent: true };
        }
        Err(NotAdmitted::Store(_)) => {
            let error = CallError::Protocol { what: "the budget of attempts cannot be read" };
            return RefreshOutcome::Kept { error, never_sent: true };
        }
    };
    let (request, in_flight) = refresh(session);
    let outcome = context.call(request).await;
    let never_sent = outcome.result.as_ref().is_err_and(|error| error.never_sent());
    let outcome = in_flight.resume(outcome.result, now, &context.limits);
    let lock = match &outcome {
        RefreshOutcome::Kept { error: CallError::LockedOut(lock), .. } if lock.by == LockedOutBy::Host => {
            Some(*lock)
        }
        _ => None,
    };
    context.settle(ticket, never_sent, lock).await;
    outcome
}

async fn read(context: &Context, office: Office) -> Result<Revocations, StoreError> {
    match context.store.load(&context.key(office, Slot::Revocations)).await {
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

/// Changes the list under its lease; says how many wait then. An empty list is no record.
async fn change(
    context: &Context,
    office: Office,
    change: impl FnOnce(&mut Revocations),
) -> Result<usize, StoreError> {
    let key = context.key(office, Slot::Revocations);
    let _lease = context.store.lease(&key).await?;
    let mut list = read(context, office).await?;
    let before = list.encode();
    list.prune(&context.clock.moment());
    change(&mut list);
    if list.is_empty() {
        context.store.remove(&key).await?;
    } else if list.encode().expose() != before.expose() {
        let record = Record { epoch: Epoch(0), body: list.encode() };
        context.store.save(&key, &record, Guard::Any).await?;
    }
    Ok(list.entries().len())
}
