//! Giving an access token: the cached one, one that is refreshed first, or another one after a 401.

use super::{
    active_session::{ActiveSession, TokenGuard},
    ended_sessions,
    handle::Session,
    load_session::load_session,
    refresh::{NEVER_SAVED, refresh, start_refresh},
    single_flight::SharedResult,
};
use crate::RequestError;
use auth_core::{
    ports::StoreError,
    secret::AccessToken,
    session::{Freshness, RefreshTrigger, SessionError, Unauthorized401},
};
use std::{sync::Arc, time::Duration};

impl Session {
    /// The cached access token, if it can be used now: borrowed without a lock, a wait or an allocation. A refresh that is due
    /// begins meanwhile, on a thread of the library's own. `None` is no error: [`access_token`](Self::access_token)
    /// refreshes, or says what is wrong.
    #[inline]
    pub fn cached_access_token(&self) -> Option<TokenGuard> {
        let guard = self.account_state.borrow();
        let active = guard.as_ref()?;
        // Mostly it is the very same; else the same sign-in's, refreshed.
        let is_ours = Arc::ptr_eq(active, &self.initial)
            || (active.session_id.is_some() && active.session_id == self.initial.session_id);
        if !is_ours {
            return None;
        }
        if active.window.contains(self.account_state.scope.clock.coarse_now()) {
            return Some(TokenGuard(guard));
        }
        let active = active.clone();
        self.recheck(&active).then(|| TokenGuard(guard))
    }

    /// Whether the token can be used, by all clocks. Opens the window for the next calls, and begins a refresh that is due.
    #[cold]
    fn recheck(&self, active: &Arc<ActiveSession>) -> bool {
        let ended = ended_sessions::count();
        if active.session_id.is_some_and(ended_sessions::contains) {
            active.session_id.into_iter().for_each(|session_id| self.drop_if_ended(session_id));
            return false;
        }
        let clock = &self.account_state.scope.clock;
        let (span, is_due) = match active.policy.token_freshness(&active.session, &clock.reading()) {
            // A pair that could not be saved yet would be lost with this process.
            Freshness::Fresh(span) => (span, active.unsaved),
            Freshness::Stale(span) => (span, true),
            Freshness::Expired { .. } => return false,
        };
        active.window.open(clock.coarse_now(), span, ended);
        if is_due {
            start_refresh(&self.account_state, active, RefreshTrigger::Proactive);
        }
        true
    }

    /// An access token that can be used now, as an owned copy. While the old one is good it is given at once, and a refresh that
    /// is due goes on in the background. Once it has expired the refresh is waited for; callers share one.
    ///
    /// # Errors
    /// The session has ended, or its token has expired and the host cannot be asked.
    pub async fn access_token(&self) -> Result<AccessToken, RequestError<SessionError>> {
        if let Some(token) = self.cached_access_token() {
            return Ok(token.clone());
        }
        if self.initial.session_id.is_none() {
            return self.unsaved_token();
        }
        // It may have been refreshed since it was checked: what is refreshed is what is judged here.
        let active = self.current().map_err(RequestError::here)?;
        match self.freshness(&active) {
            Freshness::Fresh(_) | Freshness::Stale(_) => Ok(active.token().clone()),
            Freshness::Expired { .. } => self.refreshed_token(active, Duration::ZERO).await,
        }
    }

    /// Like [`access_token`](Self::access_token), but waits for a refresh that is due, and refreshes if less than `min_ttl` is
    /// left: for a program that hands the token on and ends. If the refresh fails and the old token is still good, that one is
    /// given. At most nine tenths of the token's lifetime can be asked for.
    ///
    /// # Errors
    /// As [`access_token`](Self::access_token).
    pub async fn access_token_with_min_ttl(
        &self,
        min_ttl: Duration,
    ) -> Result<AccessToken, RequestError<SessionError>> {
        if self.initial.session_id.is_none() {
            return self.unsaved_token();
        }
        let active = self.current().map_err(RequestError::here)?;
        let now = self.account_state.scope.clock.reading();
        let has_min_ttl = active.policy.has_min_ttl(&active.session, &now, min_ttl);
        match active.policy.token_freshness(&active.session, &now) {
            Freshness::Fresh(_) if has_min_ttl => Ok(active.token().clone()),
            _ => self.refreshed_token(active, min_ttl).await,
        }
    }

