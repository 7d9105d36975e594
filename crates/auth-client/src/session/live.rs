//! The pair that is in use, and a quick answer to "can it be used now?"

use arc_swap::Guard;
use auth_core::{
    ports::SessionId,
    secret::AccessToken,
    session::{SessionPolicy, StoredSession},
};
use std::{
    fmt,
    hash::{BuildHasher, RandomState},
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

/// A session as it is in use.
pub(crate) struct ActiveSession {
    /// The epoch that it is saved under; none if it could not be saved.
    pub(super) session_id: Option<SessionId>,
    pub(super) session: StoredSession,
    /// The store has an older pair than this one.
    pub(super) unsaved: bool,
    pub(super) policy: SessionPolicy,
    pub(super) window: Window,
}

impl ActiveSession {
    pub(crate) fn new(session_id: Option<SessionId>, session: StoredSession) -> Arc<Self> {
        Arc::new(Self { session_id, session, unsaved: false, policy: drawn(), window: Window::default() })
    }

    pub(super) fn unsaved(session_id: SessionId, session: StoredSession) -> Arc<Self> {
        let session_id = Some(session_id);
        Arc::new(Self { session_id, session, unsaved: true, policy: drawn(), window: Window::default() })
    }

    pub(super) fn token(&self) -> &AccessToken {
        &self.session.tokens.access.token
    }
}

/// A policy with a chance of its own, so that processes that share a session do not all begin to renew it together.
fn drawn() -> SessionPolicy {
    // Seeded by the system once a thread, and different each time: chance enough, without asking the system each time.
    let random = (RandomState::new().hash_one(()) >> 32) as u32;
    SessionPolicy { jitter: f64::from(random) / f64::from(u32::MAX) }
}

/// The span of wall-clock time in which the token is lent without a second look. It is short, so a clock that is set, or a
/// machine that sleeps, is noticed at the next loan.
#[derive(Default)]
pub(super) struct Window {
    from: AtomicI64,
    until: AtomicI64,
}

/// How long nobody looks again.
const LONGEST: Duration = Duration::from_millis(500);

impl Window {
    #[inline]
    pub(super) fn holds(&self, now: i64) -> bool {
        self.from.load(Ordering::Relaxed) <= now && now < self.until.load(Ordering::Relaxed)
    }

    pub(super) fn open(&self, now: i64, span: Duration) {
        let span = i64::try_from(span.min(LONGEST).as_nanos()).unwrap_or(0);
        self.from.store(now, Ordering::Relaxed);
        self.until.store(now.saturating_add(span), Ordering::Relaxed);
    }
}

/// An access token on loan: no copy of it was made. Give it back soon: while it is lent, an older pair stays in memory.
pub struct TokenGuard(pub(super) Guard<Option<Arc<ActiveSession>>>);

impl Deref for TokenGuard {
    type Target = AccessToken;

    #[inline]
    fn deref(&self) -> &AccessToken {
        self.0.as_ref().expect("made of a session that is there").token()
    }
}

impl fmt::Debug for TokenGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenGuard(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_holds_for_a_short_span_and_only_forward() {
        let window = Window::default();
        assert!(!window.holds(0));
        window.open(1000, Duration::from_secs(900));
        assert!(window.holds(1000) && window.holds(500_000_999));
        assert!(!window.holds(500_001_000) && !window.holds(999), "time went on, or the clock was set back");
        window.open(2000, Duration::from_nanos(20));
        assert!(window.holds(2019) && !window.holds(2020));
    }
}
