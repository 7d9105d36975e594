//! The store of sessions, pending steps, revocations and counted attempts.

use super::{KeyPage, StoreCursor, StoreError};
use crate::{AccountKey, secret::SecretBytes};
use async_trait::async_trait;
use std::fmt;

/// The records that an account can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RecordKind {
    /// The session: [`StoredSession`](crate::session::StoredSession).
    Session,
    /// The step of a sign-in that waits for the user: [`Checkpoint`](crate::sign_in::Checkpoint).
    Pending,
    /// Revocations that the host has not received yet: [`Revocations`](crate::session::Revocations).
    Revocations,
    /// Attempts made and blocks in force: [`AttemptLog`](crate::attempts::AttemptLog). The host counts attempts by account, so
    /// all profiles share this record.
    Attempts,
    /// How the last session ended, until somebody signs in or out: [`SessionEnd`](crate::session::SessionEnd).
    End,
}

impl RecordKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Session, Self::Pending, Self::Revocations, Self::Attempts, Self::End];

    /// A stable name. Sealed records are bound to it, so it never changes.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Pending => "pending",
            Self::Revocations => "revocations",
            Self::Attempts => "attempts",
            Self::End => "end",
        }
    }
}

/// The key of a record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RecordKey {
    /// The account.
    pub account: AccountKey,
    /// Which of its records.
    pub kind: RecordKind,
}

/// Which session a record belongs to: a random number, drawn at each sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SessionId(pub u64);

/// A record to be kept: bytes in a versioned format, which may hold secrets in the clear. The store encrypts them.
#[derive(Clone, Debug)]
pub struct Record {
    /// The session that wrote it.
    pub session_id: SessionId,
    /// The content.
    pub body: SecretBytes,
}

impl Record {
    /// True if both are the same session's and have the same content.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.session_id == other.session_id && self.body.expose() == other.body.expose()
    }

    /// True if what is `there` may be removed by somebody who has `read` this: see
    /// [`remove_unchanged`](SessionStore::remove_unchanged).
    #[must_use]
    pub fn is_unchanged(there: Option<&Self>, read: Option<&Self>) -> bool {
        there.is_none_or(|there| read.is_some_and(|read| there.is_same(read)))
    }
}

/// When [`SessionStore::save`] may replace the record under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteCondition {
    /// Always, also if there is no record.
    Unconditional,
    /// Only if there is a record with the same [`SessionId`]. So a late answer neither overwrites the session of the next
    /// sign-in nor brings back one that was signed out.
    SameSession,
    /// Only if there is a record with this [`SessionId`]: to take the place of the session of an earlier sign-in that was brought
    /// back, and of no other.
    Replacing(SessionId),
}

impl WriteCondition {
    /// Whether a record of `session_id` may be written where a record of the session `there` lies, or none.
    #[must_use]
    pub fn allows(self, session_id: SessionId, there: Option<SessionId>) -> bool {
        match self {
            Self::Unconditional => true,
            Self::SameSession => there == Some(session_id),
            Self::Replacing(replaced) => there == Some(replaced),
        }
    }
}

/// A lock of [`SessionStore::lock`], held until this is dropped. A lock that the operating system keeps also ends with the
/// process.
#[must_use = "the lock ends when it is dropped"]
pub struct StoreLock {
    _held: Option<Box<dyn Send + Sync>>,
}

impl StoreLock {
    /// A lock that ends when `held` is dropped.
    pub fn new(held: impl Send + Sync + 'static) -> Self {
        Self { _held: Some(Box::new(held)) }
    }

    /// A lock that locks nothing: for a store that only one client of one process can reach.
    pub fn noop() -> Self {
        Self { _held: None }
    }
}

impl fmt::Debug for StoreLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreLock")
    }
}

