//! Locks inside the process, one for each key: whoever asks first comes first.

use auth_core::ports::within;
use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::{Duration, Instant},
};
use tokio::{
    sync::{Mutex as AsyncMutex, OwnedMutexGuard},
    time::sleep,
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
    /// Waits for the key's lock, at most for this time; time in which the process stood still does not count, since its holder
    /// stood still too.
    pub(crate) async fn lock(&self, key: &K, limit: Duration) -> Option<KeyLock> {
        let queue = self.of(key);
        // Whoever waits is given the lock before anybody can take it, so this passes nobody.
        if let Ok(lock) = queue.clone().try_lock_owned() {
            return Some(lock);
        }
        within(limit, queue.lock_owned(), Instant::now, sleep).await
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
