//! A store written in Kotlin or Swift, and its bridge to the core's port.

mod locks;

use crate::print::redacted;
use async_trait::async_trait;
use auth_client::{
    ports::{self, Record, RecordKey, SessionId, StoreLock, WriteCondition},
    secret::SecretBytes,
};
use locks::Locks;
use std::{future::Future, sync::Arc, time::Duration};
use tokio::time::timeout;

/// Keeps bytes by name, sealed by the platform. Records of one name are written one at a time in the whole process, whatever
/// objects they are reached through. Names have slashes and colons in them: they are no names of files.
///
/// Throw `StoreError`; anything else arrives as `StoreFailed`, without its text.
#[uniffi::export(foreign)]
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Reads. `Unavailable` is for "cannot say now", as on a locked device; it is never taken for signed out.
    async fn load(&self, name: String) -> Result<LoadResult, StoreError>;
    /// Writes, wholly or not at all. The bytes hold tokens.
    async fn save(&self, name: String, data: Vec<u8>) -> Result<(), StoreError>;
    /// Removes. Nothing there is no error.
    async fn remove(&self, name: String) -> Result<(), StoreError>;
    /// The names of all that is there, in no order. Names that are not ours do no harm.
    async fn names(&self) -> Result<Vec<String>, StoreError>;
}

/// What a read found.
#[derive(Clone, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum LoadResult {
    /// The bytes that were saved.
    Found {
        /// The bytes.
        data: Vec<u8>,
    },
    /// Nothing was saved under this name.
    Missing,
    /// It cannot be said now.
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
    /// It failed.
    #[error("the store failed")]
    Failed,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for StoreError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        // Its text is the app's and may hold anything.
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

/// How long a call into the app may take. One that never answers must not hold a sign-in for ever.
const PATIENCE: Duration = Duration::from_secs(15);

/// How long a lock is waited for: longer than a request and the store calls around it.
const LEASE_PATIENCE: Duration = Duration::from_secs(60);

/// Makes a foreign store a [`ports::SessionStore`]: epochs are kept inside the bytes, locks inside this process.
pub(crate) struct StoreBridge {
    foreign: Arc<dyn SessionStore>,
    locks: Arc<Locks>,
}

impl StoreBridge {
    pub(crate) fn new(foreign: Arc<dyn SessionStore>) -> Self {
        Self { foreign, locks: Locks::of_this_process() }
    }

    async fn read(&self, key: &RecordKey) -> Result<Option<Record>, ports::StoreError> {
        match patient(self.foreign.load(name(key))).await? {
            LoadResult::Missing => Ok(None),
            LoadResult::Unavailable => Err(ports::StoreError::Unavailable { what: "the platform's store" }),
            LoadResult::Found { data } => decode_record(data).map(Some),
        }
    }
}

async fn patient<T>(call: impl Future<Output = Result<T, StoreError>>) -> Result<T, ports::StoreError> {
    match timeout(PATIENCE, call).await {
        Ok(result) => Ok(result?),
        Err(_) => Err(ports::StoreError::Unavailable { what: "the platform's store does not answer" }),
    }
}

#[async_trait]
impl ports::SessionStore for StoreBridge {
    async fn load(&self, key: &RecordKey) -> Result<Option<Record>, ports::StoreError> {
        let found = self.read(key).await;
        if let Err(ports::StoreError::Corrupt { .. }) = found {
            // The app's store has no place to set it aside; what does not read is of no use to anybody.
            patient(self.foreign.remove(name(key))).await?;
        }
        found
    }

    async fn save(
        &self,
        key: &RecordKey,
        record: &Record,
        condition: WriteCondition,
    ) -> Result<(), ports::StoreError> {
        let _one = self.locks.writing(key).lock_owned().await;
        if condition == WriteCondition::SameSession
            && self.read(key).await?.is_none_or(|there| there.session_id != record.session_id)
        {
            return Err(ports::StoreError::SessionReplaced);
        }
        patient(self.foreign.save(name(key), encode_record(record))).await
    }

    async fn remove(&self, key: &RecordKey) -> Result<(), ports::StoreError> {
        let _one = self.locks.writing(key).lock_owned().await;
        patient(self.foreign.remove(name(key))).await
    }

    async fn lock(&self, key: &RecordKey) -> Result<StoreLock, ports::StoreError> {
        let held = timeout(LEASE_PATIENCE, self.locks.lock(key).lock_owned()).await;
        held.map(StoreLock::new)
            .map_err(|_| ports::StoreError::Unavailable { what: "another call holds the store" })
    }

    async fn try_lock(&self, key: &RecordKey) -> Result<Option<StoreLock>, ports::StoreError> {
        Ok(self.locks.lock(key).try_lock_owned().ok().map(StoreLock::new))
    }

    async fn keys(&self) -> Result<Vec<RecordKey>, ports::StoreError> {
        let names = patient(self.foreign.names()).await?;
        Ok(names.iter().filter_map(|name| read_name(name)).collect())
    }
}

fn name(key: &RecordKey) -> String {
    let account = &key.account;
    format!("{}/{}/{}/{}", key.kind.as_str(), account.office, account.profile, account.host)
}

/// The way back from [`name`]; an app's store may hold other things too.
fn read_name(name: &str) -> Option<RecordKey> {
    let mut parts = name.splitn(4, '/');
    let mut next = || parts.next();
    let (kind, office, profile, host) = (next()?, next()?, next()?, next()?);
    let kind = ports::RecordKind::ALL.into_iter().find(|known| known.as_str() == kind)?;
    let host = auth_client::Host::parse_with_plain_http_for_development(host).ok()?;
    let account =
        auth_client::AccountKey { profile: profile.parse().ok()?, host, office: office.parse().ok()? };
    Some(RecordKey { account, kind })
}

const FORMAT: u8 = 1;

fn encode_record(record: &Record) -> Vec<u8> {
    let body = record.body.expose();
    let mut data = Vec::with_capacity(9 + body.len());
    data.push(FORMAT);
    data.extend_from_slice(&record.session_id.0.to_be_bytes());
    data.extend_from_slice(body);
    data
}

fn decode_record(data: Vec<u8>) -> Result<Record, ports::StoreError> {
    let data = SecretBytes::new(data);
    match data.expose() {
        [FORMAT, rest @ ..] => {
            let (session_id, body) =
                rest.split_first_chunk::<8>().ok_or(ports::StoreError::Corrupt { cause: "it is cut" })?;
            Ok(Record {
                session_id: SessionId(u64::from_be_bytes(*session_id)),
                body: SecretBytes::new(body.to_vec()),
            })
        }
        [newer, ..] if *newer > FORMAT => {
            Err(ports::StoreError::Newer { found: (*newer).into(), supported: FORMAT.into() })
        }
        _ => Err(ports::StoreError::Corrupt { cause: "it has no format" }),
    }
}

#[cfg(test)]
mod tests;
