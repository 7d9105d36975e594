//! A store that forgets everything with the process.

use crate::queue::{LEASE_WAIT, Queues};
use async_trait::async_trait;
use auth_core::ports::{Guard, Lease, Record, RecordKey, SessionStore, StoreError};
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::time::Instant;

/// Keeps records in memory, for tests and for programs that sign in anew at each start. Clones share the content.
/// Bodies are wiped when they are replaced, removed or dropped.
#[derive(Clone, Default)]
pub struct MemoryStore {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    records: Mutex<HashMap<RecordKey, Record>>,
    leases: Queues<RecordKey>,
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

    async fn save(&self, key: &RecordKey, record: &Record, guard: Guard) -> Result<(), StoreError> {
        self.save_all(&[(key.clone(), record.clone(), guard)]).await
    }

    async fn save_all(&self, changes: &[(RecordKey, Record, Guard)]) -> Result<(), StoreError> {
        let mut records = self.records();
        for (key, record, guard) in changes {
            let there = records.get(key).map(|record| record.epoch);
            if *guard == Guard::SameEpoch && there != Some(record.epoch) {
                return Err(StoreError::EpochMoved);
            }
        }
        records.extend(changes.iter().map(|(key, record, _)| (key.clone(), record.clone())));
        Ok(())
    }

    async fn remove(&self, key: &RecordKey) -> Result<(), StoreError> {
        self.records().remove(key);
        Ok(())
    }

    async fn lease(&self, key: &RecordKey) -> Result<Lease, StoreError> {
        let turn = self.shared.leases.turn(key, Instant::now() + LEASE_WAIT).await;
        turn.map(Lease::new).ok_or(StoreError::Unavailable { what: "somebody else holds the record" })
    }

    async fn try_lease(&self, key: &RecordKey) -> Result<Option<Lease>, StoreError> {
        Ok(self.shared.leases.try_turn(key).map(Lease::new))
    }

    async fn keys(&self) -> Result<Vec<RecordKey>, StoreError> {
        Ok(self.records().keys().cloned().collect())
    }
}
