//! A store of one's own, written and tested with nothing but what `auth-client` exports. This holds without its default
//! features too: `cargo test -p auth-client --no-default-features --test own_store`.

use auth_client::{
    ports::{Record, RecordKey, SessionStore, StoreError, StoreLock, WriteCondition, async_trait},
    store::{MemoryStore, conformance, store_conformance},
};
use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard},
};

/// Keeps bytes by name, as a database or a key-value service would; the locks of one process are borrowed.
#[derive(Default)]
struct BytesByName {
    bytes: Mutex<BTreeMap<String, Vec<u8>>>,
    locks: MemoryStore,
}

impl BytesByName {
    fn bytes(&self) -> MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        self.bytes.lock().expect("not poisoned")
    }
}

fn replace(
    bytes: &mut BTreeMap<String, Vec<u8>>,
    key: &RecordKey,
    record: &Record,
    condition: WriteCondition,
) -> Result<(), StoreError> {
    let there = bytes.get(&key.to_string()).map(|found| Record::from_bytes(found)).transpose()?;
    if !condition.allows(record.session_id, there.map(|there| there.session_id)) {
        return Err(StoreError::SessionReplaced);
    }
    bytes.insert(key.to_string(), record.to_bytes().expose().to_vec());
    Ok(())
}

#[async_trait]
impl SessionStore for BytesByName {
    async fn load(&self, key: &RecordKey) -> Result<Option<Record>, StoreError> {
        self.bytes().get(&key.to_string()).map(|found| Record::from_bytes(found)).transpose()
    }

    async fn save(
        &self,
        key: &RecordKey,
        record: &Record,
        condition: WriteCondition,
    ) -> Result<(), StoreError> {
        replace(&mut self.bytes(), key, record, condition)
    }

    async fn save_all(&self, records: &[(RecordKey, Record, WriteCondition)]) -> Result<(), StoreError> {
        let mut bytes = self.bytes();
        let mut changed = bytes.clone();
        for (key, record, condition) in records {
            replace(&mut changed, key, record, *condition)?;
        }
        *bytes = changed;
        Ok(())
    }

    async fn remove(&self, key: &RecordKey) -> Result<(), StoreError> {
        self.bytes().remove(&key.to_string());
        Ok(())
    }

    async fn lock(&self, key: &RecordKey) -> Result<StoreLock, StoreError> {
        self.locks.lock(key).await
    }

    async fn try_lock(&self, key: &RecordKey) -> Result<Option<StoreLock>, StoreError> {
        self.locks.try_lock(key).await
    }

    async fn keys(&self) -> Result<Vec<RecordKey>, StoreError> {
        Ok(self.bytes().keys().filter_map(|name| name.parse().ok()).collect())
    }
}

mod own {
    super::store_conformance!(|| async { super::BytesByName::default() });
}

mod memory {
    super::store_conformance!(|| async { super::MemoryStore::new() });
}

#[tokio::test]
async fn the_whole_suite_is_a_function_too() {
    conformance::check_all(async || BytesByName::default()).await;
}

/// Takes every write and forgets it.
struct Forgetful(BytesByName);

#[async_trait]
impl SessionStore for Forgetful {
    async fn load(&self, key: &RecordKey) -> Result<Option<Record>, StoreError> {
        self.0.load(key).await
    }

    async fn save(&self, _: &RecordKey, _: &Record, _: WriteCondition) -> Result<(), StoreError> {
        Ok(())
    }

    async fn remove(&self, key: &RecordKey) -> Result<(), StoreError> {
        self.0.remove(key).await
    }

    async fn lock(&self, key: &RecordKey) -> Result<StoreLock, StoreError> {
        self.0.lock(key).await
    }

    async fn keys(&self) -> Result<Vec<RecordKey>, StoreError> {
        self.0.keys().await
    }
}

#[tokio::test]
#[should_panic]
async fn a_store_that_loses_records_does_not_pass() {
    conformance::check_all(async || Forgetful(BytesByName::default())).await;
}
