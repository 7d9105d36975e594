//! What one client knows of one office's session, shared by all handles.

use super::{
    flight::Flight,
    live::Live,
    state::{AuthState, StateChange, StateReason},
};
use arc_swap::{ArcSwapOption, Guard};
use auth_core::{
    Office,
    ports::{Epoch, StoreError},
    session::SessionError,
};
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError, Weak,
    atomic::{AtomicU64, Ordering},
};
use tokio::sync::watch;

pub(crate) struct Account {
    pub(super) office: Office,
    live: ArcSwapOption<Live>,
    pub(super) flight: Flight,
    /// The last session that is over, and why, for handles that are still around. Locked while the session in use is
    /// changed, so that what was checked first still holds then.
    over: Mutex<Option<(Epoch, Over)>>,
    changes: watch::Sender<Option<StateChange>>,
    pub(super) looks: Looks,
    /// Held by whoever tells the host of sign-outs.
    pub(super) telling: tokio::sync::Mutex<()>,
}

/// How a session went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    Ended,
    SignedOut,
}

/// Reads of the store under way: one serves everybody who asked before it began.
#[derive(Default)]
pub(super) struct Looks {
    pub(super) begun: AtomicU64,
    /// It does not keep a session that nobody uses any more: tokens go when they are signed out.
    pub(super) last: tokio::sync::Mutex<Option<Result<Option<Weak<Live>>, StoreError>>>,
    /// How often the session was published: a read that a publication overtook is out of date.
    published: AtomicU64,
}

impl Account {
    pub(crate) fn new(office: Office) -> Self {
        Self {
            office,
            live: ArcSwapOption::empty(),
            flight: Flight::default(),
            over: Mutex::default(),
            changes: watch::Sender::new(None),
            looks: Looks::default(),
            telling: tokio::sync::Mutex::default(),
        }
    }

    #[inline]
    pub(super) fn peek(&self) -> Guard<Option<Arc<Live>>> {
        self.live.load()
    }

    pub(super) fn live(&self) -> Option<Arc<Live>> {
        self.live.load_full()
    }

    /// Waits for a renewal under way.
    pub(crate) async fn at_rest(&self) {
        self.flight.at_rest().await;
    }

    pub(super) fn changes(&self) -> watch::Receiver<Option<StateChange>> {
        self.changes.subscribe()
    }

    pub(super) fn publications(&self) -> u64 {
        self.looks.published.load(Ordering::Acquire)
    }

    /// From now on this is the session in use.
    pub(crate) fn publish(&self, live: Arc<Live>, reason: StateReason) {
        let _change = self.change();
        self.put(live, Some(reason));
    }

    /// What the store was found to have, unless something was published since `before`, which is newer. Without a reason
    /// nothing has changed for whoever watches.
    pub(super) fn publish_found(&self, before: u64, live: Arc<Live>, reason: Option<StateReason>) -> bool {
        let _change = self.change();
        let newest = self.publications() == before;
        if newest {
            self.put(live, reason);
        }
        newest
    }

    /// What became of the session of this epoch, unless it is not in use any more: a late renewal neither brings back what
    /// was signed out here nor takes the place of the next one.
    pub(super) fn follow(&self, epoch: Epoch, live: Arc<Live>, reason: Option<StateReason>) {
        let _change = self.change();
        if self.in_use() == Some(epoch) {
            self.put(live, reason);
        }
    }

    /// From now on there is none, unless another one than that of this epoch is in use.
    pub(super) fn clear(&self, epoch: Option<Epoch>, over: Over, reason: StateReason) {
        let mut change = self.change();
        if self.in_use() != epoch {
            return;
        }
        if let Some(epoch) = epoch {
            *change = Some((epoch, over));
        }
        self.looks.published.fetch_add(1, Ordering::AcqRel);
        self.live.store(None);
        self.tell(StateChange { state: AuthState::SignedOut, reason });
    }

    fn change(&self) -> MutexGuard<'_, Option<(Epoch, Over)>> {
        self.over.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn in_use(&self) -> Option<Epoch> {
        self.peek().as_ref().and_then(|live| live.epoch)
    }

    /// To be called while the change is locked.
    fn put(&self, live: Arc<Live>, reason: Option<StateReason>) {
        self.looks.published.fetch_add(1, Ordering::AcqRel);
        let state = Self::state_of(&live);
        self.live.store(Some(live));
        if let Some(reason) = reason {
            self.tell(StateChange { state, reason });
        }
    }

    /// Whose handle has this epoch: its session, or what became of it.
    pub(super) fn session_of(&self, epoch: Epoch) -> Result<Arc<Live>, SessionError> {
        match self.live() {
            Some(live) if live.epoch == Some(epoch) => Ok(live),
            Some(_) => Err(StoreError::EpochMoved.into()),
            None => Err(match *self.change() {
                Some((of, Over::Ended)) if of == epoch => SessionError::Ended,
                _ => SessionError::NotSignedIn,
            }),
        }
    }

    pub(super) fn state_of(live: &Live) -> AuthState {
        let account = live.session.account.clone();
        if live.session.standing.refused {
            AuthState::NeedsSignIn { account }
        } else {
            AuthState::SignedIn { account }
        }
    }

    fn tell(&self, change: StateChange) {
        self.changes.send_if_modified(|last| {
            // A renewal is news; the same thing read once more is not.
            let news = last.as_ref() != Some(&change) || change.reason == StateReason::Renewed;
            *last = Some(change);
            news
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auth_core::session::StoredSession;

    fn live(epoch: u64) -> Arc<Live> {
        let token = r#"{"token":"a","created_at":null,"expires_at":null}"#;
        let record = format!(
            r#"{{"v":2,"office":"front","account":"ann@example.com","access":{token},"refresh":{token},
                "received_at":"2026-01-01T00:00:00Z","host_now":null}}"#
        );
        let session = StoredSession::decode(record.as_bytes()).expect("a session");
        Live::new(Some(Epoch(epoch)), session)
    }

    #[test]
    fn what_comes_late_of_the_last_session_does_not_touch_the_next_one() {
        let account = Account::new(Office::Front);
        account.publish(live(1), StateReason::SignedIn);
        let before = account.publications();
        account.publish(live(2), StateReason::SignedIn);
        account.clear(Some(Epoch(1)), Over::SignedOut, StateReason::SignedOutElsewhere);
        account.follow(Epoch(1), live(1), Some(StateReason::Renewed));
        assert!(!account.publish_found(before, live(1), None));
        assert!(account.session_of(Epoch(2)).is_ok());
        account.clear(Some(Epoch(2)), Over::SignedOut, StateReason::SignedOut);
        account.follow(Epoch(2), live(2), Some(StateReason::Renewed));
        assert!(account.live().is_none(), "a renewal that ends late does not bring it back");
    }
}
