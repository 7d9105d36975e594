//! Renewing a pair: one at a time, by the store's lease.

use super::Held;
use crate::{Failed, budget::NotAdmitted, context::Context};
use auth_core::{
    CallError, Endpoint,
    ports::{Epoch, Guard, Record, RecordKey, Slot, StoreError},
    secret::AccessToken,
    session::{SessionError, StoredSession, refresh, sign_out},
};
use std::sync::Arc;

/// Takes the lease, reads the store again, and asks the host only if nobody else has renewed meanwhile. The new pair
/// is saved before anybody sees it.
pub(super) async fn renew(
    context: Arc<Context>,
    held: Arc<Held>,
    seen: AccessToken,
) -> Result<(), Failed<SessionError>> {
    let office = held.current().office;
    let key = context.key(office, Slot::Session);
    let Some(epoch) = held.epoch else {
        let unsaved = StoreError::Unavailable { what: "this session was never saved" };
        return Err(Failed::here(unsaved));
    };
    let _lease = context.store.lease(&key).await.map_err(Failed::here)?;
    let stored = read_again(&context, &key, epoch).await.map_err(Failed::here)?;
    if stored.tokens.access.token.expose() != seen.expose() {
        *held.current() = stored;
        return Ok(());
    }
    if stored.refresh_ends().is_some_and(|end| end <= context.clock.now()) {
        // The record is left: our clock may be wrong.
        return Err(Failed::here(SessionError::Ended));
    }
    let endpoint = Endpoint::Refresh(stored.office);
    let ticket = match context.admit(stored.office, endpoint, &stored.account).await {
        Ok(ticket) => ticket,
        Err(NotAdmitted::LockedOut(lock)) => return Err(Failed::here(CallError::LockedOut(lock))),
        Err(NotAdmitted::Store(error)) => return Err(Failed::here(error)),
    };
    let (request, in_flight) = refresh(&stored);
    let outcome = context.call(request).await;
    let never_sent = outcome.result.as_ref().is_err_and(|error| error.never_sent());
    let renewed = in_flight.resume(outcome.result, outcome.at, &context.limits);
    let lock = match &renewed {
        Err(SessionError::Call(CallError::LockedOut(lock))) => Some(*lock),
        _ => None,
    };
    context.settle(ticket, never_sent, lock).await;
    let renewed = match renewed {
        Ok(renewed) => renewed,
        Err(error) => {
            tracing::info!(correlation_id = %outcome.id, cause = error.kind(), "the session was not renewed");
            if matches!(error, SessionError::Ended) {
                remove(&context, &key).await;
            }
            return Err(Failed::at(error, outcome.id));
        }
    };
    let record = Record { epoch, body: renewed.encode() };
    let saved = context.store.save(&key, &record, Guard::SameEpoch).await;
    if let Err(StoreError::EpochMoved) = saved {
        // Signed out, or somebody else in, while the host was asked: the new pair is nobody's.
        revoke(&context, &renewed).await;
        return Err(Failed::at(StoreError::EpochMoved, outcome.id));
    }
    // Even unsaved, the new pair is the only one that still works.
    *held.current() = renewed;
    saved.map_err(|error| Failed::at(SessionError::NotSaved(error), outcome.id))
}

async fn read_again(context: &Context, key: &RecordKey, epoch: Epoch) -> Result<StoredSession, SessionError> {
    match context.store.load(key).await? {
        None => Err(SessionError::NotSignedIn),
        Some(record) if record.epoch != epoch => Err(StoreError::EpochMoved.into()),
        Some(record) => Ok(StoredSession::decode(record.body.expose()).map_err(StoreError::from)?),
    }
}

async fn revoke(context: &Context, session: &StoredSession) {
    let (request, in_flight) = sign_out(session);
    let outcome = context.call(request).await;
    if let Err(error) = in_flight.resume(outcome.result, outcome.at, &context.limits) {
        tracing::warn!(correlation_id = %outcome.id, cause = error.kind(), "a pair that nobody holds was not revoked");
    }
}

async fn remove(context: &Context, key: &RecordKey) {
    if let Err(error) = context.store.remove(key).await {
        tracing::warn!(error = error.kind(), "an ended session could not be removed");
    }
}