/// Keeps records. The checks in [`conformance`](crate::conformance) test an implementation.
///
/// Every read has three outcomes: a record, no record (`Ok(None)`), or an error. An error never means "signed out". A damaged
/// record is reported once, as [`StoreError::Corrupt`]; after that there is no record under its key. Its bytes are put into quarantine, or
/// left in their place where a store has no other: not deleted before a removal or a write.
///
/// # Several processes
///
/// What the client guarantees between processes is what the store guarantees:
///
/// | method | where the store is shared by processes, it must | otherwise |
/// | --- | --- | --- |
/// | [`lock`](Self::lock), [`try_lock`](Self::try_lock) | exclude the other processes too, and be freed by the system when a process dies | two processes may refresh with the same refresh token at once, which many hosts take for theft and end the session; both may count the same attempt as free, and run into the host's limit |
/// | [`save`](Self::save) | check the condition and write in one step, seen by all processes | a late answer may overwrite the session of another process's sign-in |
/// | [`remove_unchanged`](Self::remove_unchanged) | compare and remove in one step | the end of one session may remove the next user's |
/// | [`load`](Self::load) | return the newest record of any process, not one cached in this process | a process goes on with a refresh token that was spent |
///
/// A store whose lock is a mutex of the process is sufficient for an application that runs as one process. Stores that an
/// app brings over the language border (`auth-ffi`) are of this kind, unless it brings a lock between processes too.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Reads a record, in the newest version that was saved.
    ///
    /// # Errors
    /// Whenever the store cannot tell whether there is a record.
    async fn load(&self, key: &RecordKey) -> Result<Option<Record>, StoreError>;

    /// Writes a record completely, or not at all. When it returns, the record survives the death of the process. Checking the
    /// condition and writing are one step: no other write to the same key comes between.
    ///
    /// # Errors
    /// [`StoreError::SessionReplaced`] if the condition does not hold. After any error the record is as it was.
    async fn save(
        &self,
        key: &RecordKey,
        record: &Record,
        condition: WriteCondition,
    ) -> Result<(), StoreError>;

    /// Writes several records, in this order. A store whose writes are slow overrides this with one write of all or none.
    /// Default: one [`save`](Self::save) after the other, up to the first that fails.
    ///
    /// # Errors
    /// As [`save`](Self::save). With the default, the records before the failed one are written.
    async fn save_all(&self, records: &[(RecordKey, Record, WriteCondition)]) -> Result<(), StoreError> {
        for (key, record, condition) in records {
            self.save(key, record, *condition).await?;
        }
        Ok(())
    }

    /// Removes a record, and what is in quarantine under the same key. Removing nothing is no error.
    ///
    /// # Errors
    /// If the record may still be there.
    async fn remove(&self, key: &RecordKey) -> Result<(), StoreError>;

    /// Removes a record if it is still the one that was `read`, as [`remove`](Self::remove) does. `None` says that none was there:
    /// then only what is in quarantine goes. So the end of one session does not remove the next one, or a newer pair. If nothing
    /// is there any more, that is no error.
    ///
    /// Comparing and removing are one step: no other write to the same key comes between. The default cannot promise that: it
    /// reads, compares and removes. Override it in a store that others can write to at the same time.
    ///
    /// # Errors
    /// [`StoreError::SessionReplaced`] if another record is there; nothing is removed then. Else as [`remove`](Self::remove).
    async fn remove_unchanged(&self, key: &RecordKey, read: Option<&Record>) -> Result<(), StoreError> {
        let there = match self.load(key).await {
            // It was reported before, and is what has to go.
            Err(StoreError::Corrupt { .. }) if read.is_none() => None,
            there => there?,
        };
        if !Record::is_unchanged(there.as_ref(), read) {
            return Err(StoreError::SessionReplaced);
        }
        self.remove(key).await
    }

    /// Waits until nobody else holds the lock of this key, and takes it. Locks of different keys are independent.
    ///
    /// The client takes it where it changes a record by what it has read, such as around a refresh, and around counting an attempt.
    /// [`load`](Self::load), [`save`](Self::save) and [`remove`](Self::remove) work without it.
    ///
    /// The lock must exclude every other client of this store in this process, and other processes where they share the
    /// store (see [Several processes](#several-processes)).
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the holder does not release it in time.
    async fn lock(&self, key: &RecordKey) -> Result<StoreLock, StoreError>;

    /// Takes the lock of this key if nobody holds it; `Ok(None)` if somebody does. Default: waits like
    /// [`lock`](Self::lock). Override it: while another process refreshes, the client uses it to look for the new pair
    /// between attempts, and with the default it waits for the lock instead.
    ///
    /// # Errors
    /// As [`lock`](Self::lock), but a lock that is held is no error.
    async fn try_lock(&self, key: &RecordKey) -> Result<Option<StoreLock>, StoreError> {
        self.lock(key).await.map(Some)
    }

    /// The keys of all records, in any order.
    ///
    /// # Errors
    /// If the store cannot list them.
    async fn keys(&self) -> Result<Vec<RecordKey>, StoreError>;

    /// Some `at_most` keys behind `after`, in an order of the store's own: for a walk through very many records that holds few of
    /// them at a time. The order does not change while the store is used. Records that are written or removed during a walk may
    /// be missed or seen; all others are seen once. One that does not say whose it is may be left out.
    ///
    /// Default: everything lies behind [`StoreCursor::start`] in one page, as [`keys`](Self::keys) gives it, and nothing behind any
    /// other place. A store for very many accounts overrides this, with an order in which a random place is as good a start as any.
    ///
    /// # Errors
    /// As [`keys`](Self::keys).
    async fn keys_page(&self, after: &StoreCursor, at_most: usize) -> Result<KeyPage, StoreError> {
        let _whole = at_most;
        let keys = if *after == StoreCursor::start() { self.keys().await? } else { Vec::new() };
        Ok(KeyPage::new(keys, None))
    }

    /// All records with their keys, in any order, such as for a move to another store. A store that reads them at one instant overrides
    /// this. Default: [`keys`](Self::keys), and a [`load`](Self::load) of each.
    ///
    /// # Errors
    /// As these two; one damaged record is an error of all.
    async fn load_all(&self) -> Result<Vec<(RecordKey, Record)>, StoreError> {
        let mut records = Vec::new();
        for key in self.keys().await? {
            if let Some(record) = self.load(&key).await? {
                records.push((key, record));
            }
        }
        Ok(records)
    }
}
