//! A store that counts what it is asked for.

use async_trait::async_trait;
use auth_client::{
    ports::{
        KeyPage, Record, RecordKey, RecordKind, SessionStore, StoreCursor, StoreError, StoreLock,
        WriteCondition,
    },
    store::SqliteStore,
};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

#[derive(Clone)]
pub(crate) struct Counting {
    inner: SqliteStore,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    loads: AtomicUsize,
    listings: AtomicUsize,
}

impl Counting {
    pub(crate) fn new(inner: SqliteStore) -> Self {
        Self { inner, counts: Arc::default() }
    }

    /// Loads of session records since the last time, and listings of all keys.
    pub(crate) fn take(&self) -> (usize, usize) {
        (self.counts.loads.swap(0, Ordering::SeqCst), self.counts.listings.swap(0, Ordering::SeqCst))
    }
}

#[async_trait]
impl SessionStore for Counting {
    async fn load(&self, key: &RecordKey) -> Result<Option<Record>, StoreError> {
        if key.kind == RecordKind::Session {
            self.counts.loads.fetch_add(1, Ordering::SeqCst);
        }
        self.inner.load(key).await
    }

    async fn save(&self, key: &RecordKey, record: &Record, when: WriteCondition) -> Result<(), StoreError> {
        self.inner.save(key, record, when).await
    }

    async fn save_all(&self, records: &[(RecordKey, Record, WriteCondition)]) -> Result<(), StoreError> {
        self.inner.save_all(records).await
    }

    async fn remove(&self, key: &RecordKey) -> Result<(), StoreError> {
        self.inner.remove(key).await
    }

    async fn remove_unchanged(&self, key: &RecordKey, read: Option<&Record>) -> Result<(), StoreError> {
        self.inner.remove_unchanged(key, read).await
    }

    async fn lock(&self, key: &RecordKey) -> Result<StoreLock, StoreError> {
        self.inner.lock(key).await
    }

    async fn try_lock(&self, key: &RecordKey) -> Result<Option<StoreLock>, StoreError> {
        self.inner.try_lock(key).await
    }

    async fn keys(&self) -> Result<Vec<RecordKey>, StoreError> {
        self.counts.listings.fetch_add(1, Ordering::SeqCst);
        self.inner.keys().await
    }

    async fn keys_page(&self, after: &StoreCursor, at_most: usize) -> Result<KeyPage, StoreError> {
        self.inner.keys_page(after, at_most).await
    }
}
