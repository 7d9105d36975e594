//! The rate limiter: where a request is held back. It counts attempts in the store, so that the count holds between processes. How
//! long to wait is computed in `auth-core` (`src/attempts/attempt_log.rs`).
//!
//! 1. [`RateLimiter::acquire`] checks the count under the store's lock, counts the attempt and saves the count: a [`Permit`],
//!    or [`Denied`] with the time to wait.
//! 2. The caller sends the request.
//! 3. [`RateLimiter::settle`] remembers the host's block, gives an attempt back that never reached the host, or lets it count from
//!    its answer on: somewhere on the way to it the host has counted it.

use super::ClockInUse;
use auth_core::{
    AccountKey, ClockReading, Elapsed, Endpoint, Host, LockedOut, LockedOutBy, Office, Profile,
    attempts::{AttemptLog, Limits},
    ports::{Record, RecordKey, RecordKind, SessionId, SessionStore, StoreError, WriteCondition},
    secret::SecretBytes,
};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Why an attempt may not be made.
pub(crate) enum Denied {
    LockedOut(LockedOut),
    Store(StoreError),
}

impl From<StoreError> for Denied {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// An attempt that may be made; to be settled when its outcome is known. If it is dropped instead, its caller has given up, and
/// the host may have counted it at any time until then.
#[must_use = "settle it when the outcome is known"]
pub(crate) struct Permit {
    office: Office,
    endpoint: Endpoint,
    account: String,
    counted_at: Option<ClockReading>,
    clock: ClockInUse,
    given_up: AllGivenUp,
}

/// An attempt whose caller has given up.
struct GivenUp {
    office: Office,
    endpoint: Endpoint,
    account: String,
    counted_at: ClockReading,
    until: ClockReading,
}

/// Those that the log does not know of yet.
type AllGivenUp = Arc<Mutex<Vec<GivenUp>>>;

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(at) = self.counted_at {
            let attempt = GivenUp {
                office: self.office,
                endpoint: self.endpoint,
                account: self.account.clone(),
                counted_at: at,
                until: self.clock.reading(),
            };
            self.given_up.lock().unwrap_or_else(PoisonError::into_inner).push(attempt);
        }
    }
}

/// A block that was met before the account was known holds for every account.
const ANY_ACCOUNT: &str = "";

/// A block of the host lasts at least this long, whatever the host says.
const MIN_BLOCK: Duration = Duration::from_secs(1);

/// An attempt whose exchange took longer counts from its answer on. A shorter one is not worth another write.
const LONG_EXCHANGE: Duration = Duration::from_millis(500);

/// Counts the attempts of one host, in its store.
pub(crate) struct RateLimiter {
    host: Host,
    store: Arc<dyn SessionStore>,
    clock: ClockInUse,
    limits: Limits,
    /// The count as it was last read or written, so that the same bytes are not decoded again.
    last: Mutex<Option<(SecretBytes, AttemptLog)>>,
    given_up: AllGivenUp,
}

impl RateLimiter {
    pub(crate) fn new(host: Host, store: Arc<dyn SessionStore>, clock: ClockInUse, limits: Limits) -> Self {
        Self { host, store, clock, limits, last: Mutex::default(), given_up: AllGivenUp::default() }
    }

    /// Asks whether an attempt may be made, and counts it.
    pub(crate) async fn acquire(
        &self,
        office: Office,
        endpoint: Endpoint,
        account: &str,
    ) -> Result<Permit, Denied> {
        self.acquire_and_save(office, endpoint, account, None).await
    }

