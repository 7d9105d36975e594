//! The port's own suite, for each adapter.

use auth_core::ports::{Record, RecordKey, SessionId, SessionStore, StoreError, StoreLock, WriteCondition};
use auth_store::FileStore;

mod memory {
    auth_store::store_conformance!(|| async { auth_store::MemoryStore::new() });
}

mod key_file {
    auth_store::store_conformance!(|| async { super::Kept::new(|place| place.open()) });
}

mod callers_thread {
    auth_store::store_conformance!(|| async { super::Kept::new(|place| place.open().run_inline()) });
}

mod passphrase {
    auth_store::store_conformance!(|| async { super::Kept::new(|place| place.open_with("correct horse")) });
}

/// Each call goes to a new instance, so nothing but the file can have kept the records.
mod reopened {
    auth_store::store_conformance!(|| async { super::Reopened(crate::Place::new()) });
}

#[tokio::test]
async fn clones_of_a_memory_store_share_the_content() {
    let (key, record) = (crate::session(), crate::record(3, "x"));
    let store = auth_store::MemoryStore::default();
    store.clone().save(&key, &record, WriteCondition::Unconditional).await.unwrap();
    assert_eq!(store.load(&key).await.unwrap().map(|found| found.session_id), Some(SessionId(3)));
    assert!(auth_store::MemoryStore::new().load(&key).await.unwrap().is_none());
}

/// A store together with its directory.
struct Kept {
    store: FileStore,
    _place: crate::Place,
}

impl Kept {
    fn new(open: fn(&crate::Place) -> FileStore) -> Self {
        let place = crate::Place::new();
        Self { store: open(&place), _place: place }
    }
}

#[async_trait::async_trait]
impl SessionStore for Kept {
    async fn load(&self, key: &RecordKey) -> Result<Option<Record>, StoreError> {
        self.store.load(key).await
    }

    async fn save(
        &self,
        key: &RecordKey,
        record: &Record,
        condition: WriteCondition,
    ) -> Result<(), StoreError> {
        self.store.save(key, record, condition).await
    }

    async fn remove(&self, key: &RecordKey) -> Result<(), StoreError> {
        self.store.remove(key).await
    }

    async fn remove_unchanged(&self, key: &RecordKey, read: Option<&Record>) -> Result<(), StoreError> {
        self.store.remove_unchanged(key, read).await
    }

    async fn lock(&self, key: &RecordKey) -> Result<StoreLock, StoreError> {
        self.store.lock(key).await
    }

    async fn try_lock(&self, key: &RecordKey) -> Result<Option<StoreLock>, StoreError> {
        self.store.try_lock(key).await
    }

    async fn keys(&self) -> Result<Vec<RecordKey>, StoreError> {
        self.store.keys().await
    }
}

struct Reopened(crate::Place);

#[async_trait::async_trait]
impl SessionStore for Reopened {
    async fn load(&self, key: &RecordKey) -> Result<Option<Record>, StoreError> {
        self.0.open().load(key).await
    }

    async fn save(
        &self,
        key: &RecordKey,
        record: &Record,
        condition: WriteCondition,
    ) -> Result<(), StoreError> {
        self.0.open().save(key, record, condition).await
    }

    async fn remove(&self, key: &RecordKey) -> Result<(), StoreError> {
        self.0.open().remove(key).await
    }

    async fn remove_unchanged(&self, key: &RecordKey, read: Option<&Record>) -> Result<(), StoreError> {
        self.0.open().remove_unchanged(key, read).await
    }

    async fn lock(&self, key: &RecordKey) -> Result<StoreLock, StoreError> {
        self.0.open().lock(key).await
    }

    async fn try_lock(&self, key: &RecordKey) -> Result<Option<StoreLock>, StoreError> {
        self.0.open().try_lock(key).await
    }

    async fn keys(&self) -> Result<Vec<RecordKey>, StoreError> {
        self.0.open().keys().await
    }
}
