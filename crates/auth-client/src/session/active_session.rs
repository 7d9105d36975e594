//! The session in use in memory, and the quick check whether its access token can be used now.

use super::ended_sessions;
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
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

/// A session as it is in use.
pub(crate) struct ActiveSession {
    /// The id that it is saved under; `None` if it was never saved.
    pub(super) session_id: Option<SessionId>,
    pub(super) session: StoredSession,
    /// The store has an older pair than this one.
    pub(super) unsaved: bool,
    pub(super) policy: SessionPolicy,
    pub(super) window: FreshnessWindow,
}

impl ActiveSession {
    pub(crate) fn new(session_id: Option<SessionId>, session: StoredSession) -> Arc<Self> {
        Arc::new(Self::of(session_id, session, false))
    }

    pub(super) fn unsaved(session_id: SessionId, session: StoredSession) -> Arc<Self> {
        Arc::new(Self::of(Some(session_id), session, true))
    }

    fn of(session_id: Option<SessionId>, session: StoredSession, unsaved: bool) -> Self {
        let (policy, window) = (policy_with_jitter(), FreshnessWindow::default());
        Self { session_id, session, unsaved, policy, window }
    }

    pub(super) fn token(&self) -> &AccessToken {
        &self.session.tokens.access.token
    }
}

/// A policy with a jitter of its own, so that processes that share a session do not all begin to refresh it together.
fn policy_with_jitter() -> SessionPolicy {
    // Seeded by the system once a thread, and different each time: random enough, without a system call each time.
    let random = (RandomState::new().hash_one(()) >> 32) as u32;
    SessionPolicy { jitter: f64::from(random) / f64::from(u32::MAX) }
}

/// The span of wall-clock time in which the token is given without asking all clocks again. It is short, so that a clock that
/// was set, or a machine that slept, is noticed at the next call. It closes when a session ends in this process.
#[derive(Default)]
pub(super) struct FreshnessWindow {
    from: AtomicI64,
    until: AtomicI64,
    /// How many sessions had ended when it was opened.
    ended: AtomicU64,
}

/// The longest window.
const MAX_WINDOW: Duration = Duration::from_millis(500);

impl FreshnessWindow {
    /// Whether `now`, in nanoseconds since 1970, is inside.
    #[inline]
    pub(super) fn contains(&self, now: i64) -> bool {
        self.from.load(Ordering::Relaxed) <= now
            && now < self.until.load(Ordering::Relaxed)
            && self.ended.load(Ordering::Relaxed) == ended_sessions::count()
    }

    /// `ended` is how many sessions had ended before the session was looked at.
    pub(super) fn open(&self, now: i64, span: Duration, ended: u64) {
        self.ended.store(ended, Ordering::Relaxed);
        let span = i64::try_from(span.min(MAX_WINDOW).as_nanos()).unwrap_or(0);
        self.from.store(now, Ordering::Relaxed);
        self.until.store(now.saturating_add(span), Ordering::Relaxed);
    }
}

/// A borrowed access token: no copy of it was made. Drop it soon: until then an older pair stays in memory.
#[must_use]
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
    fn a_window_is_short_and_only_forward() {
        let window = FreshnessWindow::default();
        assert!(!window.contains(0));
        let ended = ended_sessions::count();
        window.open(1000, Duration::from_secs(900), ended);
        assert!(window.contains(1000) && window.contains(500_000_999));
        assert!(
            !window.contains(500_001_000) && !window.contains(999),
            "time went on, or the clock was set back"
        );
        window.open(2000, Duration::from_nanos(20), ended);
        assert!(window.contains(2019) && !window.contains(2020));
    }
}
