//! What one client knows of one office's session, shared by all handles.

use super::{
    flight::Flight,
    live::ActiveSession,
    state::{AuthState, StateChange, StateReason},
};
use arc_swap::{ArcSwapOption, Guard};
use auth_core::{
    Office,
    ports::{SessionId, StoreError},
    session::SessionError,
};
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError, Weak,
    atomic::{AtomicU64, Ordering},
};
use tokio::sync::watch;

pub(crate) struct Account {
    pub(super) office: Office,
    active: ArcSwapOption<ActiveSession>,
    pub(super) flight: Flight,
    /// The last session that is over, and why, for handles that are still around. Locked while the session in use is
    /// changed, so that what was checked first still holds then.
    over: Mutex<Option<(SessionId, EndReason)>>,
    changes: watch::Sender<Option<StateChange>>,
    pub(super) pending_reads: PendingReads,
    /// Held by whoever tells the host of sign-outs.
    pub(super) delivering: tokio::sync::Mutex<()>,
}

/// How a session went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EndReason {
    Ended,
    SignedOut,
}

/// Reads of the store under way: one serves everybody who asked before it began.
#[derive(Default)]
pub(super) struct PendingReads {
    pub(super) begun: AtomicU64,
    /// It does not keep a session that nobody uses any more: tokens go when they are signed out.
    pub(super) last: tokio::sync::Mutex<Option<Result<Option<Weak<ActiveSession>>, StoreError>>>,
    /// How often the session was published: a read that a publication overtook is out of date.
    published: AtomicU64,
}

impl Account {
    pub(crate) fn new(office: Office) -> Self {
        Self {
            office,
            active: ArcSwapOption::empty(),
            flight: Flight::default(),
            over: Mutex::default(),
            changes: watch::Sender::new(None),
            pending_reads: PendingReads::default(),
            delivering: tokio::sync::Mutex::default(),
        }
    }

    #[inline]
    pub(super) fn peek(&self) -> Guard<Option<Arc<ActiveSession>>> {
        self.active.load()
    }

    pub(super) fn active(&self) -> Option<Arc<ActiveSession>> {
        self.active.load_full()
    }

    /// Waits for a renewal under way.
    pub(crate) async fn wait_for_refresh(&self) {
        self.flight.wait_for_refresh().await;
    }

    pub(super) fn changes(&self) -> watch::Receiver<Option<StateChange>> {
        self.changes.subscribe()
    }

    pub(super) fn publications(&self) -> u64 {
        self.pending_reads.published.load(Ordering::Acquire)
    }

    /// From now on this is the session in use.
    pub(crate) fn publish(&self, active: Arc<ActiveSession>, reason: StateReason) {
        let _change = self.change();
        self.put(active, Some(reason));
    }

    /// What the store was found to have, unless something was published since `before`, which is newer. Without a reason
    /// nothing has changed for whoever watches.
    pub(super) fn publish_if_newest(
        &self,
        before: u64,
        active: Arc<ActiveSession>,
        reason: Option<StateReason>,
    ) -> bool {
        let _change = self.change();
        let newest = self.publications() == before;
        if newest {
            self.put(active, reason);
        }
        newest
    }

    /// What became of the session of this epoch, unless it is not in use any more: a late renewal neither brings back what
    /// was signed out here nor takes the place of the next one.
    pub(super) fn follow(
        &self,
        session_id: SessionId,
        active: Arc<ActiveSession>,
        reason: Option<StateReason>,
    ) {
        let _change = self.change();
        if self.in_use() == Some(session_id) {
            self.put(active, reason);
        }
    }

    /// From now on there is none, unless another one than that of this epoch is in use.
    pub(super) fn clear(&self, session_id: Option<SessionId>, over: EndReason, reason: StateReason) {
        let mut change = self.change();
        if self.in_use() != session_id {
            return;
        }
        if let Some(session_id) = session_id {
            *change = Some((session_id, over));
        }
        self.pending_reads.published.fetch_add(1, Ordering::AcqRel);
        self.active.store(None);
        self.tell(StateChange { state: AuthState::SignedOut, reason });
    }

    fn change(&self) -> MutexGuard<'_, Option<(SessionId, EndReason)>> {
        self.over.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn in_use(&self) -> Option<SessionId> {
        self.peek().as_ref().and_then(|active| active.session_id)
    }

    /// To be called while the change is locked.
    fn put(&self, active: Arc<ActiveSession>, reason: Option<StateReason>) {
        self.pending_reads.published.fetch_add(1, Ordering::AcqRel);
        let state = Self::state_of(&active);
        self.active.store(Some(active));
        if let Some(reason) = reason {
            self.tell(StateChange { state, reason });
        }
    }

    /// Whose handle has this epoch: its session, or what became of it.
    pub(super) fn session_of(&self, session_id: SessionId) -> Result<Arc<ActiveSession>, SessionError> {
        match self.active() {
            Some(active) if active.session_id == Some(session_id) => Ok(active),
            Some(_) => Err(StoreError::SessionReplaced.into()),
            None => Err(match *self.change() {
                Some((of, EndReason::Ended)) if of == session_id => SessionError::Ended,
                _ => SessionError::NotSignedIn,
            }),
        }
    }

    pub(super) fn state_of(active: &ActiveSession) -> AuthState {
        let account = active.session.account.clone();
        if active.session.refresh_history.rejected {
            AuthState::ReauthenticationRequired { account }
        } else {
            AuthState::SignedIn { account }
        }
    }

    fn tell(&self, change: StateChange) {
        self.changes.send_if_modified(|last| {
            // A renewal is news; the same thing read once more is not.
            let news = last.as_ref() != Some(&change) || change.reason == StateReason::Refreshed;
            *last = Some(change);
            news
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auth_core::session::StoredSession;

    fn active(session_id: u64) -> Arc<ActiveSession> {
        let token = r#"{"token":"a","created_at":null,"expires_at":null}"#;
        let record = format!(
            r#"{{"v":2,"office":"front","account":"ann@example.com","access":{token},"refresh":{token},
                "received_at":"2026-01-01T00:00:00Z","host_now":null}}"#
        );
        let session = StoredSession::decode(record.as_bytes()).expect("a session");
        ActiveSession::new(Some(SessionId(session_id)), session)
    }

    #[test]
    fn what_comes_late_of_the_last_session_does_not_touch_the_next_one() {
        let account = Account::new(Office::Front);
        account.publish(active(1), StateReason::SignedIn);
        let before = account.publications();
        account.publish(active(2), StateReason::SignedIn);
        account.clear(Some(SessionId(1)), EndReason::SignedOut, StateReason::SignedOutElsewhere);
        account.follow(SessionId(1), active(1), Some(StateReason::Refreshed));
        assert!(!account.publish_if_newest(before, active(1), None));
        assert!(account.session_of(SessionId(2)).is_ok());
        account.clear(Some(SessionId(2)), EndReason::SignedOut, StateReason::SignedOut);
        account.follow(SessionId(2), active(2), Some(StateReason::Refreshed));
        assert!(account.active().is_none(), "a renewal that ends late does not bring it back");
    }
}
