//! Keeping sessions, pending steps and counts of attempts.

use crate::{AccountKey, Recovery, secret::SecretBytes};
use async_trait::async_trait;
use std::{fmt, sync::Arc};

/// Which of an account's records is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecordKind {
    /// The token pair.
    Session,
    /// The step of a sign-in that waits for the user.
    Pending,
    /// Sign-outs that the host has not heard of yet.
    Revocations,
    /// Attempts made and blocks in force. It belongs to the host's count, so all profiles share it.
    Attempts,
}

impl RecordKind {
    /// A stable name, part of what a sealed record is bound to.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Pending => "pending",
            Self::Revocations => "revocations",
            Self::Attempts => "attempts",
        }
    }
}

/// Where a record lies.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RecordKey {
    /// The account.
    pub account: AccountKey,
    /// Which of its records.
    pub kind: RecordKind,
}

impl RecordKind {
    /// All slots.
    pub const ALL: [Self; 4] = [Self::Session, Self::Pending, Self::Revocations, Self::Attempts];
}

/// Which session a record belongs to: a random number made at each sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SessionId(pub u64);

/// A record as the core hands it out: versioned text that may hold secrets. The store seals it.
#[derive(Clone, Debug)]
pub struct Record {
    /// The session that wrote it.
    pub session_id: SessionId,
    /// The content.
    pub body: SecretBytes,
}

/// When a record may replace what lies there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteCondition {
    /// Whatever lies there, or nothing.
    Unconditional,
    /// Only a record of the same epoch: a late answer cannot touch the next user's session, nor bring back one that
    /// was signed out.
    SameSession,
}

/// The right to change an account's record; given back when dropped, or by the system when its holder dies.
#[must_use = "the lock ends when it is dropped"]
pub struct StoreLock {
    _held: Option<Box<dyn Send + Sync>>,
}

impl StoreLock {
    /// A lock that ends when `held` is dropped.
    pub fn new(held: impl Send + Sync + 'static) -> Self {
        Self { _held: Some(Box::new(held)) }
    }

    /// For a store that only one process and one client can reach.
    pub fn noop() -> Self {
        Self { _held: None }
    }
}

impl fmt::Debug for StoreLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreLock")
    }
}

/// Keeps records. Each adapter passes [`conformance`](crate::conformance).
///
/// A read has three outcomes: found, absent (`Ok(None)`), and an error, which never means "signed out". A record
/// that was saved is there after the process dies. A damaged record is set aside with its cause and reported once as
/// [`StoreError::Corrupt`]; afterwards the place is empty.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Reads a record.
    ///
    /// # Errors
    /// Whenever it cannot say whether the record is there.
    async fn load(&self, key: &RecordKey) -> Result<Option<Record>, StoreError>;

    /// Writes a record, wholly or not at all.
    ///
    /// # Errors
    /// [`StoreError::SessionReplaced`] if the guard does not hold; the record is then as it was, as on any error.
    async fn save(
        &self,
        key: &RecordKey,
        record: &Record,
        condition: WriteCondition,
    ) -> Result<(), StoreError>;

    /// Writes several records at once, in this order. A store for which each write takes long overrides this, and then writes
    /// all or nothing. Default: one after the other, up to the first that fails.
    ///
    /// # Errors
    /// As [`save`](Self::save); which records were written is then not known.
    async fn save_all(&self, records: &[(RecordKey, Record, WriteCondition)]) -> Result<(), StoreError> {
        for (key, record, condition) in records {
            self.save(key, record, *condition).await?;
        }
        Ok(())
    }

    /// Removes a record, and what was set aside as damaged under the same key. Nothing there is no error.
    ///
    /// # Errors
    /// If the record may still be there.
    async fn remove(&self, key: &RecordKey) -> Result<(), StoreError>;

    /// Waits until nobody else holds this key's lock, in this process or another, and takes it. Reading and writing
    /// do not need it; changing a record by what was read does.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the holder does not let go in time.
    async fn lock(&self, key: &RecordKey) -> Result<StoreLock, StoreError>;

    /// Takes this key's lock if nobody holds it. Default: waits for it like [`lock`](Self::lock).
    ///
    /// # Errors
    /// As [`lock`](Self::lock), but a lock that is held is no error.
    async fn try_lock(&self, key: &RecordKey) -> Result<Option<StoreLock>, StoreError> {
        self.lock(key).await.map(Some)
    }

    /// The places of all records, in no order.
    ///
    /// # Errors
    /// If the store cannot tell.
    async fn keys(&self) -> Result<Vec<RecordKey>, StoreError>;
}

/// The store could not do what was asked. Nothing was lost by it.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// Not now: the device is locked, the service is not running, another process holds on.
    #[error("the store is not available now: {what}")]
    Unavailable {
        /// What is missing.
        what: &'static str,
    },
    /// The key or passphrase is not the one that sealed the store. Nothing was changed.
    #[error("the store was sealed with another key or passphrase")]
    WrongKey,
    /// The record was damaged; it has been set aside.
    #[error("a stored record is damaged ({cause}) and was set aside")]
    Corrupt {
        /// What is wrong with it.
        cause: &'static str,
    },
    /// A newer version of this software wrote it. It is left alone.
    #[error("the store was written by a newer version (format {found}, this one knows {supported}); update")]
    Newer {
        /// The format found.
        found: u32,
        /// The newest format that is understood.
        supported: u32,
    },
    /// Somebody signed in or out meanwhile.
    #[error("the session was replaced or signed out meanwhile")]
    SessionReplaced,
    /// The system refused: permissions, a full disk, a path that is no file.
    #[error("the store cannot be read or written ({what})")]
    Io {
        /// What was being done.
        what: &'static str,
        /// The system's error.
        #[source]
        source: Arc<std::io::Error>,
    },
    /// The store failed in a way it does not declare.
    #[error("the store failed")]
    Failed,
}

impl StoreError {
    /// A stable name for programs.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Unavailable { .. } => "store_unavailable",
            Self::WrongKey => "store_wrong_key",
            Self::Corrupt { .. } => "store_corrupt",
            Self::Newer { .. } => "store_newer",
            Self::SessionReplaced => "session_replaced",
            Self::Io { .. } => "store_io",
            Self::Failed => "store_failed",
        }
    }

    /// What the caller can do next.
    pub fn recovery(&self) -> Recovery {
        match self {
            Self::Unavailable { .. } => Recovery::Retry { after: None },
            Self::Corrupt { .. } | Self::SessionReplaced => Recovery::SignInAgain,
            Self::WrongKey | Self::Newer { .. } | Self::Io { .. } | Self::Failed => Recovery::Report,
        }
    }
}
