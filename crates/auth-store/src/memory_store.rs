//! A store that forgets everything with the process.

use crate::key_locks::{KeyLocks, LOCK_WAIT};
use async_trait::async_trait;
use auth_core::ports::{Record, RecordKey, SessionStore, StoreError, StoreLock, WriteCondition};
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Keeps records in memory, for tests and for programs that sign in anew at each start. Clones share the content.
/// Bodies are wiped when they are replaced, removed or dropped.
#[derive(Clone, Default)]
pub struct MemoryStore {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    records: Mutex<HashMap<RecordKey, Record>>,
    locks: KeyLocks<RecordKey>,
}

impl MemoryStore {
    /// A new, empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn records(&self) -> MutexGuard<'_, HashMap<RecordKey, Record>> {
        // Each change is a single call on the map, so a panic elsewhere leaves it whole.
        self.shared.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn check(
    there: &HashMap<RecordKey, Record>,
    key: &RecordKey,
    record: &Record,
    condition: WriteCondition,
) -> Result<(), StoreError> {
    let there = there.get(key).map(|there| there.session_id);
    if condition.allows(record.session_id, there) { Ok(()) } else { Err(StoreError::SessionReplaced) }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryStore(..)")
    }
}

#[async_trait]
impl SessionStore for MemoryStore {
    async fn load(&self, key: &RecordKey) -> Result<Option<Record>, StoreError> {
        Ok(self.records().get(key).cloned())
    }

    async fn save(
        &self,
        key: &RecordKey,
        record: &Record,
        condition: WriteCondition,
    ) -> Result<(), StoreError> {
        let mut records = self.records();
        check(&records, key, record, condition)?;
        records.insert(key.clone(), record.clone());
        Ok(())
    }

    async fn save_all(&self, changes: &[(RecordKey, Record, WriteCondition)]) -> Result<(), StoreError> {
        let mut records = self.records();
        changes.iter().try_for_each(|(key, record, condition)| check(&records, key, record, *condition))?;
        records.extend(changes.iter().map(|(key, record, _)| (key.clone(), record.clone())));
        Ok(())
    }

    async fn remove(&self, key: &RecordKey) -> Result<(), StoreError> {
        self.records().remove(key);
        Ok(())
    }

    async fn remove_unchanged(&self, key: &RecordKey, read: Option<&Record>) -> Result<(), StoreError> {
        let mut records = self.records();
        if !Record::is_unchanged(records.get(key), read) {
            return Err(StoreError::SessionReplaced);
        }
        records.remove(key);
        Ok(())
    }

    async fn lock(&self, key: &RecordKey) -> Result<StoreLock, StoreError> {
        let lock = self.shared.locks.lock(key, LOCK_WAIT).await;
        lock.map(StoreLock::new).ok_or(StoreError::unavailable("somebody else holds the record"))
    }

    async fn try_lock(&self, key: &RecordKey) -> Result<Option<StoreLock>, StoreError> {
        Ok(self.shared.locks.try_lock(key).map(StoreLock::new))
    }

    async fn keys(&self) -> Result<Vec<RecordKey>, StoreError> {
        Ok(self.records().keys().cloned().collect())
    }
}
