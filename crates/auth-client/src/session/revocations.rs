//! Keeping and delivering revocations that wait for the host. What is in the list, and for how long, is in `auth-core`
//! (`src/session/revocations.rs`).
//!
//! 1. [`queue`] keeps what is needed, sealed by the store, when a session is signed out.
//! 2. [`deliver`] takes one after the other, the newest first, and revokes it ([`Attempt::revoke`]).
//! 3. What the host has revoked, and what has expired, is taken off the list. If the host cannot be reached, the rest waits.
//!
//! Only the host's own answer counts. The access token may be dead while the refresh token lives, so a 401 to it proves nothing:
//! the refresh token is then exchanged once more, and the new pair is revoked. That pair is saved before it is used. A refresh
//! token that the host does not know proves that the session is over only if no other refresh of it may have brought a pair.

use super::{account_state::AccountState, refresh_request::request_refresh};
use crate::host::{AccountScope, Denied};
use auth_core::{
    CallError, Elapsed,
    ports::{Record, RecordKind, SessionId, StoreError, WriteCondition},
    session::{RefreshHistory, RefreshOutcome, Revocations, SignOutAnswer, StoredSession, sign_out},
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
    pub given_up: usize,
    /// Why they wait: what the last request came to.
    pub cause: Option<CallError>,
}

/// What has become of one revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Delivery {
    /// The host has revoked the tokens, or they have expired.
    Revoked,
    /// It waits for the next attempt.
    Waits,
    /// Nothing more can be sent, and the host has not confirmed.
    GivenUp,
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
    let turn = account.delivering.clone().lock_owned().await;
    let (mut result, _) = deliver_watching(account, turn, None).await?;
    result.given_up = change(&account.scope, Revocations::take_given_up).await?;
    Ok(result)
}

/// The same, for whoever has got the turn and reports to nobody.
pub(super) async fn deliver_in_turn(account: &AccountState, turn: OwnedMutexGuard<()>) {
    if let Err(error) = deliver_watching(account, turn, None).await {
        tracing::warn!(error = error.kind(), "revocations wait: the store cannot be used");
    }
}

/// The same, and what has become of one of them. `None` if somebody else has dealt with it.
pub(super) async fn deliver_one_of(
    account: &AccountState,
    watched: &StoredSession,
) -> Result<(PendingRevocations, Option<Delivery>), StoreError> {
    let turn = account.delivering.clone().lock_owned().await;
    deliver_watching(account, turn, Some(watched)).await
}

