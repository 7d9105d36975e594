//! What a sign-in leaves behind: a token to lend, to renew and to revoke.
//!
//! | module | holds |
//! | --- | --- |
//! | `account` | what all handles of one office share |
//! | `live` | the pair in use, and the quick answer to "can it be used now?" |
//! | `load` | reading who is signed in |
//! | `pack` | the session as a block of memory, and back |
//! | `flight` | one renewal at a time in this process |
//! | `auto_refresh` | renewing with nobody asking |
//! | `renew` | one renewal at a time between processes, in the order that loses nothing |
//! | `sign_out`, `revoke` | ending it here, and at the host once it can be told |
//! | `state` | who is signed in, as something to watch |
//! | `authorize` | putting the token on requests |
//!
//! What a fact means for a session is decided in `auth_core::session::SessionPolicy`; this carries it out.

mod account;
#[cfg(feature = "http")]
mod authorize;
mod auto_refresh;
mod flight;
mod live;
mod load;
mod renew;
mod revoke;
mod sign_out;
mod snapshot;
mod state;

use crate::{RequestError, context::Context};
use auth_core::{
    Office, Timestamp,
    ports::StoreError,
    secret::AccessToken,
    session::{Freshness, RefreshTrigger, SessionError},
};
use std::{fmt, sync::Arc, time::Duration};
use tokio::runtime::Handle;

pub(crate) use account::Account;
#[cfg(feature = "middleware")]
pub(crate) use authorize::put;
#[cfg(feature = "http")]
pub use authorize::{AuthorizeError, Authorized};
pub(crate) use live::ActiveSession;
pub use live::TokenGuard;
pub(crate) use load::load;
pub use revoke::PendingRevocations;
pub(crate) use revoke::deliver;
pub(crate) use sign_out::{LOCK_WAIT, SignOutTarget, sign_out};
pub use sign_out::{RevocationStatus, SignedOut};
pub use state::{AuthState, AuthStateChanges, StateChange, StateReason};

/// A signed-in account. Cheap to clone; all handles of the same client share the tokens.
///
/// A handle belongs to one sign-in. When somebody else signs in on the same profile its calls answer
/// [`StoreError::SessionReplaced`]; it never gives or touches the other one's tokens.
#[derive(Clone)]
pub struct Session {
    context: Arc<Context>,
    /// The session as it was when this handle was made.
    own: Arc<ActiveSession>,
}

impl Session {
    pub(crate) fn of(context: Arc<Context>, own: Arc<ActiveSession>) -> Self {
        Self { context, own }
    }

    /// The office that was signed in to.
    pub fn office(&self) -> Office {
        self.own.session.office
    }

    /// The e-mail that signed in.
    pub fn account(&self) -> &str {
        &self.own.session.account
    }

    /// The host's id of the client, where it told.
    pub fn client_id(&self) -> Option<&str> {
        self.own.session.client_id.as_deref()
    }

    /// `expiresAt` of the access token, by the host's clock.
    pub fn access_expires_at(&self) -> Option<Timestamp> {
        self.newest().session.tokens.access.expires_at
    }

    /// `expiresAt` of the refresh token, by the host's clock.
    pub fn refresh_expires_at(&self) -> Option<Timestamp> {
        self.newest().session.tokens.refresh.expires_at
    }

    /// True if both tokens are past their time by our clocks: only a new sign-in helps.
    pub fn is_expired(&self) -> bool {
        self.newest().session.is_expired(&self.context.clock.reading())
    }

    /// The access token if it can be used now: lent without a lock, a wait or an allocation. A renewal that is due begins
    /// meanwhile, if this is called inside a tokio runtime. `None` is no error: [`access_token`](Self::access_token)
    /// says what is the matter, and renews.
    #[inline]
    pub fn cached_access_token(&self) -> Option<TokenGuard> {
        let guard = self.shared().peek();
        let active = guard.as_ref()?;
        // Mostly it is the very same; else the same sign-in's, renewed.
        let mine = Arc::ptr_eq(active, &self.own)
            || (active.session_id.is_some() && active.session_id == self.own.session_id);
        if !mine {
            return None;
        }
        if active.window.holds(self.context.coarse_now()) {
            return Some(TokenGuard(guard));
        }
        let active = active.clone();
        self.recheck(&active).then(|| TokenGuard(guard))
    }

