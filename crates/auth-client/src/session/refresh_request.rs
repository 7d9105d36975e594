//! One refresh request: attempt counted, request sent, outcome taken in by the rate limiter.

use crate::host::{AccountScope, CookieJar, Denied, Trace};
use auth_core::{
    CallError, ClockReading, Endpoint,
    ports::{Record, RecordKey, WriteCondition, within},
    session::{RefreshOutcome, StoredSession, refresh},
};
use std::time::{Duration, Instant};

/// A transport answers in this time, by far.
const MAX_EXCHANGE: Duration = Duration::from_secs(120);

/// What a refresh request came to.
pub(super) struct RefreshAnswer {
    pub(super) outcome: RefreshOutcome,
    pub(super) was_not_sent: bool,
    /// When the answer came.
    pub(super) now: ClockReading,
    pub(super) trace: Trace,
}

/// Sends the refresh token of this record. `intent` is saved in the same write as the count, before the request is sent.
pub(super) async fn request_refresh(
    scope: &AccountScope,
    stored: &StoredSession,
    intent: Option<(RecordKey, Record, WriteCondition)>,
) -> Result<RefreshAnswer, Denied> {
    let endpoint = Endpoint::Refresh(stored.office);
    let permit =
        scope.rate_limiter.acquire_and_save(stored.office, endpoint, &stored.account, intent).await?;
    let (request, in_flight) = refresh(stored);
    // A transport of the program's own may never answer; the store's lock is held meanwhile.
    let jar = CookieJar::of(stored.cookies.clone());
    let exchange = within(MAX_EXCHANGE, scope.call(request, &jar), Instant::now, tokio::time::sleep).await;
    let exchange = exchange.unwrap_or_else(|| scope.no_answer());
    let was_not_sent = exchange.was_not_sent();
    let now = scope.clock.reading();
    let mut outcome = in_flight.resume(exchange.result, &now, &scope.limits);
    if let RefreshOutcome::Refreshed(session) = &mut outcome {
        session.cookies = jar.cookies();
    }
    let locked_out = match &outcome {
        RefreshOutcome::Kept { error: CallError::LockedOut(locked_out), .. } => Some(*locked_out),
        _ => None,
    };
    scope.rate_limiter.settle(permit, was_not_sent, locked_out).await;
    Ok(RefreshAnswer { outcome, was_not_sent, now, trace: exchange.trace })
}
