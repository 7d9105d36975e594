//! A store written in Kotlin or Swift, and its bridge to the core's port.

mod holds;
mod locks;

use super::{ProcessLock, Thrown};
use crate::{print::redacted, runtime::spawn};
use async_trait::async_trait;
use auth_client::{
    ports::{self, Record, RecordKey, StoreLock, WriteCondition, within},
    secret::SecretBytes,
};
use locks::Locks;
use std::{
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{sync::OwnedMutexGuard, time::sleep};

/// A store of the app's own: keeps bytes by name. The bytes hold tokens, so the store has to encrypt them. Names contain
/// slashes and colons, so they are not file names.
///
/// Throw `StoreError`, with the number of what lies behind it. Anything else becomes `StoreFailed`, and is lost.
///
/// # Damage
/// Bytes that are no record are reported once as `store_corrupt`. Before that they are saved under the record's name with `damaged/` in
/// front, at most one for each record, and removed from its own name. Removing the record, as a sign-out does, removes them too.
///
/// # Several processes
/// Within a process, records of one name are written one at a time, even through several clients and store objects. Between
/// processes, such as an app and its extension, a [`ProcessLock`] does that. Without one, both can refresh at the same time with the
/// same refresh token: a host that rotates refresh tokens accepts only one of the two requests, and the other one can end the
/// session. Either process can also overwrite what the other has just saved: a sign-out can be undone, and attempts or pending
/// revocations can be lost. So give a lock, or let one process use the store and give the others access tokens, or use
/// `StoreChoice.File`, which locks between processes.
///
/// # Slow calls
/// A call is waited for 15 seconds, while the process runs. The caller then gets an error, but nothing else is written under that
/// name until the call has really ended. So end a call only when nothing of it can happen any more.
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
    Unavailable {
        /// The number by which the layer finds what was thrown again; null if there is nothing to find.
        thrown: Option<i64>,
    },
    /// The store failed.
    #[error("the store failed")]
    Failed {
        /// The number by which the layer finds what was thrown again; null if there is nothing to find.
        thrown: Option<i64>,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for StoreError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        // Its text is the app's and may contain secrets.
        Self::Failed { thrown: None }
    }
}

impl From<StoreError> for ports::StoreError {
    fn from(error: StoreError) -> Self {
        let source = |thrown| Thrown::by("store", thrown).map(ports::Cause::new);
        match error {
            StoreError::Unavailable { thrown } => {
                Self::Unavailable { what: UNAVAILABLE, source: source(thrown) }
            }
            StoreError::Failed { thrown } => Self::Failed { source: source(thrown) },
        }
    }
}

/// The timeout of a call into the app, so that a store that never answers does not block a sign-in for ever. Time in which the
/// process was frozen does not count.
const CALL_TIMEOUT: Duration = Duration::from_secs(15);

/// After this time a write is taken for one that never ends, as where nobody resumes a continuation: other writes go on.
const MAX_WRITE: Duration = Duration::from_secs(600);

const NO_ANSWER: ports::StoreError = ports::StoreError::unavailable("the platform's store does not answer");

const UNAVAILABLE: &str = "the platform's store";

/// Waits until this process has given back the locks between processes that it holds now: a process that is suspended while it holds
/// one can be killed for it. A lock that does not answer is waited for as long as any call into the app.
pub(crate) async fn wait_for_process_locks() {
    Locks::of_this_process().wait_until_given_back(CALL_TIMEOUT).await;
}

/// Adapts a foreign store to [`ports::SessionStore`]. The session id is kept inside the bytes.
pub(crate) struct StoreBridge {
    foreign: Arc<dyn SessionStore>,
    locks: Arc<Locks>,
    process_lock: Option<Arc<dyn ProcessLock>>,
}

/// The right to change a record, from reading it to the end of the write.
type Writing = OwnedMutexGuard<()>;

impl StoreBridge {
    pub(crate) fn new(foreign: Arc<dyn SessionStore>, process_lock: Option<Arc<dyn ProcessLock>>) -> Self {
        Self { foreign, locks: Locks::of_this_process(), process_lock }
    }

    /// Waits until no write of this record is under way: also one whose caller has given up, and which may still land.
    async fn writing(&self, key: &RecordKey) -> Result<Writing, ports::StoreError> {
        within(CALL_TIMEOUT, self.locks.writing(key).lock_owned(), Instant::now, sleep).await.ok_or(NO_ANSWER)
    }

    async fn read_bytes(&self, key: &RecordKey) -> Result<Option<SecretBytes>, ports::StoreError> {
        match in_time(self.foreign.load(key.to_string())).await? {
            LoadResult::Missing => Ok(None),
            LoadResult::Unavailable => Err(ports::StoreError::unavailable(UNAVAILABLE)),
            LoadResult::Found { data } => Ok(Some(SecretBytes::new(data))),
        }
    }

