//! What this process knows of one account's session: all handles of one client, profile and office share it.

use super::{
    accounts::Accounts,
    active_session::ActiveSession,
    auth_state::{AuthState, Health, StateChange, StateReason},
    ended_sessions,
    never_saved::NeverSaved,
    shared_read::SharedRead,
    single_flight::SingleFlight,
};
use crate::host::{AccountScope, HostConnection};
use arc_swap::{ArcSwapOption, Guard};
use auth_core::{
    ClockReading, Office, Profile,
    ports::{SessionId, StoreError},
    session::SessionError,
};
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError, Weak,
    atomic::{AtomicU64, Ordering},
};
use tokio::sync::watch;

pub(crate) struct AccountState {
    pub(crate) scope: AccountScope,
    active: ArcSwapOption<ActiveSession>,
    pub(super) refreshes: SingleFlight,
    /// Locked while the session in use is changed, so that what was checked first still holds then.
    last: Mutex<Last>,
    changes: watch::Sender<Option<StateChange>>,
    /// Reads of the store. Weak, so that they do not keep a session that nobody uses any more: tokens go when they are signed
    /// out.
    pub(super) reads: SharedRead<Result<Option<Weak<ActiveSession>>, StoreError>>,
    /// The sessions that were never saved and have been signed out.
    pub(super) never_saved: NeverSaved,
    /// How often somebody signed out whoever is here: a sign-in that was begun before is given up.
    sign_outs: AtomicU64,
    /// How often a session was published: a read during which one was is out of date.
    published: AtomicU64,
    /// How many new pairs this process was given for this account.
    refreshed: AtomicU64,
    /// When a QR sign-in was last approved with this account's session.
    pub(crate) last_approval: Mutex<Option<ClockReading>>,
    /// Held by whoever delivers pending revocations.
    pub(super) delivering: Arc<tokio::sync::Mutex<()>>,
    /// Where this is found by whoever asks for the same account.
    accounts: Arc<SharedAccounts>,
}

/// A pair that could not be saved is left behind: it is the only one that works, and it is nowhere else.
pub(crate) type SharedAccounts = Accounts<AccountState, Arc<ActiveSession>>;

/// What is known beside the session in use.
#[derive(Default)]
struct Last {
    /// The last session that ended, and how, for handles that are still around.
    ended: Option<(SessionId, StateReason)>,
    health: Health,
}

impl AccountState {
    /// The state of this account that all its handles share.
    pub(crate) fn shared(
        accounts: &Arc<SharedAccounts>,
        host: &Arc<HostConnection>,
        profile: &Profile,
        office: Office,
    ) -> Arc<Self> {
        accounts.get_or_insert(profile, office, |left| {
            let scope = AccountScope::new(host.clone(), profile.clone(), office);
            Self::new(scope, accounts.clone(), left)
        })
    }

    fn new(scope: AccountScope, accounts: Arc<SharedAccounts>, left: Option<Arc<ActiveSession>>) -> Self {
        Self {
            scope,
            active: ArcSwapOption::new(left),
            refreshes: SingleFlight::default(),
            last: Mutex::default(),
            changes: watch::Sender::new(None),
            reads: SharedRead::default(),
            never_saved: NeverSaved::default(),
            sign_outs: AtomicU64::default(),
            published: AtomicU64::default(),
            refreshed: AtomicU64::default(),
            last_approval: Mutex::default(),
            delivering: Arc::default(),
            accounts,
        }
    }

    /// The session in use, borrowed.
    #[inline]
    pub(super) fn borrow(&self) -> Guard<Option<Arc<ActiveSession>>> {
        self.active.load()
    }

    /// The session in use.
    pub(super) fn active(&self) -> Option<Arc<ActiveSession>> {
        self.active.load_full()
    }

    /// The session in use, if it is one that was saved and has not ended.
    pub(super) fn in_use(&self) -> Option<(SessionId, Arc<ActiveSession>)> {
        let active = self.active()?;
        let session_id = active.session_id.filter(|id| !ended_sessions::contains(*id))?;
        Some((session_id, active))
    }

    /// Waits for a refresh under way, and for the revocations that it delivers.
    pub(crate) async fn wait_for_refresh(&self) {
        self.refreshes.wait().await;
        drop(self.delivering.lock().await);
    }

