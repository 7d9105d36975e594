//! The operator's quota of refreshes, shared by all processes of a store. Its rules are in `auth-core`
//! (`src/attempts/quota_log.rs`); this reads and writes the record, and spends what was taken.
//!
//! A slice is taken in one write under the record's lock and spent in memory. A process that spends its slices takes larger ones,
//! one that does not takes smaller ones. A process that dies takes what it has not spent along: the others have less for a
//! window, and never more.
//!
//! The record is one of attempts, under a profile of its own: all counts of attempts are under the default profile, so nothing else
//! is there, and stores of every kind know it.

use super::{ClockInUse, Denied};
use auth_core::{
    AccountKey, ClockReading, Elapsed, Host, LockedOut, LockedOutBy, Office, Profile,
    attempts::{QuotaLog, QuotaShare, RefreshQuota, SeenGrants},
    ports::{Record, RecordKey, RecordKind, SessionId, SessionStore, StoreError, WriteCondition},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// The profile of the record.
const PROFILE: &str = "refresh-quota";
/// So long somebody who needs a token is held back by the quota; then the refresh is sent and counted all the same. The quota is a
/// courtesy, and he would go away without a token.
const MAX_WAIT: Duration = Duration::from_secs(5);
/// How often it is looked at meanwhile, at least and at most. The record is read when something may be free.
const STEPS: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(250));

/// The quota of one host, as this process has its part of it.
pub(crate) struct HostQuota {
    key: RecordKey,
    store: Arc<dyn SessionStore>,
    clock: ClockInUse,
    quota: Option<RefreshQuota>,
    local: Mutex<Local>,
}

/// What this process knows without reading the record.
#[derive(Default)]
struct Local {
    on_demand: Option<Slice>,
    background: Option<Slice>,
    /// How much to take next.
    wanted: u32,
    /// Nothing is free for this share before then.
    denied: HashMap<QuotaShare, (ClockReading, Duration)>,
    /// How often the background was held back.
    denials: u64,
    seen: SeenGrants,
}

#[derive(Clone, Copy)]
struct Slice {
    left: u32,
    since: ClockReading,
}

impl Slice {
    /// One of what is left, if it may still be spent.
    fn spend(slice: &mut Option<Self>, life: Duration, now: &ClockReading) -> bool {
        let Some(of) = slice else { return false };
        let is_alive = matches!(now.since(&of.since),
            Elapsed::Certain(elapsed) | Elapsed::Likely(elapsed) if elapsed < life);
        if !is_alive || of.left == 0 {
            return false;
        }
        of.left -= 1;
        true
    }
}

impl HostQuota {
    pub(crate) fn new(
        host: Host,
        store: Arc<dyn SessionStore>,
        clock: ClockInUse,
        quota: Option<RefreshQuota>,
    ) -> Self {
        let profile = PROFILE.parse().unwrap_or_else(|_| Profile::default());
        let account = AccountKey { profile, host, office: Office::Front };
        let key = RecordKey { account, kind: RecordKind::Attempts };
        Self { key, store, clock, quota, local: Mutex::default() }
    }

    /// One refresh out of the quota. The background is not kept waiting: it learns when to come again. Somebody who needs a token
    /// waits for a few seconds, and then goes. A store that cannot say holds back the background alone: who waits finds out by
    /// the refresh itself.
    pub(crate) async fn acquire(&self, share: QuotaShare) -> Result<(), Denied> {
        let Some(quota) = self.quota else { return Ok(()) };
        let mut waited = Duration::ZERO;
        loop {
            let taken = match (self.spend(&quota, share), self.denied(share)) {
                (true, _) => Ok(Ok(())),
                (false, Some(wait)) => Ok(Err(wait)),
                (false, None) => self.take(&quota, share).await,
            };
            match (taken, share) {
                (Ok(Ok(())), _) => return Ok(()),
                (Ok(Err(retry_after)), QuotaShare::Background) => {
                    self.local().denials += 1;
                    return Err(Denied::LockedOut(LockedOut { retry_after, by: LockedOutBy::RateLimiter }));
                }
                (Ok(Err(_)), QuotaShare::OnDemand) if waited >= MAX_WAIT => {
                    tracing::info!("the quota of refreshes is spent; somebody has waited long enough");
                    let change = |log: &mut QuotaLog, seen: &SeenGrants, now: &ClockReading| {
                        log.overdraw(&quota, seen, now);
                    };
                    if let Err(error) = self.change(change).await {
                        tracing::warn!(error = error.kind(), "a refresh beyond the quota was not counted");
                    }
                    return Ok(());
                }
                (Ok(Err(wait)), QuotaShare::OnDemand) => {
                    let step = wait.clamp(STEPS.0, STEPS.1);
                    self.clock.sleep(step).await;
                    waited += step;
                }
                (Err(error), QuotaShare::Background) => return Err(error.into()),
                (Err(error), QuotaShare::OnDemand) => {
                    tracing::warn!(error = error.kind(), "the quota of refreshes could not be read");
                    return Ok(());
                }
            }
        }
    }

