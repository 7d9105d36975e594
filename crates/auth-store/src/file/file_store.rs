//! The store in one encrypted file, as the rest of the program sees it.

use super::{
    content::{self, Found, Removal},
    mark::KIND,
    size_note::SizeNote,
};
use crate::{
    NewKey, StorePassphrase,
    local::{key_source::LocalKeySource, local_store::LocalStore},
};
use async_trait::async_trait;
use auth_core::ports::{Record, RecordKey, SessionStore, StoreError, StoreLock, WriteCondition};
use std::{
    fmt,
    path::{Path, PathBuf},
};

/// Keeps records in one file, each sealed with XChaCha20-Poly1305 and bound to its place and session id. Clones share the
/// derived key and the locks; several instances and several processes may use the same file.
///
/// Beside the file lie `<path>.lock` and `<path>.locks/` (empty files, which must not be deleted while the store is
/// in use; what killed processes have left is swept at the first change), with a key file `<path>.key` (for an instant `<path>.key.next`, see [`rekey`](Self::rekey)), and after damage `<path>.damaged-<n>`. A symbolic link is followed, and
/// these names are then formed from the file it leads to. If the path is a directory, the file is `b2auth.store` in
/// it. Missing directories are made with mode 0700, files with 0600, whatever the umask. A file that is written again keeps its owner,
/// group and mode (but for one that lets all others in, which becomes 0600), and what is made beside it belongs to its owner; a process
/// that may not do that gets [`StoreError::Io`], and nothing is written.
///
/// # Other users
/// A file, lock or link is used only if it is ours or root's; by root also one of the folder's owner, if nobody else can write to the folder.
/// Anything else is [`StoreError::Io`], or [`StoreError::KeyMissing`] for the key file, also one that all others can write to. What is no
/// regular file is never waited for.
///
/// # How many accounts
/// Each change reads and writes the whole file. That takes some ten milliseconds with a thousand records and some hundred with ten thousand,
/// and a file of more than 64 MiB, about 25,000 sessions, is refused. It is made for a user's accounts and for services with some hundred of
/// them; for more there is `SqliteStore` (feature `sqlite`), whose changes cost the same whatever their number. At a thousand records the log
/// gets a warning, once for each store.
///
/// # Security
/// With a key file the store is safe in a backup or a copy that lacks that file, but not from whoever can read the
/// user's files; with a passphrase, from that too, as far as the passphrase cannot be guessed. Hosts, profiles and
/// e-mail addresses are not readable in the file. A sealed table says whose each record is, and which sealing of it: one that was taken
/// away, renamed, exchanged or brought back is [damage](#damage). That somebody put back an older copy of the whole file, or deleted it,
/// cannot be seen.
///
/// # Damage
/// A record that does not open is put into quarantine inside the file, a store that cannot be read, or whose table was changed, is renamed; both are reported
/// once as [`StoreError::Corrupt`] by `load`, and noted in the log if a `save` that may replace anything meets them
/// first. A renamed file may hold any record, so [`remove`](SessionStore::remove) of a session deletes all of them,
/// whatever its account.
///
/// # Another program's file
/// Only what carries the format's mark is ever renamed, changed in mode, or removed. Where another program's file lies in the place
/// of the store or the key file, every call is [`StoreError::NotAStore`], and nothing is made beside it. An empty file counts as none.
///
/// ```no_run
/// use auth_store::{FileStore, StorePassphrase};
///
/// let store = FileStore::with_key_file("b2auth.store");
/// let sealed_by_passphrase = FileStore::with_passphrase("other.store", StorePassphrase::new("correct horse"));
/// ```
#[derive(Clone)]
pub struct FileStore {
    local: LocalStore<SizeNote>,
}

impl FileStore {
    /// A store sealed with the key in `<path>.key`: 32 random bytes, written when the store is. Nothing is read,
    /// written or created before the first use.
    pub fn with_key_file(path: impl Into<PathBuf>) -> Self {
        Self { local: LocalStore::new(path.into(), &KIND, LocalKeySource::key_file(), SizeNote::default()) }
    }

    /// A store sealed with a key derived from a passphrase (Argon2id), once for an instance and its clones. Nothing
    /// is read, written or created before the first use.
    pub fn with_passphrase(path: impl Into<PathBuf>, passphrase: StorePassphrase) -> Self {
        Self {
            local: LocalStore::new(
                path.into(),
                &KIND,
                LocalKeySource::passphrase(passphrase),
                SizeNote::default(),
            ),
        }
    }

    /// The path. A relative one was made absolute when the store was made: the program may change its directory.
    pub fn path(&self) -> &Path {
        self.local.path()
    }