    /// A number that changes whenever somebody signs out whoever is here.
    pub(crate) fn sign_outs(&self) -> u64 {
        self.sign_outs.load(Ordering::Acquire)
    }

    /// From now on a sign-in that was begun before is given up.
    pub(super) fn abandon_sign_ins(&self) {
        self.sign_outs.fetch_add(1, Ordering::AcqRel);
    }

    pub(super) fn changes(&self) -> watch::Receiver<Option<StateChange>> {
        self.changes.subscribe()
    }

    /// A number that changes with each pair that the host gave this process for this account.
    pub(super) fn refreshed(&self) -> u64 {
        self.refreshed.load(Ordering::Acquire)
    }

    pub(super) fn count_refresh(&self) {
        self.refreshed.fetch_add(1, Ordering::AcqRel);
    }

    pub(super) fn publications(&self) -> u64 {
        self.published.load(Ordering::Acquire)
    }

    /// From now on this is the session in use, whatever was before: somebody has signed in.
    pub(crate) fn publish(&self, session: Arc<ActiveSession>, reason: StateReason) {
        let mut last = self.lock();
        // The host has just answered, and the store has taken the session.
        last.health = Health::Healthy;
        let is_news = self.put(&last, session, Some(reason));
        drop(last);
        self.wake(is_news);
    }

    /// What the store was found to have, unless something was published since `before`, which is newer. Without a reason
    /// nothing has changed for whoever watches.
    pub(super) fn publish_if_newest(
        &self,
        before: u64,
        session: Arc<ActiveSession>,
        reason: Option<StateReason>,
    ) -> bool {
        let last = self.lock();
        let newest = self.publications() == before;
        let is_news = newest && self.put(&last, session, reason);
        drop(last);
        self.wake(is_news);
        newest
    }

    /// A newer version of the session with this id, unless it is not in use any more: a late refresh neither brings back what
    /// was signed out here nor takes the place of the next session. An older pair is refused.
    pub(super) fn update_if_current(
        &self,
        session_id: SessionId,
        session: Arc<ActiveSession>,
        reason: Option<StateReason>,
    ) {
        let last = self.lock();
        let may_replace = self.borrow().as_ref().is_some_and(|active| {
            let same_session = active.session_id == session.session_id;
            active.session_id == Some(session_id)
                && !(same_session && session.session.is_older_than(&active.session))
        });
        let is_news = may_replace && self.put(&last, session, reason);
        drop(last);
        self.wake(is_news);
    }

    /// A session that was kept elsewhere in this process is in use again, unless it has ended, or what is in use is newer.
    pub(super) fn adopt(&self, session_id: SessionId, session: Arc<ActiveSession>) {
        let last = self.lock();
        let is_gone =
            ended_sessions::contains(session_id) || last.ended.is_some_and(|(ended, _)| ended == session_id);
        let is_newest = match &*self.borrow() {
            None => true,
            Some(active) if active.session_id == Some(session_id) => {
                active.session.is_older_than(&session.session)
            }
            Some(active) => active.session.is_earlier_sign_in_than(&session.session),
        };
        let is_news = !is_gone && is_newest && self.put(&last, session, Some(StateReason::Stored));
        drop(last);
        self.wake(is_news);
    }

    /// From now on no session is in use, unless another one than that with this id is.
    pub(super) fn clear(&self, session_id: Option<SessionId>, reason: StateReason) {
        let mut last = self.lock();
        if self.current_id() != session_id {
            return;
        }
        if let Some(session_id) = session_id {
            last.ended = Some((session_id, reason));
        }
        self.published.fetch_add(1, Ordering::AcqRel);
        self.active.store(None);
        let is_news = self.set(StateChange { state: AuthState::SignedOut, reason, health: last.health });
        drop(last);
        self.wake(is_news);
    }

    /// The session with this id as it is in use, or how it ended.
    pub(super) fn session_of(&self, session_id: SessionId) -> Result<Arc<ActiveSession>, SessionError> {
        match self.active() {
            Some(active) if active.session_id == Some(session_id) => Ok(active),
            Some(_) => Err(StoreError::SessionReplaced.into()),
            None => {
                let last = self.lock().ended.filter(|(of, _)| *of == session_id).map(|(_, why)| why);
                Err(last
                    .or_else(|| ended_sessions::why(session_id))
                    .map_or(SessionError::NotSignedIn, ended_by))
            }
        }
    }