    /// How long this share has to wait, as far as that is known without reading the record.
    pub(crate) fn denied(&self, share: QuotaShare) -> Option<Duration> {
        let (since, wait) = *self.local().denied.get(&share)?;
        let left = self.clock.reading().since(&since).remaining(wait);
        (!left.is_zero()).then_some(left)
    }

    /// A number that changes whenever the background is held back.
    pub(crate) fn denials(&self) -> u64 {
        self.local().denials
    }

    /// How long the host is left alone in the background, by whichever process found it away or was told to wait.
    pub(crate) async fn paused(&self) -> Result<Option<Duration>, StoreError> {
        let log = self.read().await?;
        let now = self.clock.reading();
        let mut local = self.local();
        local.seen.see(&log, &now);
        Ok(log.paused(&local.seen, &now))
    }

    /// The host is away, or wants fewer requests: all processes leave it alone for so long, but for who waits for a token.
    pub(crate) async fn pause(&self, span: Duration) {
        let paused = self.change(|log, seen, now| log.pause(span, seen, now)).await;
        if let Err(error) = paused {
            tracing::warn!(error = error.kind(), "other processes could not be told to leave the host alone");
        }
    }

    fn spend(&self, quota: &RefreshQuota, share: QuotaShare) -> bool {
        let (now, life) = (self.clock.reading(), quota.slice_life());
        let mut local = self.local();
        let is_on_demand = share == QuotaShare::OnDemand;
        (is_on_demand && Slice::spend(&mut local.on_demand, life, &now))
            || Slice::spend(&mut local.background, life, &now)
    }

    /// Takes a slice, and the first of it: how long to wait if nothing is free.
    async fn take(
        &self,
        quota: &RefreshQuota,
        share: QuotaShare,
    ) -> Result<Result<(), Duration>, StoreError> {
        let _lock = self.store.lock(&self.key).await?;
        // Another task of this process may have taken one meanwhile.
        if self.spend(quota, share) {
            return Ok(Ok(()));
        }
        let mut log = self.read().await?;
        // Read under the lock: what was taken before has an earlier time than this.
        let now = self.clock.reading();
        let taken = {
            let mut local = self.local();
            let Local { on_demand, background, wanted, seen, .. } = &mut *local;
            let last = if share == QuotaShare::OnDemand { on_demand } else { background };
            *wanted = match last {
                Some(Slice { left: 0, .. }) => wanted.saturating_mul(2),
                Some(Slice { left, .. }) => wanted.saturating_sub(*left),
                None => 1,
            }
            .clamp(1, quota.max_slice());
            let wanted = *wanted;
            seen.see(&log, &now);
            let taken = log.take(quota, wanted, share, seen, &now);
            if let Err(wait) = &taken {
                local.denied.insert(share, (now, *wait));
            }
            taken
        };
        let Ok(count) = taken else { return Ok(taken.map(drop)) };
        self.write(&log).await?;
        let slice = Some(Slice { left: count - 1, since: now });
        let mut local = self.local();
        match share {
            QuotaShare::OnDemand => local.on_demand = slice,
            QuotaShare::Background => local.background = slice,
        }
        Ok(Ok(()))
    }

    async fn change(
        &self,
        change: impl FnOnce(&mut QuotaLog, &SeenGrants, &ClockReading),
    ) -> Result<(), StoreError> {
        let _lock = self.store.lock(&self.key).await?;
        let mut log = self.read().await?;
        {
            let now = self.clock.reading();
            let mut local = self.local();
            local.seen.see(&log, &now);
            change(&mut log, &local.seen, &now);
        }
        self.write(&log).await
    }

    async fn read(&self) -> Result<QuotaLog, StoreError> {
        match self.store.load(&self.key).await {
            Ok(Some(record)) => match QuotaLog::decode(record.body.expose()).map_err(StoreError::from) {
                Err(StoreError::Corrupt { .. }) => Ok(QuotaLog::default()),
                log => log,
            },
            // A damaged count is over in a window, and no reason to refuse a refresh.
            Ok(None) | Err(StoreError::Corrupt { .. }) => Ok(QuotaLog::default()),
            Err(error) => Err(error),
        }
    }

    async fn write(&self, log: &QuotaLog) -> Result<(), StoreError> {
        let record = Record { session_id: SessionId(0), body: log.encode() };
        self.store.save(&self.key, &record, WriteCondition::Unconditional).await
    }

    fn local(&self) -> MutexGuard<'_, Local> {
        self.local.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