    async fn read(&self, key: &RecordKey) -> Result<Option<Record>, ports::StoreError> {
        self.read_bytes(key).await?.map(|bytes| Record::from_bytes(bytes.expose())).transpose()
    }

    /// Makes a write, which keeps its right until it has really ended. Only the caller's wait ends early.
    async fn write(
        writing: Writing,
        write: impl Future<Output = Result<(), StoreError>> + Send + 'static,
    ) -> Result<(), ports::StoreError> {
        let write = spawn(async move {
            let written = within(MAX_WRITE, write, Instant::now, sleep).await;
            drop(writing);
            written.unwrap_or(Err(StoreError::Unavailable { thrown: None }))
        });
        // It panicked, or the process ends.
        let failed = || Err(StoreError::Failed { thrown: None });
        in_time(async {
            match write {
                Some(write) => write.await.unwrap_or_else(|_| failed()),
                None => failed(),
            }
        })
        .await
    }

    async fn removed(&self, key: &RecordKey, writing: Writing) -> Result<(), ports::StoreError> {
        let (foreign, name, aside) = (self.foreign.clone(), key.to_string(), aside(key));
        let remove = async move {
            foreign.remove(name).await?;
            foreign.remove(aside).await
        };
        Self::write(writing, remove).await
    }

    /// Keeps the bytes of a damaged record under another name. If that fails, they stay where they are.
    async fn quarantine(
        &self,
        key: &RecordKey,
        bytes: SecretBytes,
        writing: Writing,
    ) -> Result<(), ports::StoreError> {
        let (foreign, name, aside) = (self.foreign.clone(), key.to_string(), aside(key));
        let quarantined = async move {
            foreign.save(aside, bytes.expose().to_vec()).await?;
            foreign.remove(name).await
        };
        Self::write(writing, quarantined).await
    }
}

/// Where the bytes of a damaged record are kept. There is no such kind of record, so no list takes the name for one's.
fn aside(key: &RecordKey) -> String {
    format!("damaged/{key}")
}

async fn in_time<T>(call: impl Future<Output = Result<T, StoreError>>) -> Result<T, ports::StoreError> {
    Ok(within(CALL_TIMEOUT, call, Instant::now, sleep).await.ok_or(NO_ANSWER)??)
}

#[async_trait]
impl ports::SessionStore for StoreBridge {
    async fn load(&self, key: &RecordKey) -> Result<Option<Record>, ports::StoreError> {
        // What a write under way will leave there is what counts.
        drop(self.writing(key).await?);
        match self.read(key).await {
            Err(corrupt @ ports::StoreError::Corrupt { .. }) => {
                let writing = self.writing(key).await?;
                let Some(bytes) = self.read_bytes(key).await? else { return Ok(None) };
                match Record::from_bytes(bytes.expose()) {
                    Err(ports::StoreError::Corrupt { .. }) => {
                        self.quarantine(key, bytes, writing).await?;
                        Err(corrupt)
                    }
                    by_now => by_now.map(Some),
                }
            }
            found => found,
        }
    }

    async fn save(
        &self,
        key: &RecordKey,
        record: &Record,
        condition: WriteCondition,
    ) -> Result<(), ports::StoreError> {
        let writing = self.writing(key).await?;
        if condition != WriteCondition::Unconditional {
            let there = self.read(key).await?.map(|there| there.session_id);
            if !condition.allows(record.session_id, there) {
                return Err(ports::StoreError::SessionReplaced);
            }
        }
        let (foreign, name, bytes) = (self.foreign.clone(), key.to_string(), record.to_bytes());
        Self::write(writing, async move { foreign.save(name, bytes.expose().to_vec()).await }).await
    }

    async fn remove(&self, key: &RecordKey) -> Result<(), ports::StoreError> {
        let writing = self.writing(key).await?;
        self.removed(key, writing).await
    }

    async fn remove_unchanged(
        &self,
        key: &RecordKey,
        read: Option<&Record>,
    ) -> Result<(), ports::StoreError> {
        let writing = self.writing(key).await?;
        match (self.read(key).await?, read) {
            (Some(there), read) if !read.is_some_and(|read| there.is_same(read)) => {
                Err(ports::StoreError::SessionReplaced)
            }
            _ => self.removed(key, writing).await,
        }
    }

    async fn lock(&self, key: &RecordKey) -> Result<StoreLock, ports::StoreError> {
        self.locks.wait(key, self.process_lock.as_ref()).await
    }

    async fn try_lock(&self, key: &RecordKey) -> Result<Option<StoreLock>, ports::StoreError> {
        self.locks.attempt(key, self.process_lock.as_ref()).await
    }

    async fn keys(&self) -> Result<Vec<RecordKey>, ports::StoreError> {
        let names = in_time(self.foreign.names()).await?;
        Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
    }
}

#[cfg(test)]
mod tests;
