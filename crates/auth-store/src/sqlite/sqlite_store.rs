//! The store in one SQLite database, as the rest of the program sees it.

use super::{
    content::{self, Found, Removal},
    format::KIND,
    pool::Pool,
    rekey,
};
use crate::{
    NewKey, StorePassphrase,
    local::{key_source::LocalKeySource, local_store::LocalStore},
};
use async_trait::async_trait;
use auth_core::ports::{
    KeyPage, Record, RecordKey, SessionStore, StoreCursor, StoreError, StoreLock, WriteCondition,
};
use std::{
    fmt,
    path::{Path, PathBuf},
};

/// Keeps records in an SQLite database, each sealed with XChaCha20-Poly1305 and bound to its place and session id: for services on one
/// machine with very many accounts. A change costs the same with a million sessions as with a thousand, where a
/// [`FileStore`](crate::FileStore) writes all of them anew. Needs the feature `sqlite`, which brings SQLite along. Clones share the key,
/// the locks and up to eight connections; several instances and several processes may use the same database.
///
/// Beside the database lie SQLite's own `<path>-wal` and `<path>-shm` while it is in use, and as with a file `<path>.lock`,
/// `<path>.locks/`, with a key file `<path>.key`, and after damage `<path>.damaged-<n>`. What is said there of links, folders, owners,
/// modes and another program's files holds here too; if the path is a directory, the database is `b2auth.sqlite` in it. To copy it
/// while it is in use, use SQLite's own `VACUUM INTO`, and copy the key file. A process that uses it does not open its file itself: on
/// Unix, closing it would take SQLite's locks away.
///
/// The database has to be on a disk of this machine. On a network's file system SQLite's write-ahead log does not work; where Linux says
/// that it is one, every call is [`StoreError::Io`] with [`Unsupported`](std::io::ErrorKind::Unsupported).
///
/// # Security
/// As with the encrypted file, a copy without its key file or passphrase is of no use, and hosts, profiles and e-mail addresses are not
/// readable; how many records there are is. A database has no table of contents under a seal, which each write would have to write anew:
/// that somebody who may write to it put back an older record of an account, or the whole of an older database, or removed one, cannot be
/// seen.
///
/// # What a removal leaves
/// Removed records are overwritten in the database, and the log is emptied after a removal. If somebody reads at that moment, the sealed
/// record stays in the log until the next change that can empty it; what the disk or the file system keeps of what was written over is out of
/// reach.
///
/// # Damage
/// A record that does not open is put into quarantine in the database, a database that SQLite cannot read is renamed with its log; both are
/// reported once as [`StoreError::Corrupt`] by `load`. A record whose place does not read makes [`keys`](SessionStore::keys) fail
/// until it is written again or removed. A database that somebody else holds is [`StoreError::Unavailable`] after five seconds.
///
/// ```no_run
/// use auth_store::SqliteStore;
///
/// let store = SqliteStore::with_key_file("/var/lib/service/sessions.sqlite");
/// ```
#[derive(Clone)]
pub struct SqliteStore {
    local: LocalStore<Pool>,
}

impl SqliteStore {
    /// A store sealed with the key in `<path>.key`: 32 random bytes, written when the store is. Nothing is read, written or created before
    /// the first use.
    pub fn with_key_file(path: impl Into<PathBuf>) -> Self {
        Self { local: LocalStore::new(path.into(), &KIND, LocalKeySource::key_file(), Pool::default()) }
    }

    /// A store sealed with a key derived from a passphrase (Argon2id), once for an instance and its clones. Nothing is read, written or
    /// created before the first use.
    pub fn with_passphrase(path: impl Into<PathBuf>, passphrase: StorePassphrase) -> Self {
        Self {
            local: LocalStore::new(
                path.into(),
                &KIND,
                LocalKeySource::passphrase(passphrase),
                Pool::default(),
            ),
        }
    }

    /// The path. A relative one was made absolute when the store was made: the program may change its directory.
    pub fn path(&self) -> &Path {
        self.local.path()
    }

    /// Does its work on the thread that asks, where it otherwise goes to tokio's blocking threads. For a program with nothing else to do
    /// meanwhile: it spares starting a thread. A store with a passphrase goes on as it was, as with a [`FileStore`](crate::FileStore).
    #[must_use]
    pub fn run_inline(mut self) -> Self {
        self.local.run_inline();
        self
    }

