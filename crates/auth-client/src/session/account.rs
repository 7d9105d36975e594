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
    Arc, Mutex, PoisonError, Weak,
    atomic::{AtomicU64, Ordering},
};
use tokio::sync::watch;

pub(crate) struct Account {
    pub(super) office: Office,
    live: ArcSwapOption<Live>,
    pub(super) flight: Flight,
    /// The last session that is over, and why, for handles that are still around.
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
        self.looks.published.fetch_add(1, Ordering::AcqRel);
        let state = Self::state_of(&live);
        self.live.store(Some(live));
        self.tell(StateChange { state, reason });
    }

    /// From now on this is the session in use; for whoever watches nothing has changed.
    pub(super) fn replace(&self, live: Arc<Live>) {
        self.looks.published.fetch_add(1, Ordering::AcqRel);
        self.live.store(Some(live));
    }

    /// From now on there is none.
    pub(super) fn clear(&self, epoch: Option<Epoch>, over: Over, reason: StateReason) {
        self.looks.published.fetch_add(1, Ordering::AcqRel);
        if let Some(epoch) = epoch {
            *self.over.lock().unwrap_or_else(PoisonError::into_inner) = Some((epoch, over));
        }
        self.live.store(None);
        self.tell(StateChange { state: AuthState::SignedOut, reason });
    }

    /// Whose handle has this epoch: its session, or what became of it.
    pub(super) fn session_of(&self, epoch: Epoch) -> Result<Arc<Live>, SessionError> {
        match self.live() {
            Some(live) if live.epoch == Some(epoch) => Ok(live),
            Some(_) => Err(StoreError::EpochMoved.into()),
            None => {
                let over = *self.over.lock().unwrap_or_else(PoisonError::into_inner);
                Err(match over {
                    Some((of, Over::Ended)) if of == epoch => SessionError::Ended,
                    _ => SessionError::NotSignedIn,
                })
            }
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