    /// Stops to use the session with this id if another client of this process has ended it. Returns its pair if it was never saved:
    /// whoever ended it cannot know that.
    #[must_use = "the pair has to be revoked"]
    pub(super) fn drop_if_ended(&self, session_id: SessionId) -> Option<Arc<ActiveSession>> {
        let reason = match ended_sessions::why(session_id)? {
            StateReason::SignedOut => StateReason::SignedOutElsewhere,
            reason => reason,
        };
        let active = self.active().filter(|active| active.session_id == Some(session_id))?;
        self.clear(Some(session_id), reason);
        Some(active).filter(|active| active.unsaved)
    }

    pub(super) fn state_of(active: &ActiveSession) -> AuthState {
        let account = active.session.account.clone();
        if active.session.refresh_history.rejected {
            AuthState::ReauthenticationRequired { account }
        } else {
            AuthState::SignedIn { account }
        }
    }

    /// Notes whether host and store could be reached: after each refresh (`health_after` in `refresh.rs`) and each read of the store
    /// (`load_session.rs`). Whoever watches is notified if that has changed.
    pub(super) fn set_health(&self, health: Health) {
        let before = self.changes.borrow().as_ref().map(|change| change.state.clone());
        self.change_health(health, before.unwrap_or(AuthState::Unavailable));
    }

    /// The store could be read, and what it has is in use by now. This says nothing of the host.
    pub(super) fn store_answered(&self) {
        // A pair that could not be saved is no sign of health, whatever can be read.
        let has_unsaved = self.borrow().as_ref().is_some_and(|active| active.unsaved);
        if self.health() == Health::StoreUnavailable && !has_unsaved {
            self.change_health(Health::Healthy, AuthState::SignedOut);
        }
    }

    /// `otherwise` is the state if no session is in use.
    fn change_health(&self, health: Health, otherwise: AuthState) {
        let mut last = self.lock();
        if std::mem::replace(&mut last.health, health) != health {
            let state = self.borrow().as_ref().map_or(otherwise, |active| Self::state_of(active));
            let is_news = self.set(StateChange { state, reason: health.reason(), health });
            drop(last);
            self.wake(is_news);
        }
    }

    pub(super) fn health(&self) -> Health {
        self.lock().health
    }

    fn lock(&self) -> MutexGuard<'_, Last> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn current_id(&self) -> Option<SessionId> {
        self.borrow().as_ref().and_then(|active| active.session_id)
    }

    fn put(&self, last: &Last, session: Arc<ActiveSession>, reason: Option<StateReason>) -> bool {
        self.published.fetch_add(1, Ordering::AcqRel);
        let state = Self::state_of(&session);
        self.active.store(Some(session));
        reason.is_some_and(|reason| self.set(StateChange { state, reason, health: last.health }))
    }

    /// Sets the newest change; true if whoever watches has to be woken. That comes after the lock is released: a waker may run
    /// the watcher at once, which may come back here.
    fn set(&self, change: StateChange) -> bool {
        let mut is_news = false;
        self.changes.send_if_modified(|last| {
            // Every refresh is news; the same state read once more is not.
            is_news = last.as_ref() != Some(&change) || change.reason == StateReason::Refreshed;
            *last = Some(change);
            false
        });
        is_news
    }

    fn wake(&self, is_news: bool) {
        if is_news {
            self.changes.send_if_modified(|_| true);
        }
    }
}

/// What the handles of a session say that ended in this way.
pub(super) fn ended_by(reason: StateReason) -> SessionError {
    match reason {
        StateReason::EndedByHost | StateReason::Expired => SessionError::Ended,
        _ => SessionError::NotSignedIn,
    }
}

impl Drop for AccountState {
    fn drop(&mut self) {
        let leaves = self.active().filter(|active| active.unsaved);
        self.accounts.forget(&self.scope.profile, self.scope.office, self, leaves);
    }
}

#[cfg(test)]
mod tests;
