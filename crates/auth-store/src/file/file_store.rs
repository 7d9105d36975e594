//! The store in one encrypted file, as the rest of the program sees it.

use super::{
    content::{self, Found, Removal},
    key_source::FileKeySource,
    make_way,
    paths::StorePaths,
    process_lock, sweep,
    worker::Worker,
};
use crate::{
    StorePassphrase,
    key_locks::{KeyLocks, LOCK_WAIT},
};
use async_trait::async_trait;
use auth_core::ports::{Record, RecordKey, SessionStore, StoreError, StoreLock, WriteCondition};
use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// How long a change waits for another process's change. Each takes a few milliseconds.
const CHANGE_WAIT: Duration = Duration::from_secs(10);

/// Keeps records in one file, each sealed with XChaCha20-Poly1305 and bound to its place and session id. Clones share the
/// derived key and the locks; several instances and several processes may use the same file.
///
/// Beside the file lie `<path>.lock` and `<path>.locks/` (empty files, which must not be deleted while the store is
/// in use; what killed processes have left is swept at the first change), with a key file `<path>.key`, and after damage `<path>.damaged-<n>`. A symbolic link is followed, and
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
    shared: Arc<Shared>,
    worker: Worker,
}

struct Shared {
    path: PathBuf,
    key: FileKeySource,
    changes: KeyLocks<()>,
    locks: KeyLocks<RecordKey>,
    /// What killed processes have left is removed once, at the first change.
    is_swept: AtomicBool,
}

impl FileStore {
    /// A store sealed with the key in `<path>.key`: 32 random bytes, written when the store is. Nothing is read,
    /// written or created before the first use.
    pub fn with_key_file(path: impl Into<PathBuf>) -> Self {
        Self::new(path.into(), FileKeySource::key_file())
    }

    /// A store sealed with a key derived from a passphrase (Argon2id), once for an instance and its clones. Nothing
    /// is read, written or created before the first use.
    pub fn with_passphrase(path: impl Into<PathBuf>, passphrase: StorePassphrase) -> Self {
        Self::new(path.into(), FileKeySource::passphrase(passphrase))
    }

    /// The path. A relative one was made absolute when the store was made: the program may change its directory.
    pub fn path(&self) -> &Path {
        &self.shared.path
    }

    /// Does its work on the thread that asks, where it otherwise goes to tokio's blocking threads. For a program with
    /// nothing else to do meanwhile: it spares starting a thread, which takes longer than reading the file. A store with a passphrase
    /// goes on as it was: making the key of it takes so long that connections have to be watched meanwhile.
    #[must_use]
    pub fn run_inline(mut self) -> Self {
        if self.shared.key.is_quick() {
            self.worker = Worker::Caller;
        }
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
        if self.read(|_, paths| content::nothing_there(paths)).await?
            && self.read(|shared, paths| shared.key.check(paths)).await.is_ok()
        {
            return Ok(None);
        }
        self.change(|shared, paths| make_way::make_way(paths, &shared.key)).await
    }

    fn new(path: PathBuf, key: FileKeySource) -> Self {
        // One that cannot be is reported at the first use.
        let path = std::path::absolute(&path).unwrap_or(path);
        let (changes, locks, is_swept) = (KeyLocks::default(), KeyLocks::default(), AtomicBool::default());
        let shared = Shared { path, key, changes, locks, is_swept };
        Self { shared: Arc::new(shared), worker: Worker::Pool }
    }

