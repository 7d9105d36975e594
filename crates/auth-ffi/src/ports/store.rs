//! A store written in Kotlin or Swift, and its bridge to the core's port.

mod locks;

use crate::print::redacted;
use async_trait::async_trait;
use auth_client::{
    ports::{self, Record, RecordKey, StoreLock, WriteCondition},
    secret::SecretBytes,
};
use locks::Locks;
use std::{future::Future, sync::Arc, time::Duration};
use tokio::time::timeout;

/// A store of the app's own: keeps bytes by name. The bytes hold tokens, so the store has to encrypt them. Names contain
/// slashes and colons, so they are not file names.
///
/// Throw `StoreError`. Anything else becomes `StoreFailed`, without its text.
///
/// # Only one process
/// A foreign store's lock is a mutex of this process. Within the process, records of one name are written one at a time,
/// even through several clients and store objects. Between processes there is no lock. If an app and its extension share
/// one store, both can refresh at the same time with the same refresh token: a host that rotates refresh tokens accepts
/// only one of the two requests, and the other one can end the session. Either process can also overwrite what the other
/// has just saved: a sign-out can be undone, and attempts or pending revocations can be lost. Let one process use the
/// store and give the others access tokens, or use `StoreChoice.File`, which locks between processes.
#[uniffi::export(foreign)]
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Reads the record of this name. Return or throw `Unavailable` if it cannot be read now, for example because the device
    /// is locked. It is not treated as signed out.
    async fn load(&self, name: String) -> Result<LoadResult, StoreError>;
    /// Writes the record of this name, atomically. The bytes hold tokens.
    async fn save(&self, name: String, data: Vec<u8>) -> Result<(), StoreError>;
    /// Removes the record of this name. It is no error if there is none.
    async fn remove(&self, name: String) -> Result<(), StoreError>;
    /// The names of all records, in no order. Names that this library did not choose are ignored.
    async fn names(&self) -> Result<Vec<String>, StoreError>;
}

/// The result of a read.
#[derive(Clone, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum LoadResult {
    /// The bytes that were saved.
    Found {
        /// The bytes.
        data: Vec<u8>,
    },
    /// There is no record of this name.
    Missing,
    /// It cannot be read now.
    Unavailable,
}

// The bytes hold tokens.
redacted!(LoadResult, |result, f| f.write_str(match result {
    LoadResult::Found { .. } => "Found(..)",
    LoadResult::Missing => "Missing",
    LoadResult::Unavailable => "Unavailable",
}));

/// What a store can throw.
#[derive(Clone, Copy, Debug, thiserror::Error, uniffi::Error)]
#[uniffi::export(Display)]
pub enum StoreError {
    /// Not now: try again later.
    #[error("the store is not available now")]
    Unavailable,
    /// The store failed.
    #[error("the store failed")]
    Failed,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for StoreError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        // Its text is the app's and may contain secrets.
        Self::Failed
    }
}

impl From<StoreError> for ports::StoreError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable => Self::Unavailable { what: "the platform's store" },
            StoreError::Failed => Self::Failed,
        }
    }
}

/// The timeout of a call into the app, so that a store that never answers does not block a sign-in for ever.
const CALL_TIMEOUT: Duration = Duration::from_secs(15);

/// The timeout of a wait for a lock: longer than a request and the store calls around it.
const LOCK_TIMEOUT: Duration = Duration::from_secs(60);

/// Adapts a foreign store to [`ports::SessionStore`]. The session id is kept inside the bytes. The locks are mutexes of this
/// process: unlike those of the file store, they do not exclude other processes.
pub(crate) struct StoreBridge {
    foreign: Arc<dyn SessionStore>,
    locks: Arc<Locks>,
}

impl StoreBridge {
    pub(crate) fn new(foreign: Arc<dyn SessionStore>) -> Self {
        Self { foreign, locks: Locks::of_this_process() }
    }

    async fn read(&self, key: &RecordKey) -> Result<Option<Record>, ports::StoreError> {
        match with_timeout(self.foreign.load(key.to_string())).await? {
            LoadResult::Missing => Ok(None),
            LoadResult::Unavailable => Err(ports::StoreError::Unavailable { what: "the platform's store" }),
            LoadResult::Found { data } => Record::from_bytes(SecretBytes::new(data).expose()).map(Some),
        }
    }
}

async fn with_timeout<T>(call: impl Future<Output = Result<T, StoreError>>) -> Result<T, ports::StoreError> {
    match timeout(CALL_TIMEOUT, call).await {
        Ok(result) => Ok(result?),
        Err(_) => Err(ports::StoreError::Unavailable { what: "the platform's store does not answer" }),
    }
}

#[async_trait]
impl ports::SessionStore for StoreBridge {
    async fn load(&self, key: &RecordKey) -> Result<Option<Record>, ports::StoreError> {
        let found = self.read(key).await;
        if let Err(ports::StoreError::Corrupt { .. }) = found {
            // A foreign store has no quarantine, and a record that cannot be decoded is of no use.
            with_timeout(self.foreign.remove(key.to_string())).await?;
        }
        found
    }

    async fn save(
        &self,
        key: &RecordKey,
        record: &Record,
        condition: WriteCondition,
    ) -> Result<(), ports::StoreError> {
        let _guard = self.locks.writing(key).lock_owned().await;
        if condition == WriteCondition::SameSession
            && self.read(key).await?.is_none_or(|stored| stored.session_id != record.session_id)
        {
            return Err(ports::StoreError::SessionReplaced);
        }
        with_timeout(self.foreign.save(key.to_string(), record.to_bytes().expose().to_vec())).await
    }

    async fn remove(&self, key: &RecordKey) -> Result<(), ports::StoreError> {
        let _guard = self.locks.writing(key).lock_owned().await;
        with_timeout(self.foreign.remove(key.to_string())).await
    }

    async fn lock(&self, key: &RecordKey) -> Result<StoreLock, ports::StoreError> {
        let held = timeout(LOCK_TIMEOUT, self.locks.lock(key).lock_owned()).await;
        held.map(StoreLock::new)
            .map_err(|_| ports::StoreError::Unavailable { what: "another call holds the store" })
    }

    async fn try_lock(&self, key: &RecordKey) -> Result<Option<StoreLock>, ports::StoreError> {
        Ok(self.locks.lock(key).try_lock_owned().ok().map(StoreLock::new))
    }

    async fn keys(&self) -> Result<Vec<RecordKey>, ports::StoreError> {
        let names = with_timeout(self.foreign.names()).await?;
        Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
    }
}

#[cfg(test)]
mod tests;
