//! Locks between processes: leases, extended while they are held.
//!
//! A holder that stood still for longer than its lease may go on when somebody else has the lock. So each lease has a token that is higher
//! than all before it; writes carry it, and the server refuses one that is lower than the highest that has written.

use super::{
    content::Content,
    marker,
    request::Request,
    row,
    scripts::{ACQUIRE, DONE, EXTEND, RELEASE},
};
use crate::{
    key_locks::{KeyLock, KeyLocks, LOCK_WAIT},
    sealing::{hex, random},
};
use auth_core::ports::{RecordKey, StoreError, StoreLock};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{runtime::Handle, task::AbortHandle, time::sleep};

/// Between two looks at a lock that another process holds: at first, and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(10), Duration::from_millis(250));

/// The locks of this process: whoever waits here waits first for the others here, so that one asks the server.
pub(super) struct Leases {
    content: Arc<Content>,
    locks: KeyLocks<RecordKey>,
    /// The values of leases that were given up and may still be in the server: whoever is next in this process takes over.
    given_up: Mutex<HashMap<RecordKey, String>>,
}

/// More of them are not remembered: by the time that there are so many, a server that was away has let the first ones run out.
const MAX_GIVEN_UP: usize = 10_000;

/// A lease, from before it is asked for.
struct Lease {
    leases: Arc<Leases>,
    key: RecordKey,
    record: String,
    value: String,
    runtime: Handle,
    extension: Option<AbortHandle>,
    is_free: bool,
    _in_process: KeyLock,
}

impl Leases {
    pub(super) fn new(content: Arc<Content>) -> Self {
        Self { content, locks: KeyLocks::default(), given_up: Mutex::default() }
    }

    pub(super) async fn lock(self: &Arc<Self>, key: &RecordKey) -> Result<StoreLock, StoreError> {
        let busy = || StoreError::unavailable("somebody else holds the record");
        let in_process = self.locks.lock(key, LOCK_WAIT).await.ok_or_else(busy)?;
        let mut lease = self.prepare(key, in_process).await?;
        let (mut pause, mut waited) = (PAUSES.0, Duration::ZERO);
        while !lease.acquire().await? {
            if waited >= LOCK_WAIT {
                return Err(busy());
            }
            // Many processes that wait do not come all at once.
            let now = pause.mul_f64(0.5 + fastrand::f64());
            sleep(now).await;
            waited += now;
            pause = (pause * 2).min(PAUSES.1);
        }
        Ok(StoreLock::new(lease))
    }

    pub(super) async fn try_lock(self: &Arc<Self>, key: &RecordKey) -> Result<Option<StoreLock>, StoreError> {
        let Some(in_process) = self.locks.try_lock(key) else { return Ok(None) };
        let mut lease = self.prepare(key, in_process).await?;
        Ok(if lease.acquire().await? { Some(StoreLock::new(lease)) } else { None })
    }

    async fn prepare(self: &Arc<Self>, key: &RecordKey, in_process: KeyLock) -> Result<Lease, StoreError> {
        let runtime = Handle::try_current()
            .map_err(|_| StoreError::unavailable("there is no tokio runtime to hold a lock on"))?;
        let ring = self.content.marker.find_or_create().await?;
        Ok(Lease {
            leases: Arc::clone(self),
            key: key.clone(),
            record: self.content.name(&ring, key),
            value: hex(&*random::<16>()?),
            runtime,
            extension: None,
            is_free: true,
            _in_process: in_process,
        })
    }

    fn given_up(&self) -> MutexGuard<'_, HashMap<RecordKey, String>> {
        self.given_up.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn life(&self) -> Vec<u8> {
        self.content.link.options.lease.as_millis().to_string().into_bytes()
    }
}

impl Lease {
    /// Takes the lease if nobody has it.
    async fn acquire(&mut self) -> Result<bool, StoreError> {
        let before = self.leases.given_up().get(&self.key).cloned().unwrap_or_default();
        let keys = vec![row::lease(&self.record), self.record.clone()];
        let arguments = vec![self.value.clone().into_bytes(), self.leases.life(), before.into_bytes()];
        // Whoever waits may give up while the answer is on its way.
        self.is_free = false;
        let asked = Request::Script { script: &ACQUIRE, keys, arguments };
        let answer = self.leases.content.link.one(&asked).await?;
        let (code, token): (i64, String) = marker::read(answer)?;
        if code != DONE {
            self.is_free = true;
            return Ok(false);
        }
        self.leases.given_up().remove(&self.key);
        self.leases.content.set_token(&self.key, Some(token.clone()));
        self.extension = Some(
            self.runtime
                .spawn(extend(self.leases.clone(), self.record.clone(), self.value.clone(), token))
                .abort_handle(),
        );
        Ok(true)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(extension) = &self.extension {
            extension.abort();
            self.leases.content.set_token(&self.key, None);
        }
        if self.is_free {
            return;
        }
        {
            let mut given_up = self.leases.given_up();
            if given_up.len() >= MAX_GIVEN_UP {
                given_up.clear();
            }
            given_up.insert(self.key.clone(), self.value.clone());
        }
        let (leases, key, record, value) =
            (self.leases.clone(), self.key.clone(), self.record.clone(), self.value.clone());
        // A runtime that has ended drops it; the lease ends by itself then.
        let _released = self.runtime.spawn(async move {
            let released = leases
                .content
                .change(&RELEASE, vec![row::lease(&record)], vec![value.clone().into_bytes()])
                .await;
            if released.is_ok() {
                let mut given_up = leases.given_up();
                if given_up.get(&key) == Some(&value) {
                    given_up.remove(&key);
                }
            }
        });
    }
}

/// Makes the lease last as long as it is held. A server that is away for a moment is asked again.
async fn extend(leases: Arc<Leases>, record: String, value: String, token: String) {
    let life = leases.content.link.options.lease;
    let mut pause = life / 3;
    loop {
        sleep(pause).await;
        let keys = vec![row::lease(&record), record.clone()];
        let arguments = vec![value.clone().into_bytes(), leases.life(), token.clone().into_bytes()];
        pause = match leases.content.change(&EXTEND, keys, arguments).await {
            Ok((DONE, _)) => life / 3,
            Ok(_) => {
                tracing::warn!(
                    "the lock of a record was lost: this process stood still, or Redis was away, for longer than the lease"
                );
                return;
            }
            Err(error) => {
                tracing::warn!(
                    error = error.kind(),
                    "the lock of a record could not be extended; it is tried again"
                );
                life / 10
            }
        };
    }
}