    /// Whether the token can be lent, by all clocks. Opens the window for the next loans.
    #[cold]
    fn recheck(&self, active: &Arc<ActiveSession>) -> bool {
        let now = self.context.clock.reading();
        let (span, renew) = match active.policy.freshness(&active.session, &now) {
            // A pair that could not be saved yet would be lost with this process.
            Freshness::Fresh(span) => (span, active.unsaved),
            Freshness::Stale(span) => (span, true),
            Freshness::Expired { .. } => return false,
        };
        active.window.open(self.context.coarse_now(), span);
        if renew && let Ok(runtime) = Handle::try_current() {
            self.board(&runtime, active, RefreshTrigger::Proactive);
        }
        true
    }

    /// A token that can be used now, as a copy of one's own. While the old one serves, it is given at once and a renewal
    /// that is due goes on in the background. Once it is over, the renewal is waited for; many callers at once share one.
    ///
    /// # Errors
    /// The session is over, or its token is and the host cannot be asked.
    pub async fn access_token(&self) -> Result<AccessToken, RequestError<SessionError>> {
        match (self.cached_access_token(), self.own.session_id) {
            (Some(token), _) => Ok(token.clone()),
            (None, None) => self.unsaved_token(),
            (None, Some(_)) => {
                // It may have been renewed since it was looked at: what is renewed is what is judged here.
                let active = self.mine().map_err(RequestError::here)?;
                match active.policy.freshness(&active.session, &self.context.clock.reading()) {
                    Freshness::Fresh(_) | Freshness::Stale(_) => Ok(active.token().clone()),
                    Freshness::Expired { .. } => self.renewed_token(active, Duration::ZERO).await,
                }
            }
        }
    }

    /// A session that could not be saved is good until its token ends.
    fn unsaved_token(&self) -> Result<AccessToken, RequestError<SessionError>> {
        match self.own.policy.freshness(&self.own.session, &self.context.clock.reading()) {
            Freshness::Fresh(_) | Freshness::Stale(_) => Ok(self.own.token().clone()),
            Freshness::Expired { .. } => Err(RequestError::here(NEVER_SAVED)),
        }
    }

    /// Like [`access_token`](Self::access_token), but waits for a renewal that is due, and asks for one if less than this
    /// much time is left: for a program that hands the token on and ends. Where the renewal fails and the old token still
    /// serves, that one is given. No more than nine tenths of the token's life can be asked for.
    ///
    /// # Errors
    /// As [`access_token`](Self::access_token).
    pub async fn access_token_with_min_ttl(
        &self,
        min_ttl: Duration,
    ) -> Result<AccessToken, RequestError<SessionError>> {
        if self.own.session_id.is_none() {
            return self.unsaved_token();
        }
        let active = self.mine().map_err(RequestError::here)?;
        let now = self.context.clock.reading();
        let has_min_ttl = active.policy.has_min_ttl(&active.session, &now, min_ttl);
        match active.policy.freshness(&active.session, &now) {
            Freshness::Fresh(_) if has_min_ttl => Ok(active.token().clone()),
            _ => self.renewed_token(active, min_ttl).await,
        }
    }

    /// Renews what was judged to need it; falls back on the old token if that is still good.
    async fn renewed_token(
        &self,
        seen: Arc<ActiveSession>,
        min_ttl: Duration,
    ) -> Result<AccessToken, RequestError<SessionError>> {
        let mut renewed = self.renew(&seen, RefreshTrigger::TokenNeeded).await;
        if renewed.is_ok() {
            let active = self.mine().map_err(RequestError::here)?;
            let now = self.context.clock.reading();
            // Another process's pair, which came a while ago, may have less time left than was asked for.
            if active.policy.has_min_ttl(&active.session, &now, min_ttl)
                || active.policy.was_just_issued(&active.session, &now)
            {
                return Ok(active.token().clone());
            }
            renewed = self.renew(&active, RefreshTrigger::TokenNeeded).await;
        }
        let Err(failed) = renewed else {
            return self.mine().map(|active| active.token().clone()).map_err(RequestError::here);
        };
        let active = self.mine().map_err(|_| failed.clone())?;
        let serves = match active.policy.freshness(&active.session, &self.context.clock.reading()) {
            Freshness::Fresh(_) | Freshness::Stale(_) => true,
            Freshness::Expired { uncertain } => uncertain && says_nothing_of_the_token(&failed.cause),
        };
        if serves {
            tracing::debug!(cause = failed.cause.kind(), ?min_ttl, "the old token serves on");
            return Ok(active.token().clone());
        }
        Err(failed)
    }

