//! The port's own suite.

use crate::desktop::Desktop;
use auth_core::ports::{Record, RecordKey, SessionStore, StoreError, StoreLock, WriteCondition};
use auth_store::KeyringStore;

mod one_instance {
    auth_store::store_conformance!(|| async { super::OnDesktop::new(false).await });
}

/// Each call goes to a new instance, so nothing but the keyring can have kept the records.
mod reopened {
    auth_store::store_conformance!(|| async { super::OnDesktop::new(true).await });
}

struct OnDesktop {
    desktop: Desktop,
    store: KeyringStore,
    is_reopened: bool,
}

impl OnDesktop {
    async fn new(is_reopened: bool) -> Self {
        let desktop = Desktop::new().await;
        Self { store: desktop.open(), desktop, is_reopened }
    }

    fn store(&self) -> KeyringStore {
        if self.is_reopened { self.desktop.open() } else { self.store.clone() }
    }
}

#[async_trait::async_trait]
impl SessionStore for OnDesktop {
    async fn load(&self, key: &RecordKey) -> Result<Option<Record>, StoreError> {
        self.store().load(key).await
    }

    async fn save(
        &self,
        key: &RecordKey,
        record: &Record,
        condition: WriteCondition,
    ) -> Result<(), StoreError> {
        self.store().save(key, record, condition).await
    }

    async fn save_all(&self, records: &[(RecordKey, Record, WriteCondition)]) -> Result<(), StoreError> {
        self.store().save_all(records).await
    }

    async fn remove(&self, key: &RecordKey) -> Result<(), StoreError> {
        self.store().remove(key).await
    }

    async fn remove_unchanged(&self, key: &RecordKey, read: Option<&Record>) -> Result<(), StoreError> {
        self.store().remove_unchanged(key, read).await
    }

    async fn lock(&self, key: &RecordKey) -> Result<StoreLock, StoreError> {
        self.store().lock(key).await
    }

    async fn try_lock(&self, key: &RecordKey) -> Result<Option<StoreLock>, StoreError> {
        self.store().try_lock(key).await
    }

    async fn keys(&self) -> Result<Vec<RecordKey>, StoreError> {
        self.store().keys().await
    }

    async fn load_all(&self) -> Result<Vec<(RecordKey, Record)>, StoreError> {
        self.store().load_all().await
    }
}
