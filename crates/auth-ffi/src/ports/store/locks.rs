//! The locks of the records of foreign stores, shared by all clients of this process.

use super::holds::{Hold, Holds};
use crate::{ports::ProcessLock, runtime::spawn};
use auth_client::ports::{RecordKey, StoreError, StoreLock, within};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError, Weak},
    time::{Duration, Instant},
};
use tokio::{
    sync::{Mutex as AsyncMutex, OwnedMutexGuard},
    time::sleep,
};

/// The timeout of a wait for a lock: longer than a request and the store calls around it.
const LOCK_TIMEOUT: Duration = Duration::from_secs(60);
/// How often a lock that another process holds is asked for.
const PAUSE: Duration = Duration::from_millis(15);

type Lock = AsyncMutex<()>;

/// One mutex for each record, by the record's key and not by the store object: two objects over one Keychain share their
/// records, which cannot be seen from here. Two unrelated stores with records of the same name then wait for each other
/// without need, which is the smaller harm. Other processes are excluded by a [`ProcessLock`].
#[derive(Default)]
pub(super) struct Locks {
    locks: Table,
    writing: Table,
    /// The locks between processes that this process holds.
    holds: Holds,
}

impl Locks {
    pub(super) fn of_this_process() -> Arc<Self> {
        static ALL: OnceLock<Arc<Locks>> = OnceLock::new();
        ALL.get_or_init(Arc::default).clone()
    }

    /// Takes the lock of a record: in this process, then between processes.
    pub(super) async fn wait(
        &self,
        key: &RecordKey,
        between: Option<&Arc<dyn ProcessLock>>,
    ) -> Result<StoreLock, StoreError> {
        let locked = async {
            let mut here = self.locks.of(key).lock_owned().await;
            loop {
                match hold(key, between, here, &self.holds).await? {
                    Ok(held) => return Ok(StoreLock::new(self.held(key, held))),
                    Err(not_yet) => here = not_yet,
                }
                sleep(PAUSE).await;
            }
        };
        let busy = StoreError::unavailable("another call holds the store");
        within(LOCK_TIMEOUT, locked, Instant::now, sleep).await.unwrap_or(Err(busy))
    }

    /// The same if nobody holds it.
    pub(super) async fn attempt(
        &self,
        key: &RecordKey,
        between: Option<&Arc<dyn ProcessLock>>,
    ) -> Result<Option<StoreLock>, StoreError> {
        let Ok(here) = self.locks.of(key).try_lock_owned() else { return Ok(None) };
        let held = within(LOCK_TIMEOUT, hold(key, between, here, &self.holds), Instant::now, sleep).await;
        let busy = StoreError::unavailable("the lock between processes does not answer");
        Ok(held.unwrap_or(Err(busy))?.ok().map(|held| StoreLock::new(self.held(key, held))))
    }

    /// Waits until the locks between processes that are held now have been given back, but no longer than this.
    pub(super) async fn wait_until_given_back(&self, timeout: Duration) {
        within(timeout, self.holds.wait(), Instant::now, sleep).await;
    }

    fn held(&self, key: &RecordKey, held: Held) -> Locked {
        Locked { held: Some(held), writing: self.writing.of(key) }
    }

    /// The mutex that is held during one write of a record.
    pub(super) fn writing(&self, key: &RecordKey) -> Arc<Lock> {
        self.writing.of(key)
    }
}

/// A lock that is held. It outlives a write that was made under it, whose caller has given up, and that may still land: until then
/// nobody else knows what will be there.
struct Locked {
    held: Option<Held>,
    writing: Arc<Lock>,
}

impl Drop for Locked {
    fn drop(&mut self) {
        let held = self.held.take();
        if self.writing.clone().try_lock_owned().is_err() {
            let writing = self.writing.clone();
            spawn(async move {
                let written = writing.lock_owned().await;
                drop((held, written));
            });
        }
    }
}

/// A lock that is held in this process and, where there is such a lock, between processes. This process asks for it again only after
/// it was given back between processes.
struct Held {
    between: Option<Between>,
    here: Option<OwnedMutexGuard<()>>,
}

struct Between {
    lock: Arc<dyn ProcessLock>,
    name: String,
    hold: Hold,
}

/// Gives the right in this process back if another process holds the lock.
async fn hold(
    key: &RecordKey,
    between: Option<&Arc<dyn ProcessLock>>,
    here: OwnedMutexGuard<()>,
    holds: &Holds,
) -> Result<Result<Held, OwnedMutexGuard<()>>, StoreError> {
    let Some(lock) = between.cloned() else {
        return Ok(Ok(Held { between: None, here: Some(here) }));
    };
    let name = key.to_string();
    // From before it is asked for: nobody knows the moment from which on it is held.
    let hold = holds.begin();
    // To its end, whatever becomes of the caller: a lock that was taken has to be given back.
    let taking = spawn(async move {
        Ok(match lock.try_lock(name.clone()).await? {
            true => Ok(Held { between: Some(Between { lock, name, hold }), here: Some(here) }),
            false => Err(here),
        })
    });
    let failed = || Err(super::StoreError::Failed { thrown: None });
    let taken = match taking {
        Some(taking) => taking.await.unwrap_or_else(|_| failed()),
        None => failed(),
    };
    taken.map_err(StoreError::from)
}

impl Drop for Held {
    fn drop(&mut self) {
        let here = self.here.take();
        if let Some(Between { lock, name, hold }) = self.between.take() {
            spawn(async move {
                lock.unlock(name).await;
                drop((here, hold));
            });
        }
    }
}

#[derive(Default)]
struct Table(Mutex<HashMap<RecordKey, Weak<Lock>>>);

impl Table {
    fn of(&self, key: &RecordKey) -> Arc<Lock> {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lock) = locks.get(key).and_then(Weak::upgrade) {
            return lock;
        }
        // Those that nobody holds or waits for.
        locks.retain(|_, lock| lock.strong_count() > 0);
        let lock = Arc::default();
        locks.insert(key.clone(), Arc::downgrade(&lock));
        lock
    }
}