    /// Renews the pair now, also where the host has refused before. If another process or task has just done so, its pair
    /// is taken over and the host is not asked. The work goes on if the caller gives up waiting.
    ///
    /// # Errors
    /// [`SessionError::Ended`] if the host has ended the session, which is then removed, or if its refresh token is past
    /// its time; on everything else the session is kept.
    pub async fn refresh(&self) -> Result<(), RequestError<SessionError>> {
        let active = self.mine().map_err(RequestError::here)?;
        self.renew(&active, RefreshTrigger::Explicit).await
    }

    /// To be called when a host has refused this token (HTTP 401) before its time: gives one that somebody else has renewed
    /// meanwhile, or renews. A token that has just come from the host is given again: what refused it refuses the user,
    /// and another token would be refused too.
    ///
    /// # Errors
    /// As [`refresh`](Self::refresh).
    pub async fn replace_rejected_token(
        &self,
        refused: &AccessToken,
    ) -> Result<AccessToken, RequestError<SessionError>> {
        let active = self.mine().map_err(RequestError::here)?;
        let ours = active.token().expose() == refused.expose();
        if ours && !active.policy.was_just_issued(&active.session, &self.context.clock.reading()) {
            self.renew(&active, RefreshTrigger::TokenNeeded).await?;
        }
        self.mine().map(|active| active.token().clone()).map_err(RequestError::here)
    }

    /// Waits for a renewal under way, if there is one: before a program ends, so that it does not end in the middle.
    pub async fn wait_for_refresh(&self) {
        self.shared().flight.wait_for_refresh().await;
    }

    /// Signs out: tokens, pending step and damaged records are removed here first, then the host is notified. What is needed
    /// to tell it later is kept, sealed, for as long as the refresh token lives.
    ///
    /// # Errors
    /// [`SessionError::NotSignedIn`] if it was signed out before, [`StoreError::SessionReplaced`] if somebody else has signed in:
    /// that session is left alone. Or the store refused, and nobody was signed out. A host that could not be told is in
    /// [`SignedOut`].
    pub async fn sign_out(self) -> Result<SignedOut, RequestError<SessionError>> {
        let whose = match self.own.session_id {
            Some(session_id) => SignOutTarget::Kept(session_id),
            None => SignOutTarget::Unsaved(Box::new(self.own.session.clone())),
        };
        sign_out(&self.context, self.office(), whose).await
    }

    fn shared(&self) -> &Account {
        self.context.account(self.own.session.office)
    }

    /// This sign-in's session as it is now.
    fn mine(&self) -> Result<Arc<ActiveSession>, SessionError> {
        match self.own.session_id {
            Some(session_id) => self.shared().session_of(session_id),
            None => Ok(self.own.clone()),
        }
    }

    fn newest(&self) -> Arc<ActiveSession> {
        self.mine().unwrap_or_else(|_| self.own.clone())
    }
}

/// Without a place in the store nobody could tell whether somebody else renews it too.
const NEVER_SAVED: StoreError = StoreError::Unavailable { what: "this session was never saved" };

/// The host could not be asked, or the store cannot be reached now.
fn says_nothing_of_the_token(error: &SessionError) -> bool {
    matches!(
        error,
        SessionError::Call(_)
            | SessionError::BackingOff { .. }
            | SessionError::Store(StoreError::Unavailable { .. })
    )
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("office", &self.office()).finish_non_exhaustive()
    }
}