    /// The same; if the attempt may be made, a record is saved in the same write as the count: each write takes milliseconds.
    pub(crate) async fn acquire_and_save(
        &self,
        office: Office,
        endpoint: Endpoint,
        account: &str,
        also: Option<(RecordKey, Record, WriteCondition)>,
    ) -> Result<Permit, Denied> {
        let (clock, given_up) = (self.clock.clone(), self.given_up.clone());
        let account_text = account.to_owned();
        let mut permit =
            Permit { office, endpoint, account: account_text, counted_at: None, clock, given_up };
        let Some(group) = endpoint.limit() else { return self.saving(permit, also).await };
        // Refreshes that are not counted are not written down, and do not wait for their turn to be: a fleet makes a hundred a second. What a
        // person does is: a store that cannot be written to is found out before the host is asked.
        let is_uncounted =
            matches!(endpoint, Endpoint::Refresh(_)) && self.limits.of(group).attempts.is_none();
        if !endpoint.counts_as_attempt() || is_uncounted {
            let check = |log: &AttemptLog| {
                let now = self.clock.reading();
                [ANY_ACCOUNT, account].map(|account| log.check(group, account, &self.limits, &now))
            };
            let [any, checked] = self.look(office, check).await?;
            blocked(any)?;
            // A wizard is opened to sign in: no use if no attempt is left.
            if endpoint.opens_wizard() {
                checked.map_err(Denied::LockedOut)?;
            } else {
                blocked(checked)?;
            }
            return self.saving(permit, also).await;
        }
        let key = self.attempts_key(office);
        let lock = self.store.lock(&key).await?;
        let (_, mut log) = self.read_log(office).await?;
        let known = self.count_given_up(office, &mut log);
        // Read under the lock: whoever had it before has counted at an earlier time than this.
        let now = self.clock.reading();
        blocked(log.check(group, ANY_ACCOUNT, &self.limits, &now))?;
        log.acquire(group, account, &self.limits, &now).map_err(Denied::LockedOut)?;
        permit.counted_at = Some(now);
        let mut records = vec![(key, record_of(&log), WriteCondition::Unconditional)];
        records.extend(also);
        if let Err(error) = self.store.save_all(&records).await {
            drop(lock);
            // It may be counted all the same, where a store writes one after the other.
            self.settle(permit, true, None).await;
            return Err(error.into());
        }
        self.forget_given_up(office, known);
        let (_, counted, _) = records.swap_remove(0);
        self.remember(counted.body, log);
        Ok(permit)
    }

    /// How many attempts at this endpoint are left for this account. `None` if they are not counted, or if the store cannot say.
    pub(crate) async fn left(&self, office: Office, endpoint: Endpoint, account: &str) -> Option<u32> {
        let group = endpoint.limit()?;
        let left = |log: &AttemptLog| log.left(group, account, &self.limits, &self.clock.reading());
        self.look(office, left).await.ok()?
    }

    /// How long this endpoint is blocked for this account: zero if it is not.
    pub(crate) async fn wait(
        &self,
        office: Office,
        endpoint: Endpoint,
        account: &str,
    ) -> Result<Duration, StoreError> {
        let Some(group) = endpoint.limit() else { return Ok(Duration::ZERO) };
        let check = |log: &AttemptLog| log.check(group, account, &self.limits, &self.clock.reading());
        Ok(match self.look(office, check).await? {
            Err(locked_out) if locked_out.by == LockedOutBy::Host || endpoint.counts_as_attempt() => {
                locked_out.retry_after
            }
            _ => Duration::ZERO,
        })
    }

    /// What the log says, without a change.
    async fn look<T>(&self, office: Office, look: impl FnOnce(&AttemptLog) -> T) -> Result<T, StoreError> {
        let (bytes, log) = self.read_log(office).await?;
        let seen = look(&log);
        if let Some(bytes) = bytes {
            self.remember(bytes, log);
        }
        Ok(seen)
    }

    /// Attempts whose callers have given up count from then on. They are remembered here until the log is saved; returns how many
    /// of this office there are.
    fn count_given_up(&self, office: Office, log: &mut AttemptLog) -> usize {
        let all = self.given_up.lock().unwrap_or_else(PoisonError::into_inner);
        let ours = all.iter().filter(|attempt| attempt.office == office);
        ours.inspect(|GivenUp { endpoint, account, counted_at, until, .. }| {
            if let Some(group) = endpoint.limit() {
                log.answered(group, account, counted_at, until);
            }
        })
        .count()
    }

    /// The first of this office are in the log by now.
    fn forget_given_up(&self, office: Office, mut known: usize) {
        let mut all = self.given_up.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|attempt| {
            let is_known = attempt.office == office && known > 0;
            known -= usize::from(is_known);
            !is_known
        });
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