    /// Does its work on the thread that asks, where it otherwise goes to tokio's blocking threads. For a program with
    /// nothing else to do meanwhile: it spares starting a thread, which takes longer than reading the file. A store with a passphrase
    /// goes on as it was: making the key of it takes so long that connections have to be watched meanwhile.
    #[must_use]
    pub fn run_inline(mut self) -> Self {
        self.local.run_inline();
        self
    }

    /// A way out where the key is lost: if this key does not open the store, or its key file is gone or cannot be read, the store is
    /// renamed to `<path>.kept-<n>`, and a key file that cannot be read to `<path>.kept-<n>.key`, so that a new one can begin. Gives the
    /// place; nothing if the store opens, or none is there. Whoever finds the key opens the kept file with it, as a store like any other;
    /// nothing here ever removes it.
    ///
    /// # Errors
    /// [`StoreError::NotAStore`] and [`StoreError::Newer`]: what lies there is not lost. Else as [`save`](SessionStore::save).
    pub async fn make_way(&self) -> Result<Option<PathBuf>, StoreError> {
        if self.local.read(|_, paths| content::nothing_there(paths)).await?
            && self.local.read(|shared, paths| shared.key.check(paths)).await.is_ok()
        {
            return Ok(None);
        }
        self.local.change(|shared, paths| content::make_way(paths, &shared.key)).await
    }

    /// Seals all records anew with another key, in one write. Gives how many there are; 0 if there is no store yet. Records that do not open
    /// go into quarantine, as they are.
    ///
    /// From then on the store opens with the new key only. Other instances, also of other processes, go on if both keys are in the
    /// key file; with a passphrase before or afterwards they get [`StoreError::WrongKey`], as this one does, and have to be made anew
    /// with the new key. What does not lie in the store stays as it was: earlier copies of it, quarantined and kept files (`<path>.damaged-<n>`,
    /// `<path>.kept-<n>`). Whoever has got the old key and such a copy reads it: sign those sessions out too.
    ///
    /// # Errors
    /// If the store does not open; [`StoreError::Corrupt`] if it is damaged as a whole, or does not say of each record whose it is.
    /// A key file that could not be replaced later is an error before anything is changed. After an error the store opens with its old key.
    pub async fn rekey(&self, key: NewKey) -> Result<usize, StoreError> {
        if self.local.read(|_, paths| content::nothing_there(paths)).await? {
            return Ok(0);
        }
        self.local.change(move |shared, paths| content::rekey(paths, &shared.key, &key)).await
    }
}

impl fmt::Debug for FileStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileStore").field("path", &self.path()).finish_non_exhaustive()
    }
}

#[async_trait]
impl SessionStore for FileStore {
    async fn load(&self, key: &RecordKey) -> Result<Option<Record>, StoreError> {
        let wanted = key.clone();
        match self.local.read(move |shared, paths| content::read(paths, &shared.key, &wanted)).await? {
            Found::Record(record) => Ok(Some(record)),
            Found::Absent => Ok(None),
            Found::DamagedStore(_) | Found::DamagedRecord { .. } => {
                let wanted = key.clone();
                self.local
                    .change(move |shared, paths| content::load_damaged(paths, &shared.key, &wanted))
                    .await
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
        self.local
            .change(move |shared, paths| {
                let kept = content::save(paths, &shared.key, &records)?;
                shared.format.note(&paths.store_file(), kept);
                Ok(())
            })
            .await
    }

    async fn remove(&self, key: &RecordKey) -> Result<(), StoreError> {
        if self.local.read(|_, paths| content::nothing_there(paths)).await? {
            return Ok(());
        }
        let key = key.clone();
        self.local.change(move |shared, paths| content::remove(paths, &shared.key, &key, Removal::Any)).await
    }

    async fn remove_unchanged(&self, key: &RecordKey, read: Option<&Record>) -> Result<(), StoreError> {
        if self.local.read(|_, paths| content::nothing_there(paths)).await? {
            return Ok(());
        }
        let (key, read) = (key.clone(), read.cloned());
        self.local
            .change(move |shared, paths| {
                content::remove(paths, &shared.key, &key, Removal::Unchanged(read.as_ref()))
            })
            .await
    }

    async fn lock(&self, key: &RecordKey) -> Result<StoreLock, StoreError> {
        self.local.lock(key).await
    }

    async fn try_lock(&self, key: &RecordKey) -> Result<Option<StoreLock>, StoreError> {
        self.local.try_lock(key).await
    }

    async fn keys(&self) -> Result<Vec<RecordKey>, StoreError> {
        self.local.read(|shared, paths| content::keys(paths, &shared.key)).await
    }

    async fn load_all(&self) -> Result<Vec<(RecordKey, Record)>, StoreError> {
        self.local.read(|shared, paths| content::load_all(paths, &shared.key)).await
    }
}