    /// A way out where the key is lost, as [`FileStore`](crate::FileStore) has it: if this key does not open the store, or its key file is
    /// gone or cannot be read, the database is renamed to `<path>.kept-<n>`, and a key file that cannot be read to `<path>.kept-<n>.key`.
    /// Gives the place; nothing if the store opens, or none is there. Close other processes' stores first.
    ///
    /// # Errors
    /// [`StoreError::NotAStore`] and [`StoreError::Newer`]: what lies there is not lost. Else as [`save`](SessionStore::save).
    pub async fn make_way(&self) -> Result<Option<PathBuf>, StoreError> {
        if self.local.read(content::nothing_there).await?
            && self.local.read(|shared, paths| shared.key.check(paths)).await.is_ok()
        {
            return Ok(None);
        }
        self.local.change(content::make_way).await
    }

    /// Seals all records anew with another key, in one transaction, as [`FileStore`](crate::FileStore) does it: what is said there holds here
    /// too. Changes of others wait meanwhile, ten seconds at most: with very many records choose a quiet moment. The log grows to the size of
    /// the database, and is emptied afterwards.
    ///
    /// # Errors
    /// As with [`FileStore`](crate::FileStore).
    pub async fn rekey(&self, key: NewKey) -> Result<usize, StoreError> {
        if self.local.read(content::nothing_there).await? {
            return Ok(0);
        }
        self.local.change(move |shared, paths| rekey::rekey(shared, paths, &key)).await
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").field("path", &self.path()).finish_non_exhaustive()
    }
}

#[async_trait]
impl SessionStore for SqliteStore {
    async fn load(&self, key: &RecordKey) -> Result<Option<Record>, StoreError> {
        let wanted = key.clone();
        match self.local.read(move |shared, paths| content::read(shared, paths, &wanted)).await? {
            Found::Record(record) => Ok(Some(record)),
            Found::Absent => Ok(None),
            Found::Damaged => {
                let wanted = key.clone();
                self.local.change(move |shared, paths| content::load_damaged(shared, paths, &wanted)).await
            }
        }
    }

    async fn save(
        &self,
        key: &RecordKey,
        record: &Record,
        condition: WriteCondition,
    ) -> Result<(), StoreError> {
        self.save_all(&[(key.clone(), record.clone(), condition)]).await
    }

    async fn save_all(&self, records: &[(RecordKey, Record, WriteCondition)]) -> Result<(), StoreError> {
        let records = records.to_vec();
        self.local.change(move |shared, paths| content::save(shared, paths, &records)).await
    }

    async fn remove(&self, key: &RecordKey) -> Result<(), StoreError> {
        self.remove_as(key, Removal::Any).await
    }

    async fn remove_unchanged(&self, key: &RecordKey, read: Option<&Record>) -> Result<(), StoreError> {
        self.remove_as(key, Removal::Unchanged(read.cloned())).await
    }

    async fn lock(&self, key: &RecordKey) -> Result<StoreLock, StoreError> {
        self.local.lock(key).await
    }

    async fn try_lock(&self, key: &RecordKey) -> Result<Option<StoreLock>, StoreError> {
        self.local.try_lock(key).await
    }

    async fn keys(&self) -> Result<Vec<RecordKey>, StoreError> {
        self.local.read(content::keys).await
    }

    async fn keys_page(&self, after: &StoreCursor, at_most: usize) -> Result<KeyPage, StoreError> {
        let after = after.clone();
        self.local.read(move |shared, paths| content::keys_page(shared, paths, &after, at_most)).await
    }

    async fn load_all(&self) -> Result<Vec<(RecordKey, Record)>, StoreError> {
        self.local.read(content::load_all).await
    }
}

impl SqliteStore {
    async fn remove_as(&self, key: &RecordKey, removal: Removal) -> Result<(), StoreError> {
        if self.local.read(content::nothing_there).await? {
            return Ok(());
        }
        let key = key.clone();
        self.local.change(move |shared, paths| content::remove(shared, paths, &key, &removal)).await
    }
}
