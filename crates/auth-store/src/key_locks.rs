//! Queues inside the process: whoever asks first comes first.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};
use tokio::{
    sync::{Mutex as Turns, OwnedMutexGuard},
    time::{Instant, timeout_at},
};

/// How long a lock is waited for. Longer than an exchange with a host may take, so that a waiter outlasts a holder
/// that is merely slow.
pub(crate) const LOCK_WAIT: Duration = Duration::from_secs(45);

/// One's turn in a queue; the next in line gets it when this is dropped.
pub(crate) type Turn = OwnedMutexGuard<()>;

/// A queue for each key. A key that nobody waits for takes no memory.
pub(crate) struct Queues<K>(Mutex<HashMap<K, Weak<Turns<()>>>>);

impl<K> Default for Queues<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Clone + Eq + Hash> Queues<K> {
    /// Waits for the key's turn; nothing if the deadline passed first.
    pub(crate) async fn turn(&self, key: &K, deadline: Instant) -> Option<Turn> {
        let queue = self.of(key);
        // Whoever waits is given the turn before anybody can take it, so this passes nobody.
        if let Ok(turn) = queue.clone().try_lock_owned() {
            return Some(turn);
        }
        timeout_at(deadline, queue.lock_owned()).await.ok()
    }

    /// The key's turn if nobody has it.
    pub(crate) fn try_turn(&self, key: &K) -> Option<Turn> {
        self.of(key).try_lock_owned().ok()
    }

    fn of(&self, key: &K) -> Arc<Turns<()>> {
        let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(queue) = queues.get(key).and_then(Weak::upgrade) {
            return queue;
        }
        queues.retain(|_, queue| queue.strong_count() > 0);
        let queue = Arc::new(Turns::new(()));
        queues.insert(key.clone(), Arc::downgrade(&queue));
        queue
    }
}