async fn deliver_watching(
    account: &AccountState,
    _turn: OwnedMutexGuard<()>,
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
            delivery = Delivery::GivenUp;
        }
        match delivery {
            Delivery::Revoked => {
                change(scope, |list| list.remove(&session)).await?;
                result.delivered += 1;
            }
            Delivery::GivenUp => {
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

/// An attempt to revoke sessions at the host.
struct Attempt<'a> {
    scope: &'a AccountScope,
    /// The revocation is in the list, and a new pair takes its place there before it is used.
    is_kept: bool,
    /// What the last request came to, if the host did not take it.
    cause: Option<CallError>,
}

impl Attempt<'_> {
    /// Revokes a session. A pair that is newer than the one given is left in `session`.
    async fn revoke(&mut self, session: &mut StoredSession) -> Delivery {
        // Of a refresh that may have brought another pair.
        let may_have_another_pair = session.refresh_history.in_flight_or_lost;
        let now = self.scope.clock.reading();
        let may_live =
            session.access_token_lifetime().is_none_or(|life| match now.since(&session.received) {
                Elapsed::Unknown => true,
                elapsed => !elapsed.remaining(life).is_zero(),
            });
        if may_live {
            match self.send_revocation(session).await {
                Ok(SignOutAnswer::Revoked) if !may_have_another_pair => return Delivery::Revoked,
                Ok(_) => {}
                Err(error) => return self.waits(error),
            }
        }
        // It may be under way in another process, which will revoke what comes of it.
        if session.refresh_history.backoff.is_some_and(|backoff| backoff.left(&now).is_some()) {
            return Delivery::Waits;
        }
        self.exchange_and_revoke(session, may_have_another_pair).await
    }

    /// An expired access token proves nothing to the host, and the refresh token may live on: one more pair is asked for, to be
    /// revoked at once.
    async fn exchange_and_revoke(
        &mut self,
        session: &mut StoredSession,
        may_have_another_pair: bool,
    ) -> Delivery {
        let over = if may_have_another_pair { Delivery::GivenUp } else { Delivery::Revoked };
        let elapsed = self.scope.clock.reading().since(&session.received);
        if session.refresh_token_lifetime().is_some_and(|life| elapsed.has_definitely_passed(life)) {
            return over;
        }
        let before = session.refresh_history.clone();
        let intent = RefreshHistory { in_flight_or_lost: true, ..before.clone() };
        if let Err(error) =
            self.keep(session, StoredSession { refresh_history: intent, ..session.clone() }).await
        {
            tracing::warn!(
                error = error.kind(),
                "a revocation waits: the list of revocations cannot be written"
            );
            return Delivery::Waits;
        }
        let answer = match request_refresh(self.scope, session, None).await {
            Ok(answer) => answer,
            Err(denied) => {
                let _kept =
                    self.keep(session, StoredSession { refresh_history: before, ..session.clone() }).await;
                return self.waits(match denied {
                    Denied::LockedOut(locked_out) => CallError::LockedOut(locked_out),
                    Denied::Store(_) => CallError::Protocol { what: "the count of attempts cannot be read" },
                });
            }
        };
        if answer.was_not_sent {
            let _kept =
                self.keep(session, StoredSession { refresh_history: before, ..session.clone() }).await;
        }
        match answer.outcome {
            RefreshOutcome::Refreshed(refreshed) => {
                if let Err(error) = self.keep(session, *refreshed).await {
                    tracing::warn!(error = error.kind(), "a pair that has to be revoked could not be saved");
                }
                match self.send_revocation(session).await {
                    Ok(SignOutAnswer::Revoked) => Delivery::Revoked,
                    Ok(SignOutAnswer::AccessTokenRejected) => Delivery::Waits,
                    Err(error) => self.waits(error),
                }
            }
            RefreshOutcome::Ended => over,
            RefreshOutcome::Refused { .. } => {
                self.waits(CallError::Protocol { what: "the host did not take the sign-out" })
            }
            RefreshOutcome::Unrecognized401 => {
                self.waits(CallError::NotB2Core { what: "a 401 that is not in its form", status: 401 })
            }
            RefreshOutcome::Kept { error, .. } => self.waits(error),
        }
    }

    fn waits(&mut self, error: CallError) -> Delivery {
        self.cause = Some(error);
        Delivery::Waits
    }

    /// From now on `session` is this; in the list too.
    async fn keep(&self, session: &mut StoredSession, by: StoredSession) -> Result<(), StoreError> {
        let before = std::mem::replace(session, by);
        if self.is_kept {
            change(self.scope, |list| list.replace(&before, session)).await?;
        }
        Ok(())
    }

    async fn send_revocation(&self, session: &StoredSession) -> Result<SignOutAnswer, CallError> {
        let (request, in_flight) = sign_out(session);
        let exchange = self.scope.call(request).await;
        let result = in_flight.resume(exchange.result, exchange.at, &self.scope.limits);
        if let Err(error) = &result {
            tracing::info!(correlation_id = %exchange.id, cause = error.kind(), "a revocation was not delivered");
        }
        result
    }
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

/// Changes the list under its lock, and drops what has expired. An empty list is no record.
async fn change<T>(
    scope: &AccountScope,
    change: impl FnOnce(&mut Revocations) -> T,
) -> Result<T, StoreError> {
    let key = scope.record_key(RecordKind::Revocations);
    let _lock = scope.store.lock(&key).await?;
    let mut list = read(scope).await?;
    let before = list.encode();
    list.prune(&scope.clock.reading());
    let changed = change(&mut list);
    if list.is_empty() {
        scope.store.remove(&key).await?;
    } else if list.encode().expose() != before.expose() {
        let record = Record { session_id: SessionId(0), body: list.encode() };
        scope.store.save(&key, &record, WriteCondition::Unconditional).await?;
    }
    Ok(changed)
}
