//! The right to refresh a session's pair: the store's lock, and the record as it is then.

use super::{
    active_session::ActiveSession,
    auth_state::StateReason,
    session_record::{Found, SessionRecord},
};
use auth_core::{
    ports::{StoreError, StoreLock},
    session::{Freshness, RefreshTrigger, SessionError, StoredRecord, StoredSession},
};
use std::time::Duration;

/// How long another process's refresh is waited for: longer than an exchange with a host may take.
const MAX_LOCK_WAIT: Duration = Duration::from_secs(45);
/// A refresh that nobody waits for does not wait for another process's: it comes again later.
const COME_AGAIN: Duration = Duration::from_secs(1);
/// How often the store is read meanwhile: at first, and at most.
const READ_INTERVALS: (Duration, Duration) = (Duration::from_millis(4), Duration::from_millis(16));

/// The right to refresh, or the news that somebody else has.
pub(super) enum RefreshLock {
    /// This process may refresh this record, as long as the lock is held.
    Acquired { lock: StoreLock, found: Box<Found> },
    /// Another process has; its pair is in use now.
    AlreadyRefreshed,
}

impl RefreshLock {
    /// Waits for the store's lock, with the record as it is then.
    pub(super) async fn acquire(
        record: &SessionRecord,
        seen: &ActiveSession,
        trigger: RefreshTrigger,
    ) -> Result<Self, SessionError> {
        let (mut interval, mut waited) = (READ_INTERVALS.0, Duration::ZERO);
        let clock = &record.account.scope.clock;
        loop {
            let lock = record.try_lock().await?;
            let found = record.read().await?;
            // What is in use may be newer by now than what the caller has seen.
            let active = record.active().filter(|active| seen.session.is_older_than(&active.session));
            let is_newer = active.is_some();
            let ActiveSession { session, unsaved, policy, .. } = active.as_deref().unwrap_or(seen);
            match (policy.on_stored_record(session, !unsaved, &found.session, &clock.reading()), lock) {
                (StoredRecord::UseStored, _) => {
                    record.publish(found.session, Some(StateReason::ChangedElsewhere));
                    return Ok(Self::AlreadyRefreshed);
                }
                (decision, Some(lock)) => {
                    let found = match decision {
                        StoredRecord::SaveInMemory => save_pending_pair(record, session.clone()).await?,
                        _ => found,
                    };
                    let freshness = policy.token_freshness(&found.session, &clock.reading());
                    let is_enough = match freshness {
                        Freshness::Fresh(_) => is_newer || trigger == RefreshTrigger::Proactive,
                        Freshness::Stale(_) | Freshness::Expired { uncertain: true } => is_newer,
                        Freshness::Expired { uncertain: false } => false,
                    };
                    if is_enough {
                        record.publish(found.session, None);
                        return Ok(Self::AlreadyRefreshed);
                    }
                    return Ok(Self::Acquired { lock, found: Box::new(found) });
                }
                (_, None) if trigger == RefreshTrigger::Scheduled => {
                    return Err(SessionError::BackingOff { retry_after: COME_AGAIN });
                }
                (_, None) if waited >= MAX_LOCK_WAIT => {
                    let what = "another process is refreshing the session";
                    return Err(StoreError::unavailable(what).into());
                }
                (_, None) => {
                    clock.sleep(interval).await;
                    tokio::task::yield_now().await;
                    waited += interval;
                    interval = interval.mul_f64(1.5).min(READ_INTERVALS.1);
                }
            }
        }
    }
}

/// Saves the pair in memory, which the store does not have or has lost: it is the one that works.
async fn save_pending_pair(ours: &SessionRecord, session: StoredSession) -> Result<Found, SessionError> {
    let (key, record, condition) = ours.write_of(&session);
    ours.account.scope.store.save(&key, &record, condition).await.map_err(SessionError::NotSaved)?;
    ours.publish(session.clone(), None);
    Ok(Found { session, record })
}
