//! The locks of the records of foreign stores, shared by all clients of this process.

use auth_client::ports::RecordKey;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError, Weak},
};
use tokio::sync::Mutex as AsyncMutex;

type Lock = AsyncMutex<()>;

/// One mutex for each record, by the record's key and not by the store object: two objects over one Keychain share their
/// records, which cannot be seen from here. Two unrelated stores with records of the same name then wait for each other
/// without need, which is the smaller harm. Other processes are not excluded.
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

    /// The mutex behind the port's lock of a record.
    pub(super) fn lock(&self, key: &RecordKey) -> Arc<Lock> {
        self.locks.of(key)
    }

    /// The mutex that is held during one write of a record.
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
        // Those that nobody holds or waits for.
        locks.retain(|_, lock| lock.strong_count() > 0);
        let lock = Arc::default();
        locks.insert(key.clone(), Arc::downgrade(&lock));
        lock
    }
}
