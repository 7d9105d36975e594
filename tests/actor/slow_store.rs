//! The file store, with delays that a command sets, which tells of each session that it has saved or removed.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use auth_client::ports::{
    Record, RecordKey, RecordKind, SessionStore, StoreError, StoreLock, WriteCondition,
};
use auth_client::store::FileStore;
use auth_core::session::StoredSession;
use e2e::token_id::token_id;
use serde_json::json;

use crate::report::report;

/// A store with delays before and after its work. Clones are the same store.
#[derive(Clone)]
pub(crate) struct SlowStore {
    inner: FileStore,
    most: Arc<AtomicU64>,
    random: Arc<Mutex<fastrand::Rng>>,
}

impl SlowStore {
    pub(crate) fn new(inner: FileStore, seed: u64) -> Self {
        let random = Arc::new(Mutex::new(fastrand::Rng::with_seed(seed)));
        Self { inner, most: Arc::default(), random }
    }

    /// From now on each delay is at most so many milliseconds.
    pub(crate) fn set_delay(&self, most: u64) {
        self.most.store(most, Ordering::SeqCst);
    }

    async fn delay(&self) {
        let most = self.most.load(Ordering::SeqCst);
        if most > 0 {
            let millis = self.random.lock().unwrap_or_else(PoisonError::into_inner).u64(..=most);
            tokio::time::sleep(Duration::from_millis(millis)).await;
        }
    }
}

/// Tells which pair is in the store now.
fn tell_saved(key: &RecordKey, record: &Record) {
    if key.kind == RecordKind::Session
        && let Ok(session) = StoredSession::decode(record.body.expose())
    {
        let refresh = token_id(session.tokens.refresh.token.expose());
        report(&json!({"saved": refresh, "session_id": record.session_id.0.to_string()}));
    }
}

#[async_trait]
impl SessionStore for SlowStore {
    async fn load(&self, key: &RecordKey) -> Result<Option<Record>, StoreError> {
        self.delay().await;
        let loaded = self.inner.load(key).await;
        self.delay().await;
        loaded
    }

    async fn save(
        &self,
        key: &RecordKey,
        record: &Record,
        condition: WriteCondition,
    ) -> Result<(), StoreError> {
        self.delay().await;
        self.inner.save(key, record, condition).await?;
        tell_saved(key, record);
        self.delay().await;
        Ok(())
    }

    async fn save_all(&self, records: &[(RecordKey, Record, WriteCondition)]) -> Result<(), StoreError> {
        self.delay().await;
        self.inner.save_all(records).await?;
        records.iter().for_each(|(key, record, _)| tell_saved(key, record));
        self.delay().await;
        Ok(())
    }

    async fn remove(&self, key: &RecordKey) -> Result<(), StoreError> {
        self.delay().await;
        self.inner.remove(key).await?;
        if key.kind == RecordKind::Session {
            report(&json!({"removed": key.to_string()}));
        }
        self.delay().await;
        Ok(())
    }

    async fn remove_unchanged(&self, key: &RecordKey, read: Option<&Record>) -> Result<(), StoreError> {
        self.delay().await;
        self.inner.remove_unchanged(key, read).await?;
        if key.kind == RecordKind::Session {
            report(&json!({"removed": key.to_string()}));
        }
        self.delay().await;
        Ok(())
    }

    async fn lock(&self, key: &RecordKey) -> Result<StoreLock, StoreError> {
        self.delay().await;
        self.inner.lock(key).await
    }

    async fn try_lock(&self, key: &RecordKey) -> Result<Option<StoreLock>, StoreError> {
        self.delay().await;
        self.inner.try_lock(key).await
    }

    async fn keys(&self) -> Result<Vec<RecordKey>, StoreError> {
        self.inner.keys().await
    }
}
