//! Who is signed in, as a stream to watch.

use super::{
    account_state::AccountState,
    auth_state::{AuthState, Health, StateChange, StateReason},
    load_session::load_session,
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
};
use tokio::sync::watch;

/// The states of one account: a [`Stream`] that never ends, and an async method [`next`](Self::next) for those who need no
/// stream. The first state is read from the store. A reader that is slow gets the newest state only.
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
}

impl AuthStateChanges {
    pub(crate) fn of(account: Arc<AccountState>) -> Self {
        let changes = account.changes();
        Self { watch: Some(Watch { account, changes, is_begun: false }), waiting: None }
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
        if !self.is_begun {
            let first = self.first().await;
            self.is_begun = true;
            return first;
        }
        // The sender lives in the account that is held here.
        let _closed = self.changes.changed().await;
        let newest = self.changes.borrow_and_update().clone();
        newest.unwrap_or_else(store_unavailable)
    }

    async fn first(&mut self) -> StateChange {
        self.changes.mark_unchanged();
        // The read is done to its end: this future may be kept for long without being polled, and others wait for the read.
        let account = self.account.clone();
        let read = run_to_completion(async move { load_session(&account).await }).await;
        let cut_off = StoreError::Unavailable { what: "the program is shutting down" };
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
        StateChange { state, reason: StateReason::Stored, health: self.account.health() }
    }

    /// Reading it may have published this state; another one that was published since is the next change.
    fn mark_what_came_since(&mut self, state: &AuthState) {
        let published = self.changes.borrow_and_update().clone();
        if published.is_some_and(|published| published.state != *state) {
            self.changes.mark_changed();
        }
    }
}

fn store_unavailable() -> StateChange {
    let (reason, health) = (StateReason::StoreUnavailable, Health::StoreUnavailable);
    StateChange { state: AuthState::Unavailable, reason, health }
}
