//! An attempt to revoke a session's tokens at the host.
//!
//! Only the host's own answer counts. The access token may be dead while the refresh token lives, so a 401 to it proves nothing:
//! the refresh token is then exchanged once more, and the new pair is revoked. That pair is saved before it is used. A refresh
//! token that the host does not know proves that the session is over only if no other refresh of it may have brought a pair.

use super::{refresh_request::request_refresh, revocation_list::change};
use crate::host::{AccountScope, Denied};
use auth_core::{
    CallError, Elapsed,
    ports::StoreError,
    session::{RefreshHistory, RefreshOutcome, SignOutAnswer, StoredSession, sign_out},
};

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

/// An attempt to revoke sessions at the host.
pub(super) struct Attempt<'a> {
    pub(super) scope: &'a AccountScope,
    /// The revocation is in the list, and a new pair takes its place there before it is used.
    pub(super) is_kept: bool,
    /// What the last request came to, if the host did not take it.
    pub(super) cause: Option<CallError>,
}

impl Attempt<'_> {
    /// Revokes a session. A pair that is newer than the one given is left in `session`.
    pub(super) async fn revoke(&mut self, session: &mut StoredSession) -> Delivery {
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
        let over = if may_have_another_pair { Delivery::Abandoned } else { Delivery::Revoked };
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
