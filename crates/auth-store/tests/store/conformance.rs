//! The port's own suite, for each adapter.

use auth_core::ports::{Record, RecordKey, SessionStore, StoreError, StoreLock, WriteCondition};

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
    auth_store::store_conformance!(|| async { super::Reopened(super::super::Place::new()) });
}

/// A store together with its directory.
struct Kept {
    store: super::Store,
    _place: super::Place,
}

impl Kept {
    fn new(open: fn(&super::Place) -> super::Store) -> Self {
        let place = super::Place::new();
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

struct Reopened(super::Place);

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
