//! Locks inside the process, one for each key: whoever asks first comes first.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};
use tokio::{
    sync::{Mutex as AsyncMutex, OwnedMutexGuard},
    time::{Instant, timeout_at},
};

/// How long a lock is waited for. Longer than an exchange with a host may take, so that a waiter outlasts a holder
/// that is merely slow.
pub(crate) const LOCK_WAIT: Duration = Duration::from_secs(45);

/// A held lock; the next in line gets it when this is dropped.
pub(crate) type KeyLock = OwnedMutexGuard<()>;

/// A lock for each key. A key that nobody holds or waits for takes no memory.
pub(crate) struct KeyLocks<K>(Mutex<HashMap<K, Weak<AsyncMutex<()>>>>);

impl<K> Default for KeyLocks<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Clone + Eq + Hash> KeyLocks<K> {
    /// Waits for the key's lock; nothing if the deadline passed first.
    pub(crate) async fn lock(&self, key: &K, deadline: Instant) -> Option<KeyLock> {
        let queue = self.of(key);
        // Whoever waits is given the lock before anybody can take it, so this passes nobody.
        if let Ok(lock) = queue.clone().try_lock_owned() {
            return Some(lock);
        }
        timeout_at(deadline, queue.lock_owned()).await.ok()
    }

    /// The key's lock if nobody has it.
    pub(crate) fn try_lock(&self, key: &K) -> Option<KeyLock> {
        self.of(key).try_lock_owned().ok()
    }

    fn of(&self, key: &K) -> Arc<AsyncMutex<()>> {
        let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(queue) = queues.get(key).and_then(Weak::upgrade) {
            return queue;
        }
        queues.retain(|_, queue| queue.strong_count() > 0);
        let queue = Arc::new(AsyncMutex::new(()));
        queues.insert(key.clone(), Arc::downgrade(&queue));
        queue
    }
}
