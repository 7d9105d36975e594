//! Who may change a record of a foreign store, among all clients of this process.

use auth_client::ports::RecordKey;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError, Weak},
};
use tokio::sync::Mutex as AsyncMutex;

type Lock = AsyncMutex<()>;

/// Locks by record, whatever store object it is reached through: two objects over one Keychain reach the same record, and
/// nobody can tell that from here. Two stores that have nothing in common but a record's name wait for each other a
/// little; that is the cheaper mistake.
#[derive(Default)]
pub(super) struct Locks {
    locks: Table,
    writing: Table,
}

impl Locks {
    pub(super) fn of_this_process() -> Arc<Self> {
        static ALL: OnceLock<Arc<Locks>> = OnceLock::new();
        ALL.get_or_init(Arc::default).clone()
    }

    /// The lock that is a record's lock.
    pub(super) fn lock(&self, key: &RecordKey) -> Arc<Lock> {
        self.locks.of(key)
    }

    /// The lock that is held for one write.
    pub(super) fn writing(&self, key: &RecordKey) -> Arc<Lock> {
        self.writing.of(key)
    }
}

#[derive(Default)]
struct Table(Mutex<HashMap<RecordKey, Weak<Lock>>>);

impl Table {
    fn of(&self, key: &RecordKey) -> Arc<Lock> {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lock) = locks.get(key).and_then(Weak::upgrade) {
            return lock;
        }
        // Nobody holds or awaits the others.
        locks.retain(|_, lock| lock.strong_count() > 0);
        let lock = Arc::default();
        locks.insert(key.clone(), Arc::downgrade(&lock));
        lock
    }
}