    /// Takes in the outcome of an attempt. A store that fails here is only logged: the outcome counts more.
    pub(crate) async fn settle(&self, permit: Permit, was_not_sent: bool, locked_out: Option<LockedOut>) {
        let mut permit = permit;
        let (office, endpoint, counted_at) = (permit.office, permit.endpoint, permit.counted_at.take());
        let account = std::mem::take(&mut permit.account);
        let Some(group) = endpoint.limit() else { return };
        // A wizard is opened for nobody in particular: its block is about this address.
        let account = if endpoint.opens_wizard() { ANY_ACCOUNT.to_owned() } else { account };
        let by_host = locked_out.filter(|locked_out| locked_out.by == LockedOutBy::Host);
        let saved = match (by_host, counted_at) {
            (Some(block), _) => {
                let (now, wait) = (self.clock.reading(), block.retry_after.max(MIN_BLOCK));
                self.change_log(office, |log| log.block(group, &account, &now, wait)).await
            }
            (None, Some(at)) if was_not_sent => {
                self.change_log(office, |log| log.refund(group, &account, &at)).await
            }
            (None, Some(at)) => {
                let now = self.clock.reading();
                match now.since(&at) {
                    // The log's own margin is enough.
                    Elapsed::Certain(took) | Elapsed::Likely(took) if took < LONG_EXCHANGE => Ok(()),
                    _ => self.change_log(office, |log| log.answered(group, &account, &at, &now)).await,
                }
            }
            _ => Ok(()),
        };
        if let Err(error) = saved {
            tracing::warn!(error = error.kind(), "the count of attempts could not be saved");
        }
    }

    /// The host counts per account, whatever the profile.
    fn attempts_key(&self, office: Office) -> RecordKey {
        let account = AccountKey { profile: Profile::default(), host: self.host.clone(), office };
        RecordKey { account, kind: RecordKind::Attempts }
    }

    /// The log, and the bytes that it was read from, by which it can be remembered if it does not change.
    async fn read_log(&self, office: Office) -> Result<(Option<SecretBytes>, AttemptLog), StoreError> {
        match self.store.load(&self.attempts_key(office)).await {
            Ok(Some(record)) => {
                let decode = |bytes: &[u8]| {
                    AttemptLog::decode(bytes).or_else(|error| match error.into() {
                        StoreError::Corrupt { .. } => Ok(AttemptLog::default()),
                        newer => Err(newer),
                    })
                };
                let log = self.take(&record.body).map_or_else(|| decode(record.body.expose()), Ok)?;
                Ok((Some(record.body), log))
            }
            Ok(None) => Ok((None, AttemptLog::default())),
            // A damaged count is quarantined; what it counted is over in minutes, and no reason to refuse a sign-in.
            Err(StoreError::Corrupt { .. }) => Ok((None, AttemptLog::default())),
            Err(error) => Err(error),
        }
    }

    /// Reads, changes and writes under the lock, so that two processes cannot spend the same attempt.
    async fn change_log(
        &self,
        office: Office,
        change: impl FnOnce(&mut AttemptLog),
    ) -> Result<(), StoreError> {
        let key = self.attempts_key(office);
        let _lock = self.store.lock(&key).await?;
        let (_, mut log) = self.read_log(office).await?;
        let before = log.clone();
        change(&mut log);
        if log != before {
            let record = record_of(&log);
            self.store.save(&key, &record, WriteCondition::Unconditional).await?;
            self.remember(record.body, log);
        }
        Ok(())
    }

    /// The log of these bytes, if they were the last ones. It is forgotten here until it is remembered again.
    fn take(&self, bytes: &SecretBytes) -> Option<AttemptLog> {
        let (of, log) = self.last_read().take()?;
        (of.expose() == bytes.expose()).then_some(log)
    }

    fn remember(&self, bytes: SecretBytes, log: AttemptLog) {
        *self.last_read() = Some((bytes, log));
    }

    fn last_read(&self) -> MutexGuard<'_, Option<(SecretBytes, AttemptLog)>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts belong to no session.
fn record_of(log: &AttemptLog) -> Record {
    Record { session_id: SessionId(0), body: log.encode() }
}

/// Of a check that does not count: only the host's block is an obstacle.
fn blocked(checked: Result<(), LockedOut>) -> Result<(), Denied> {
    match checked {
        Err(locked_out) if locked_out.by == LockedOutBy::Host => Err(Denied::LockedOut(locked_out)),
        _ => Ok(()),
    }
}
