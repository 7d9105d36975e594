//! The states that a display has gone through, for readers who come and go and miss none.

use super::state::QrState;
use crate::RequestError;
use auth_core::qr::QrSignInError;
use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::sync::watch;

pub(super) type QrResult = Result<QrState, RequestError<QrSignInError>>;

/// Older states are forgotten: a reader that is this far behind goes on with what is left.
const MAX_KEPT: usize = 16;

pub(super) struct StateLog {
    kept: Mutex<Kept>,
    /// Counts the states: whoever waits is woken.
    count: watch::Sender<u64>,
}

#[derive(Default)]
struct Kept {
    states: VecDeque<QrResult>,
    /// The number of the first one that is kept.
    first: u64,
    /// No other state follows.
    closed: bool,
}

impl Default for StateLog {
    fn default() -> Self {
        Self { kept: Mutex::default(), count: watch::Sender::new(0) }
    }
}

/// What a reader finds.
pub(super) enum Next {
    State(Box<QrResult>),
    /// The last state was read.
    End,
    /// No state yet.
    NotYet,
}

impl StateLog {
    pub(super) fn push(&self, state: QrResult) {
        let mut kept = self.lock();
        if kept.closed {
            return;
        }
        kept.closed = state.as_ref().map_or(true, QrState::is_final);
        kept.states.push_back(state);
        if kept.states.len() > MAX_KEPT {
            kept.states.pop_front();
            kept.first += 1;
        }
        let count = kept.first + kept.states.len() as u64;
        drop(kept);
        self.count.send_replace(count);
    }

    /// No other state follows.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.count.send_modify(|_| {});
    }

    pub(super) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// The newest state.
    pub(super) fn last(&self) -> Option<QrResult> {
        self.lock().states.back().cloned()
    }

    /// The number of the newest state, where a new reader begins.
    pub(super) fn newest(&self) -> u64 {
        let kept = self.lock();
        (kept.first + kept.states.len() as u64).saturating_sub(1)
    }

    /// The state with this number, or the first one after it that is kept. The number becomes that of the next.
    pub(super) fn read(&self, at: &mut u64) -> Next {
        let kept = self.lock();
        *at = (*at).max(kept.first);
        let index = usize::try_from(*at - kept.first).unwrap_or(usize::MAX);
        match kept.states.get(index) {
            Some(state) => {
                *at += 1;
                Next::State(Box::new(state.clone()))
            }
            None if kept.closed => Next::End,
            None => Next::NotYet,
        }
    }

    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.count.subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::QrExpiry, *};

    fn expired() -> QrResult {
        Ok(QrState::Expired(QrExpiry::Lifetime))
    }

    #[test]
    fn every_reader_sees_every_state_from_where_it_began() {
        let log = StateLog::default();
        let (mut early, mut late) = (log.newest(), 0);
        assert!(matches!(log.read(&mut early), Next::NotYet));
        log.push(expired());
        log.push(Ok(QrState::Approved));
        late = late.max(log.newest());
        assert!(
            matches!(log.read(&mut early), Next::State(state) if matches!(*state, Ok(QrState::Expired(_))))
        );
        for at in [&mut early, &mut late] {
            assert!(matches!(log.read(at), Next::State(state) if matches!(*state, Ok(QrState::Approved))));
            assert!(matches!(log.read(at), Next::NotYet));
        }
        log.push(Ok(QrState::NotAvailable));
        log.push(expired());
        assert!(
            matches!(log.read(&mut early), Next::State(state) if matches!(*state, Ok(QrState::NotAvailable)))
        );
        assert!(matches!(log.read(&mut early), Next::End));
    }

    #[test]
    fn a_reader_that_is_far_behind_goes_on_with_what_is_kept() {
        let log = StateLog::default();
        for _ in 0..MAX_KEPT + 5 {
            log.push(expired());
        }
        let (mut at, mut seen) = (0, 0);
        while matches!(log.read(&mut at), Next::State(_)) {
            seen += 1;
        }
        assert_eq!(seen, MAX_KEPT);
    }
}
