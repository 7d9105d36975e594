//! A store's place, key and locks: who may work on it when, and on which thread. What the work is is the format's.

use super::{
    key_source::LocalKeySource, kind::StoreKind, paths::StorePaths, process_lock, sweep, worker::Worker,
};
use crate::key_locks::{KeyLocks, LOCK_WAIT};
use auth_core::ports::{RecordKey, StoreError, StoreLock};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// How long a change waits for another process's change. Each takes a few milliseconds.
pub(crate) const CHANGE_WAIT: Duration = Duration::from_secs(10);

/// What a store on this machine's disk is made of beside its format, which may keep something of its own.
pub(crate) struct LocalStore<F> {
    shared: Arc<Shared<F>>,
    worker: Worker,
}

/// What is the same for all clones of a store.
pub(crate) struct Shared<F> {
    path: PathBuf,
    kind: &'static StoreKind,
    pub(crate) key: LocalKeySource,
    /// What the format keeps.
    pub(crate) format: F,
    changes: KeyLocks<()>,
    locks: KeyLocks<RecordKey>,
    /// What killed processes have left is removed once, at the first change.
    is_swept: AtomicBool,
}

impl<F> Clone for LocalStore<F> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), worker: self.worker }
    }
}

impl<F: Send + Sync + 'static> LocalStore<F> {
    /// A store at a path. Nothing is read, written or created before the first use.
    pub(crate) fn new(path: PathBuf, kind: &'static StoreKind, key: LocalKeySource, format: F) -> Self {
        // One that cannot be is reported at the first use.
        let path = std::path::absolute(&path).unwrap_or(path);
        let (changes, locks, is_swept) = (KeyLocks::default(), KeyLocks::default(), AtomicBool::default());
        let shared = Shared { path, kind, key, format, changes, locks, is_swept };
        Self { shared: Arc::new(shared), worker: Worker::Pool }
    }

    /// What the format keeps.
    #[cfg(feature = "keyring")]
    pub(crate) fn own(&self) -> &F {
        &self.shared.format
    }

    pub(crate) fn path(&self) -> &Path {
        &self.shared.path
    }

    /// Does its work on the thread that asks, if its key is quickly made.
    pub(crate) fn run_inline(&mut self) {
        if self.shared.key.is_quick() {
            self.worker = Worker::Caller;
        }
    }

    /// Does `work` where this store does its work.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Shared<F>, &StorePaths) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let shared = Arc::clone(&self.shared);
        self.worker.run(move || work(&shared, &shared.paths()?)).await
    }

    /// Like `read`, while no other process and no other task changes the store.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Shared<F>, &StorePaths) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let busy = StoreError::unavailable("another process holds the store");
        let mut waited = Duration::ZERO;
        let in_process = self.shared.changes.lock(&(), CHANGE_WAIT).await.ok_or_else(|| busy.clone())?;
        let mut waiting = (work, in_process);
        loop {
            let ((work, in_process), shared) = (waiting, Arc::clone(&self.shared));
            // In one go where the lock is free: each way to the pool and back takes its time.
            let tried = self.worker.run(move || {
                let paths = shared.paths()?;
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

    /// Waits for the lock of a record.
    pub(crate) async fn lock(&self, key: &RecordKey) -> Result<StoreLock, StoreError> {
        let busy = StoreError::unavailable("somebody else holds the record");
        let in_process = self.shared.locks.lock(key, LOCK_WAIT).await.ok_or_else(|| busy.clone())?;
        let wanted = key.clone();
        let file = self.read(move |_, paths| paths.record_lock_file(&wanted)).await?;
        let held = process_lock::wait(self.worker, file.clone(), LOCK_WAIT).await?.ok_or(busy)?;
        Ok(StoreLock::new((held.passing(file.path), in_process)))
    }

    /// The lock of a record if nobody holds it.
    pub(crate) async fn try_lock(&self, key: &RecordKey) -> Result<Option<StoreLock>, StoreError> {
        let Some(in_process) = self.shared.locks.try_lock(key) else { return Ok(None) };
        let wanted = key.clone();
        let file = self.read(move |_, paths| paths.record_lock_file(&wanted)).await?;
        let held = process_lock::attempt(self.worker, file.clone()).await?;
        Ok(held.map(|held| StoreLock::new((held.passing(file.path), in_process))))
    }
}

impl<F> Shared<F> {
    fn paths(&self) -> Result<StorePaths, StoreError> {
        StorePaths::resolve(&self.path, self.kind)
    }
}

/// A change, or what is needed to try it again when the lock is free.
enum Tried<T, W> {
    Done(T),
    Busy(W),
}
