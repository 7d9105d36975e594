//! The attempt budget, kept in the store so that it holds between processes.

use crate::context::Context;
use auth_core::{
    Endpoint, LockedOut, LockedOutBy, Office, Timestamp,
    attempts::AttemptLog,
    ports::{Record, RecordKey, RecordKind, SessionId, StoreError, WriteCondition},
    secret::SecretBytes,
};
use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Why an attempt was not admitted.
pub(crate) enum Denied {
    LockedOut(LockedOut),
    Store(StoreError),
}

impl From<StoreError> for Denied {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// An attempt that may be made, to be settled when its outcome is known.
pub(crate) struct Permit {
    office: Office,
    endpoint: Endpoint,
    account: String,
    counted_at: Option<Timestamp>,
}

/// A block that was met before the account was known holds for every account.
const ANY_ACCOUNT: &str = "";

impl Context {
    /// Asks the budget before the host is asked.
    pub(crate) async fn acquire(
        &self,
        office: Office,
        endpoint: Endpoint,
        account: &str,
    ) -> Result<Permit, Denied> {
        self.acquire_and_save(office, endpoint, account, None).await
    }

    /// The same, and if the attempt may be made, saves a record in the same write: each takes milliseconds.
    pub(crate) async fn acquire_and_save(
        &self,
        office: Office,
        endpoint: Endpoint,
        account: &str,
        also: Option<(RecordKey, Record, WriteCondition)>,
    ) -> Result<Permit, Denied> {
        let mut permit = Permit { office, endpoint, account: account.to_owned(), counted_at: None };
        let Some(group) = endpoint.limit() else { return self.saving(permit, also).await };
        if !endpoint.counts_as_attempt() {
            let log = self.read_log(office).await?;
            let now = self.clock.now();
            blocked(log.check(group, ANY_ACCOUNT, &self.limits, now))?;
            let checked = log.check(group, account, &self.limits, now);
            // A wizard is opened to sign in: no use if no attempt is left.
            if endpoint == Endpoint::Wizard {
                checked.map_err(Denied::LockedOut)?;
            } else {
                blocked(checked)?;
            }
            return self.saving(permit, also).await;
        }
        let key = self.key(office, RecordKind::Attempts);
        let lock = self.store.lock(&key).await?;
        let mut log = self.read_log(office).await?;
        // Read under the lock: whoever had it before has counted at an earlier time than this.
        let now = self.clock.now();
        blocked(log.check(group, ANY_ACCOUNT, &self.limits, now))?;
        log.acquire(group, account, &self.limits, now).map_err(Denied::LockedOut)?;
        permit.counted_at = Some(now);
        let mut records = vec![(
            key,
            Record { session_id: SessionId(0), body: log.encode() },
            WriteCondition::Unconditional,
        )];
        records.extend(also);
        if let Err(error) = self.store.save_all(&records).await {
            drop(lock);
            // It may be counted all the same, where a store writes one after the other.
            self.settle(permit, true, None).await;
            return Err(error.into());
        }
        let (_, counted, _) = records.swap_remove(0);
        self.last_log.keep(counted.body, log);
        Ok(permit)
    }

    async fn saving(
        &self,
        permit: Permit,
        also: Option<(RecordKey, Record, WriteCondition)>,
    ) -> Result<Permit, Denied> {
        if let Some((key, record, condition)) = also {
            self.store.save(&key, &record, condition).await?;
        }
        Ok(permit)
    }

    /// Notes what the outcome says about the budget. A store that fails here is logged only: the outcome counts more.
    pub(crate) async fn settle(&self, permit: Permit, was_not_sent: bool, lock: Option<LockedOut>) {
        let Permit { office, endpoint, account, counted_at } = permit;
        let Some(group) = endpoint.limit() else { return };
        // A wizard is opened for nobody in particular: its block is about this address.
        let account = if endpoint == Endpoint::Wizard { ANY_ACCOUNT.to_owned() } else { account };
        let host_lock = lock.filter(|lock| lock.by == LockedOutBy::Host);
        let noted = match (host_lock, counted_at) {
            (Some(lock), _) => {
                let (now, wait) = (self.clock.now(), lock.retry_after.max(Duration::from_secs(1)));
                self.change_log(office, |log| log.block(group, &account, now, wait)).await
            }
            (None, Some(at)) if was_not_sent => {
                self.change_log(office, |log| log.refund(group, &account, at)).await
            }
            _ => Ok(()),
        };
        if let Err(error) = noted {
            tracing::warn!(error = error.kind(), "the attempt budget could not be kept");
        }
    }

    async fn read_log(&self, office: Office) -> Result<AttemptLog, StoreError> {
        match self.store.load(&self.key(office, RecordKind::Attempts)).await {
            Ok(Some(record)) => {
                let read = |bytes: &[u8]| {
                    AttemptLog::decode(bytes).or_else(|error| match error.into() {
                        StoreError::Corrupt { .. } => Ok(AttemptLog::default()),
                        newer => Err(newer),
                    })
                };
                self.last_log.read(record.body, read)
            }
            Ok(None) => Ok(AttemptLog::default()),
            // A damaged count is set aside; what it counted is over in minutes, and no reason to refuse a sign-in.
            Err(StoreError::Corrupt { .. }) => Ok(AttemptLog::default()),
            Err(error) => Err(error),
        }
    }

    /// Reads, changes and writes under the lock, so that two processes cannot spend the same attempt.
    async fn change_log<T>(
        &self,
        office: Office,
        change: impl FnOnce(&mut AttemptLog) -> T,
    ) -> Result<T, StoreError> {
        let key = self.key(office, RecordKind::Attempts);
        let _lock = self.store.lock(&key).await?;
        let mut log = self.read_log(office).await?;
        let before = log.clone();
        let result = change(&mut log);
        if log != before {
            let record = Record { session_id: SessionId(0), body: log.encode() };
            self.store.save(&key, &record, WriteCondition::Unconditional).await?;
            self.last_log.keep(record.body, log);
        }
        Ok(result)
    }
}

/// The log as it was last read or written, so that the same bytes are not read again.
#[derive(Default)]
pub(crate) struct LastLog(Mutex<Option<(SecretBytes, AttemptLog)>>);

impl LastLog {
    fn read(
        &self,
        bytes: SecretBytes,
        read: impl FnOnce(&[u8]) -> Result<AttemptLog, StoreError>,
    ) -> Result<AttemptLog, StoreError> {
        if let Some((of, log)) = &*self.lock()
            && of.expose() == bytes.expose()
        {
            return Ok(log.clone());
        }
        let log = read(bytes.expose())?;
        self.keep(bytes, log.clone());
        Ok(log)
    }

    fn keep(&self, bytes: SecretBytes, log: AttemptLog) {
        *self.lock() = Some((bytes, log));
    }

    fn lock(&self) -> MutexGuard<'_, Option<(SecretBytes, AttemptLog)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Of a check that does not count: only the host's block is an obstacle.
fn blocked(checked: Result<(), LockedOut>) -> Result<(), Denied> {
    match checked {
        Err(lock) if lock.by == LockedOutBy::Host => Err(Denied::LockedOut(lock)),
        _ => Ok(()),
    }
}
