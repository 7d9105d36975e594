//! An attempt to revoke a session's tokens at the host.
//!
//! Only the host's own answer counts. The access token may be dead while the refresh token lives, so a 401 to it proves nothing:
//! the refresh token is then exchanged once more, and the new pair is revoked. That pair is saved before it is used. A refresh
//! token that the host does not know proves that the session is over only if no other refresh of it may have brought a pair.

use super::{refresh_request::request_refresh, revocation_list::change};
use crate::host::{AccountScope, CookieJar, Denied};
use auth_core::{
    CallError, ClockReading, Elapsed,
    ports::{SessionId, StoreError},
    session::{RefreshHistory, RefreshOutcome, SignOutAnswer, StoredSession, sign_out},
};
use std::time::Duration;

/// What has become of one revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Delivery {
    /// The host has revoked the tokens, or they have expired.
    Revoked,
    /// It waits for the next attempt.
    Waits,
    /// Nothing more can be sent, and the host has not confirmed.
    Abandoned,
}

/// How long another process leaves an entry alone that this one exchanges: longer than an exchange takes.
const CLAIM: Duration = Duration::from_secs(60);

/// Whether an entry may be exchanged.
enum Claim {
    Granted,
    /// Another process exchanges it, or has dealt with it.
    Taken,
}

/// An attempt to revoke sessions at the host.
pub(super) struct Attempt<'a> {
    scope: &'a AccountScope,
    /// The revocation is in the list, and a new pair takes its place there before it is used.
    is_kept: bool,
    /// What the last request came to, if the host did not take it.
    pub(super) cause: Option<CallError>,
    /// The host has answered to the last session, though it did not take it.
    pub(super) host_has_answered: bool,
}

impl<'a> Attempt<'a> {
    pub(super) fn new(scope: &'a AccountScope, is_kept: bool) -> Self {
        Self { scope, is_kept, cause: None, host_has_answered: false }
    }

    /// Revokes a session. A pair that is newer than the one given is left in `session`.
    pub(super) async fn revoke(&mut self, session_id: SessionId, session: &mut StoredSession) -> Delivery {
        self.host_has_answered = false;
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
        self.exchange_and_revoke(session_id, session).await
    }

    /// An expired access token proves nothing to the host, and the refresh token may live on: one more pair is asked for, to be
    /// revoked at once.
    async fn exchange_and_revoke(&mut self, session_id: SessionId, session: &mut StoredSession) -> Delivery {
        let now = self.scope.clock.reading();
        // It may be under way in another process, which will revoke what comes of it.
        if is_under_way(session, &now) {
            return Delivery::Waits;
        }
        let over = |session: &StoredSession| {
            if session.refresh_history.in_flight_or_lost { Delivery::Abandoned } else { Delivery::Revoked }
        };
        let elapsed = now.since(&session.received);
        if session.refresh_token_lifetime().is_some_and(|life| elapsed.has_definitely_passed(life)) {
            return over(session);
        }
        match self.claim(session_id, session).await {
            Ok(Claim::Granted) => {}
            Ok(Claim::Taken) => return Delivery::Waits,
            Err(error) => {
                tracing::warn!(error = error.kind(), "a revocation waits: the list cannot be written");
                return Delivery::Waits;
            }
        }
        let answer = match request_refresh(self.scope, session, None).await {
            Ok(answer) => answer,
            Err(denied) => {
                self.unclaim(session_id, session, false).await;
                return self.waits(match denied {
                    Denied::LockedOut(locked_out) => CallError::LockedOut(locked_out),
                    Denied::Store(_) => CallError::Protocol { what: "the count of attempts cannot be read" },
                });
            }
        };
        let error = match answer.outcome {
            RefreshOutcome::Refreshed(refreshed) => {
                if let Err(error) = self.keep(session_id, session, *refreshed).await {
                    tracing::warn!(error = error.kind(), "a pair that has to be revoked could not be saved");
                }
                return match self.send_revocation(session).await {
                    Ok(SignOutAnswer::Revoked) => Delivery::Revoked,
                    Ok(SignOutAnswer::AccessTokenRejected) => Delivery::Waits,
                    Err(error) => self.waits(error),
                };
            }
            RefreshOutcome::Ended => return over(session),
            RefreshOutcome::Refused { .. } => {
                CallError::Protocol { what: "the host did not take the sign-out" }
            }
            RefreshOutcome::Unrecognized401 => {
                CallError::NotB2Core { what: "a 401 that is not in its form", status: 401 }
            }
            RefreshOutcome::Kept { error, .. } => error,
        };
        self.unclaim(session_id, session, !answer.was_not_sent).await;
        self.waits(error)
    }

    fn waits(&mut self, error: CallError) -> Delivery {
        self.host_has_answered = matches!(error, CallError::HostFailed { .. } | CallError::Protocol { .. });
        self.cause = Some(error);
        Delivery::Waits
    }

    /// Marks the entry in the list before it is exchanged, if it is still there and nobody else exchanges it. `session` stays as it
    /// was before, with what the list knows of it by now.
    async fn claim(&self, session_id: SessionId, session: &mut StoredSession) -> Result<Claim, StoreError> {
        if !self.is_kept {
            return Ok(Claim::Granted);
        }
        let now = self.scope.clock.reading();
        let by_now = change(self.scope, |list| {
            let entry = list.get(session).filter(|entry| !is_under_way(entry, &now)).cloned()?;
            let refresh_history = entry.refresh_history.under_way(&now, CLAIM);
            list.replace(session_id, &entry, &StoredSession { refresh_history, ..entry.clone() });
            Some(entry)
        })
        .await?;
        Ok(match by_now {
            Some(entry) => {
                *session = entry;
                Claim::Granted
            }
            None => Claim::Taken,
        })
    }

    /// The exchange has brought nothing. If the host may have seen it, another pair may be lost.
    async fn unclaim(&self, session_id: SessionId, session: &mut StoredSession, was_sent: bool) {
        let before = session.refresh_history.clone();
        let in_flight_or_lost = before.in_flight_or_lost || was_sent;
        let by = StoredSession {
            refresh_history: RefreshHistory { in_flight_or_lost, ..before },
            ..session.clone()
        };
        if let Err(error) = self.keep(session_id, session, by).await {
            tracing::warn!(error = error.kind(), "what a revocation came to could not be saved");
        }
    }

    /// From now on `session` is this; in the list too.
    async fn keep(
        &self,
        session_id: SessionId,
        session: &mut StoredSession,
        by: StoredSession,
    ) -> Result<(), StoreError> {
        let before = std::mem::replace(session, by);
        if self.is_kept {
            change(self.scope, |list| list.replace(session_id, &before, session)).await?;
        }
        Ok(())
    }

    async fn send_revocation(&self, session: &StoredSession) -> Result<SignOutAnswer, CallError> {
        let (request, in_flight) = sign_out(session);
        let exchange = self.scope.call(request, &CookieJar::of(session.cookies.clone())).await;
        let result = in_flight.resume(exchange.result, exchange.at, &self.scope.limits);
        if let Err(error) = &result {
            tracing::info!(correlation_id = %exchange.trace, cause = error.kind(), "a revocation was not delivered");
        }
        result
    }
}

/// True if somebody refreshes or exchanges this pair just now, as far as its record says.
fn is_under_way(session: &StoredSession, now: &ClockReading) -> bool {
    session.refresh_history.backoff.is_some_and(|backoff| backoff.left(now).is_some())
}
