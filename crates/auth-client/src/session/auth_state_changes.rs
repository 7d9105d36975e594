//! Who is signed in, as a stream to watch.

use super::{
    account_state::AccountState,
    auth_state::{AuthState, Health, StateChange, StateReason},
    load_session::load_session,
    session_ends,
};
use crate::run_to_completion::run_to_completion;
use auth_core::ports::StoreError;
use futures_core::Stream;
use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::sync::watch;

/// The states of one account: a [`Stream`] that never ends, and an async method [`next`](Self::next) for those who need no
/// stream. The first state is read from the store; while the store cannot say, it is asked again from time to time. A reader that is slow gets the newest state only.
#[must_use = "streams do nothing unless polled"]
pub struct AuthStateChanges {
    watch: Option<Watch>,
    /// The wait under way: it survives that whoever asked for it gives up.
    waiting: Option<Waiting>,
}

type Waiting = Pin<Box<dyn Future<Output = (Watch, StateChange)> + Send>>;

struct Watch {
    account: Arc<AccountState>,
    changes: watch::Receiver<Option<StateChange>>,
    is_begun: bool,
    /// The store could not say who is signed in, so many times in a row: it is asked again, since nobody else may do so.
    unavailable: u32,
}

/// How long until the store is asked again, at first and at most.
const ASK_AGAIN: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(30));

impl AuthStateChanges {
    pub(crate) fn of(account: Arc<AccountState>) -> Self {
        let changes = account.changes();
        Self { watch: Some(Watch { account, changes, is_begun: false, unavailable: 0 }), waiting: None }
    }

    /// The next state: at once the first time, then whenever it has changed. Dropping the future loses nothing.
    pub async fn next(&mut self) -> StateChange {
        poll_fn(|cx| self.poll_change(cx)).await
    }

    fn poll_change(&mut self, cx: &mut Context<'_>) -> Poll<StateChange> {
        let waiting = self.waiting.get_or_insert_with(|| {
            let mut watch = self.watch.take().expect("it is here while nothing waits");
            Box::pin(async move {
                let change = watch.next().await;
                (watch, change)
            })
        });
        waiting.as_mut().poll(cx).map(|(watch, change)| {
            (self.watch, self.waiting) = (Some(watch), None);
            change
        })
    }
}

impl Stream for AuthStateChanges {
    type Item = StateChange;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<StateChange>> {
        self.get_mut().poll_change(cx).map(Some)
    }
}

impl fmt::Debug for AuthStateChanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthStateChanges")
    }
}

impl Watch {
    async fn next(&mut self) -> StateChange {
        let change = self.next_change().await;
        self.is_begun = true;
        self.unavailable = if change.state == AuthState::Unavailable { self.unavailable.max(1) } else { 0 };
        change
    }

    async fn next_change(&mut self) -> StateChange {
        if !self.is_begun {
            return self.read().await;
        }
        loop {
            let clock = self.account.scope.clock.clone();
            let asks_again = self.unavailable > 0;
            tokio::select! {
                biased;
                // The sender lives in the account that is held here.
                _ = self.changes.changed() => {
                    let newest = self.changes.borrow_and_update().clone();
                    return newest.unwrap_or_else(store_unavailable);
                }
                () = clock.sleep(pause(self.unavailable)), if asks_again => {}
            }
            tokio::task::yield_now().await;
            match self.read().await {
                StateChange { state: AuthState::Unavailable, .. } => {
                    self.unavailable = self.unavailable.saturating_add(1);
                }
                found => return found,
            }
        }
    }

    /// The state that the store has.
    async fn read(&mut self) -> StateChange {
        self.changes.mark_unchanged();
        // The read is done to its end: this future may be kept for long without being polled, and others wait for the read.
        let account = self.account.clone();
        let read =
            run_to_completion(&self.account.scope.runtime, async move { load_session(&account).await }).await;
        let cut_off = StoreError::unavailable("the program is shutting down");
        let state = match read.unwrap_or(Err(cut_off)) {
            Ok(Some(active)) => AccountState::state_of(&active),
            Ok(None) => AuthState::SignedOut,
            Err(error) => {
                tracing::warn!(error = error.kind(), "the store does not say who is signed in");
                self.mark_what_came_since(&AuthState::Unavailable);
                return store_unavailable();
            }
        };
        self.mark_what_came_since(&state);
        let reason = match &state {
            AuthState::SignedOut => self.why_signed_out().await,
            _ => StateReason::Stored,
        };
        StateChange { state, reason, health: self.account.health() }
    }

    /// Of the last session, as far as the store knows.
    async fn why_signed_out(&self) -> StateReason {
        let end = session_ends::read(&self.account.scope).await.ok().flatten();
        end.map_or(StateReason::Stored, |end| end.reason.into())
    }

    /// Reading it may have published this state; another one that was published since is the next change.
    fn mark_what_came_since(&mut self, state: &AuthState) {
        let published = self.changes.borrow_and_update().clone();
        if published.is_some_and(|published| published.state != *state) {
            self.changes.mark_changed();
        }
    }
}

/// Twice as long each time.
fn pause(unavailable: u32) -> Duration {
    ASK_AGAIN.0.saturating_mul(1 << unavailable.saturating_sub(1).min(10)).min(ASK_AGAIN.1)
}

fn store_unavailable() -> StateChange {
    let (reason, health) = (StateReason::StoreUnavailable, Health::StoreUnavailable);
    StateChange { state: AuthState::Unavailable, reason, health }
}