    /// To be called when a host has refused `rejected` (HTTP 401) before its time: gives another token that was refreshed
    /// meanwhile, or refreshes. A token that was issued less than 30 seconds ago, or less than a tenth of its lifetime if that is
    /// shorter, is given again: it is the user that the host refuses, and another token would be refused too. The store is read first, so that a sign-out by another process is seen.
    /// [`SessionPolicy::on_unauthorized`](auth_core::session::SessionPolicy::on_unauthorized) decides.
    ///
    /// # Errors
    /// As [`refresh`](Self::refresh).
    pub async fn replace_rejected_token(
        &self,
        rejected: &AccessToken,
    ) -> Result<AccessToken, RequestError<SessionError>> {
        // Another process may have signed out, or refreshed. A store that cannot say leaves what is known here.
        if self.initial.session_id.is_some() {
            let _unavailable = load_session(&self.account_state).await;
        }
        let active = self.current().map_err(RequestError::here)?;
        let is_current = active.token().expose() == rejected.expose();
        let now = self.account_state.scope.clock.reading();
        match active.policy.on_unauthorized(&active.session, is_current, &now) {
            Unauthorized401::UseNewer | Unauthorized401::KeepCurrent => Ok(active.token().clone()),
            Unauthorized401::Refresh => {
                refresh(&self.account_state, &active, RefreshTrigger::TokenNeeded).await?;
                self.current_token()
            }
        }
    }

    /// Refreshes the pair now, also if the host has refused before. If another process or task has just done so, its pair is
    /// used and the host is not asked. The work goes on if the caller gives up waiting.
    ///
    /// # Errors
    /// [`SessionError::Ended`] if the host has ended the session, which is then removed, or if its refresh token has expired; on
    /// everything else the session is kept.
    pub async fn refresh(&self) -> Result<(), RequestError<SessionError>> {
        let active = self.current().map_err(RequestError::here)?;
        refresh(&self.account_state, &active, RefreshTrigger::Explicit).await
    }

    /// A session that could not be saved is good until its access token expires.
    fn unsaved_token(&self) -> Result<AccessToken, RequestError<SessionError>> {
        self.current().map_err(RequestError::here)?;
        match self.freshness(&self.initial) {
            Freshness::Fresh(_) | Freshness::Stale(_) => Ok(self.initial.token().clone()),
            Freshness::Expired { .. } => Err(RequestError::here(NEVER_SAVED)),
        }
    }

    /// Refreshes what was judged to need it; falls back on the old token if that is still good.
    async fn refreshed_token(
        &self,
        seen: Arc<ActiveSession>,
        min_ttl: Duration,
    ) -> Result<AccessToken, RequestError<SessionError>> {
        match self.refresh_for(&seen, min_ttl).await {
            Ok(()) => self.current_token(),
            Err(error) => {
                let active = self.current().map_err(|_| error.clone())?;
                let is_good = match self.freshness(&active) {
                    Freshness::Fresh(_) | Freshness::Stale(_) => true,
                    Freshness::Expired { uncertain } => uncertain && says_nothing_of_the_token(&error.cause),
                };
                if is_good {
                    tracing::debug!(
                        cause = error.cause.kind(),
                        ?min_ttl,
                        "not refreshed; the old token is good"
                    );
                    return Ok(active.token().clone());
                }
                Err(error)
            }
        }
    }

    /// Refreshes; once more if the pair is another process's, came a while ago and has less time left than is needed.
    async fn refresh_for(&self, seen: &Arc<ActiveSession>, min_ttl: Duration) -> SharedResult {
        refresh(&self.account_state, seen, RefreshTrigger::TokenNeeded).await?;
        let active = self.current().map_err(RequestError::here)?;
        let now = self.account_state.scope.clock.reading();
        if active.policy.has_min_ttl(&active.session, &now, min_ttl) || self.was_just_issued(&active) {
            return Ok(());
        }
        refresh(&self.account_state, &active, RefreshTrigger::TokenNeeded).await
    }

    fn current_token(&self) -> Result<AccessToken, RequestError<SessionError>> {
        self.current().map(|active| active.token().clone()).map_err(RequestError::here)
    }

    fn freshness(&self, active: &ActiveSession) -> Freshness {
        active.policy.token_freshness(&active.session, &self.account_state.scope.clock.reading())
    }

    fn was_just_issued(&self, active: &ActiveSession) -> bool {
        active.policy.was_just_issued(&active.session, &self.account_state.scope.clock.reading())
    }
}

/// The host could not be asked, or the store cannot be reached now.
fn says_nothing_of_the_token(error: &SessionError) -> bool {
    matches!(
        error,
        SessionError::Call(_)
            | SessionError::BackingOff { .. }
            | SessionError::Store(StoreError::Unavailable { .. })
    )
}