    /// Does `work` where this store does its work.
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Shared, &StorePaths) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let shared = Arc::clone(&self.shared);
        self.worker.run(move || work(&shared, &StorePaths::resolve(&shared.path)?)).await
    }

    /// Like `read`, while no other process and no other task changes the store.
    async fn change<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Shared, &StorePaths) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let busy = StoreError::unavailable("another process holds the store");
        let mut waited = Duration::ZERO;
        let in_process = self.shared.changes.lock(&(), CHANGE_WAIT).await.ok_or_else(|| busy.clone())?;
        let mut waiting = (work, in_process);
        loop {
            let ((work, in_process), shared) = (waiting, Arc::clone(&self.shared));
            // In one go where the lock is free: each way to the pool and back takes its time.
            let tried = self.worker.run(move || {
                let paths = StorePaths::resolve(&shared.path)?;
                let Some(held) = paths.hold()? else { return Ok(Tried::Busy((work, in_process))) };
                if !shared.is_swept.swap(true, Ordering::Relaxed) {
                    sweep::sweep(&paths);
                }
                let done = work(&shared, &paths);
                drop((held, in_process));
                done.map(Tried::Done)
            });
            waiting = match tried.await? {
                Tried::Done(done) => return Ok(done),
                // Counted by the pauses: the process may have stood still.
                Tried::Busy(_) if waited >= CHANGE_WAIT => return Err(busy),
                Tried::Busy(again) => again,
            };
            tokio::time::sleep(process_lock::PAUSE).await;
            waited += process_lock::PAUSE;
        }
    }
}

/// A change, or what is needed to try it again when the lock is free.
enum Tried<T, W> {
    Done(T),
    Busy(W),
}

impl fmt::Debug for FileStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileStore").field("path", &self.shared.path).finish_non_exhaustive()
    }
}

#[async_trait]
impl SessionStore for FileStore {
    async fn load(&self, key: &RecordKey) -> Result<Option<Record>, StoreError> {
        let wanted = key.clone();
        match self.read(move |shared, paths| content::read(paths, &shared.key, &wanted)).await? {
            Found::Record(record) => Ok(Some(record)),
            Found::Absent => Ok(None),
            Found::DamagedStore(_) | Found::DamagedRecord { .. } => {
                let wanted = key.clone();
                self.change(move |shared, paths| content::load_damaged(paths, &shared.key, &wanted)).await
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
        self.change(move |shared, paths| content::save(paths, &shared.key, &records)).await
    }

    async fn remove(&self, key: &RecordKey) -> Result<(), StoreError> {
        if self.read(|_, paths| content::nothing_there(paths)).await? {
            return Ok(());
        }
        let key = key.clone();
        self.change(move |shared, paths| content::remove(paths, &shared.key, &key, Removal::Any)).await
    }

    async fn remove_unchanged(&self, key: &RecordKey, read: Option<&Record>) -> Result<(), StoreError> {
        if self.read(|_, paths| content::nothing_there(paths)).await? {
            return Ok(());
        }
        let (key, read) = (key.clone(), read.cloned());
        self.change(move |shared, paths| {
            content::remove(paths, &shared.key, &key, Removal::Unchanged(read.as_ref()))
        })
        .await
    }

    async fn lock(&self, key: &RecordKey) -> Result<StoreLock, StoreError> {
        let busy = StoreError::unavailable("somebody else holds the record");
        let in_process = self.shared.locks.lock(key, LOCK_WAIT).await.ok_or_else(|| busy.clone())?;
        let wanted = key.clone();
        let file = self.read(move |_, paths| paths.record_lock_file(&wanted)).await?;
        let held = process_lock::wait(self.worker, file.clone(), LOCK_WAIT).await?.ok_or(busy)?;
        Ok(StoreLock::new((held.passing(file.path), in_process)))
    }

    async fn try_lock(&self, key: &RecordKey) -> Result<Option<StoreLock>, StoreError> {
        let Some(in_process) = self.shared.locks.try_lock(key) else { return Ok(None) };
        let wanted = key.clone();
        let file = self.read(move |_, paths| paths.record_lock_file(&wanted)).await?;
        let held = process_lock::attempt(self.worker, file.clone()).await?;
        Ok(held.map(|held| StoreLock::new((held.passing(file.path), in_process))))
    }

    async fn keys(&self) -> Result<Vec<RecordKey>, StoreError> {
        self.read(|shared, paths| content::keys(paths, &shared.key)).await
    }
}
