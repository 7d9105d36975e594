//! What a sign-in leaves behind: a token to lend, to renew and to revoke.
//!
//! | module | holds |
//! | --- | --- |
//! | `account` | what all handles of one office share |
//! | `live` | the pair in use, and the quick answer to "can it be used now?" |
//! | `load` | reading who is signed in |
//! | `pack` | the session as a block of memory, and back |
//! | `flight` | one renewal at a time in this process |
//! | `keep_fresh` | renewing with nobody asking |
//! | `renew` | one renewal at a time between processes, in the order that loses nothing |
//! | `sign_out`, `revoke` | ending it here, and at the host once it can be told |
//! | `state` | who is signed in, as something to watch |
//! | `authorize` | putting the token on requests |
//!
//! What a fact means for a session is decided in `auth_core::session::SessionPolicy`; this carries it out.

mod account;
#[cfg(feature = "http")]
mod authorize;
mod flight;
mod keep_fresh;
mod live;
mod load;
mod pack;
mod renew;
mod revoke;
mod sign_out;
mod state;

use crate::{Failed, context::Context};
use auth_core::{
    Office, Timestamp,
    ports::StoreError,
    secret::AccessToken,
    session::{Lend, SessionError, Wanted},
};
use std::{fmt, sync::Arc, time::Duration};
use tokio::runtime::Handle;

pub(crate) use account::Account;
#[cfg(feature = "middleware")]
pub(crate) use authorize::put;
#[cfg(feature = "http")]
pub use authorize::{AuthorizeError, Authorized};
pub(crate) use live::Live;
pub use live::TokenGuard;
pub(crate) use load::load;
pub use revoke::Delivered;
pub(crate) use revoke::deliver;
pub use sign_out::{HostTold, SignedOut};
pub(crate) use sign_out::{LEASE_WAIT, Whose, sign_out};
pub use state::{AuthState, AuthStates, StateChange, StateReason};

/// A signed-in account. Cheap to clone; all handles of the same client share the tokens.
///
/// A handle belongs to one sign-in. When somebody else signs in on the same profile its calls answer
/// [`StoreError::EpochMoved`]; it never gives or touches the other one's tokens.
#[derive(Clone)]
pub struct Session {
    context: Arc<Context>,
    /// The session as it was when this handle was made.
    own: Arc<Live>,
}

impl Session {
    pub(crate) fn of(context: Arc<Context>, own: Arc<Live>) -> Self {
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
    pub fn has_ended(&self) -> bool {
        self.newest().session.is_past(&self.context.clock.moment())
    }

    /// The access token if it can be used now: lent without a lock, a wait or an allocation. A renewal that is due begins
    /// meanwhile, if this is called inside a tokio runtime. `None` is no error: [`access_token`](Self::access_token)
    /// says what is the matter, and renews.
    #[inline]
    pub fn token_at_hand(&self) -> Option<TokenGuard> {
        let guard = self.shared().peek();
        let live = guard.as_ref()?;
        // Mostly it is the very same; else the same sign-in's, renewed.
        let mine = Arc::ptr_eq(live, &self.own) || (live.epoch.is_some() && live.epoch == self.own.epoch);
        if !mine {
            return None;
        }
        if live.window.holds(self.context.glance()) {
            return Some(TokenGuard(guard));
        }
        let live = live.clone();
        self.look_again(&live).then(|| TokenGuard(guard))
    }

    /// Whether the token can be lent, by all clocks. Opens the window for the next loans.
    #[cold]
    fn look_again(&self, live: &Arc<Live>) -> bool {
        let now = self.context.clock.moment();
        let (span, renew) = match live.policy.lend(&live.session, &now) {
            // A pair that could not be saved yet would be lost with this process.
            Lend::Serve(span) => (span, live.unsaved),
            Lend::ServeAndRenew(span) => (span, true),
            Lend::RenewFirst { .. } => return false,
        };
        live.window.open(self.context.glance(), span);
        if renew && let Ok(runtime) = Handle::try_current() {
            self.board(&runtime, live, Wanted::Ahead);
        }
        true
    }

    /// A token that can be used now, as a copy of one's own. While the old one serves, it is given at once and a renewal
    /// that is due goes on in the background. Once it is over, the renewal is waited for; many callers at once share one.
    ///
    /// # Errors
    /// The session is over, or its token is and the host cannot be asked.
    pub async fn access_token(&self) -> Result<AccessToken, Failed<SessionError>> {
        match (self.token_at_hand(), self.own.epoch) {
            (Some(token), _) => Ok(token.clone()),
            (None, None) => self.unsaved_token(),
            (None, Some(_)) => {
                // It may have been renewed since it was looked at: what is renewed is what is judged here.
                let live = self.mine().map_err(Failed::here)?;
                match live.policy.lend(&live.session, &self.context.clock.moment()) {
                    Lend::Serve(_) | Lend::ServeAndRenew(_) => Ok(live.token().clone()),
                    Lend::RenewFirst { .. } => self.renewed_token(live, Duration::ZERO).await,
                }
            }
        }
    }

    /// A session that could not be saved is good until its token ends.
    fn unsaved_token(&self) -> Result<AccessToken, Failed<SessionError>> {
        match self.own.policy.lend(&self.own.session, &self.context.clock.moment()) {
            Lend::Serve(_) | Lend::ServeAndRenew(_) => Ok(self.own.token().clone()),
            Lend::RenewFirst { .. } => Err(Failed::here(NEVER_SAVED)),
        }
    }

    /// Like [`access_token`](Self::access_token), but waits for a renewal that is due, and asks for one if less than this
    /// much time is left: for a program that hands the token on and ends. Where the renewal fails and the old token still
    /// serves, that one is given. No more than nine tenths of the token's life can be asked for.
    ///
    /// # Errors
    /// As [`access_token`](Self::access_token).
    pub async fn access_token_lasting(
        &self,
        at_least: Duration,
    ) -> Result<AccessToken, Failed<SessionError>> {
        if self.own.epoch.is_none() {
            return self.unsaved_token();
        }
        let live = self.mine().map_err(Failed::here)?;
        let now = self.context.clock.moment();
        let lasts = live.policy.lasts(&live.session, &now, at_least);
        match live.policy.lend(&live.session, &now) {
            Lend::Serve(_) if lasts => Ok(live.token().clone()),
            _ => self.renewed_token(live, at_least).await,
        }
    }

    /// Renews what was judged to need it; falls back on the old token if that is still good.
    async fn renewed_token(
        &self,
        seen: Arc<Live>,
        at_least: Duration,
    ) -> Result<AccessToken, Failed<SessionError>> {
        let mut renewed = self.renew(&seen, Wanted::Needed).await;
        if renewed.is_ok() {
            let live = self.mine().map_err(Failed::here)?;
            let now = self.context.clock.moment();
            // Another process's pair, which came a while ago, may have less time left than was asked for.
            if live.policy.lasts(&live.session, &now, at_least)
                || live.policy.has_just_come(&live.session, &now)
            {
                return Ok(live.token().clone());
            }
            renewed = self.renew(&live, Wanted::Needed).await;
        }
        let Err(failed) = renewed else {
            return self.mine().map(|live| live.token().clone()).map_err(Failed::here);
        };
        let live = self.mine().map_err(|_| failed.clone())?;
        let serves = match live.policy.lend(&live.session, &self.context.clock.moment()) {
            Lend::Serve(_) | Lend::ServeAndRenew(_) => true,
            Lend::RenewFirst { doubtful } => doubtful && says_nothing_of_the_token(&failed.cause),
        };
        if serves {
            tracing::debug!(cause = failed.cause.kind(), ?at_least, "the old token serves on");
            return Ok(live.token().clone());
        }
        Err(failed)
    }

    /// Renews the pair now, also where the host has refused before. If another process or task has just done so, its pair
    /// is taken over and the host is not asked. The work goes on if the caller gives up waiting.
    ///
    /// # Errors
    /// [`SessionError::Ended`] if the host has ended the session, which is then removed, or if its refresh token is past
    /// its time; on everything else the session is kept.
    pub async fn refresh(&self) -> Result<(), Failed<SessionError>> {
        let live = self.mine().map_err(Failed::here)?;
        self.renew(&live, Wanted::ByName).await
    }

    /// To be called when a host has refused this token (HTTP 401) before its time: gives one that somebody else has renewed
    /// meanwhile, or renews. A token that has just come from the host is given again: what refused it refuses the user,
    /// and another token would be refused too.
    ///
    /// # Errors
    /// As [`refresh`](Self::refresh).
    pub async fn token_instead_of(&self, refused: &AccessToken) -> Result<AccessToken, Failed<SessionError>> {
        let live = self.mine().map_err(Failed::here)?;
        let ours = live.token().expose() == refused.expose();
        if ours && !live.policy.has_just_come(&live.session, &self.context.clock.moment()) {
            self.renew(&live, Wanted::Needed).await?;
        }
        self.mine().map(|live| live.token().clone()).map_err(Failed::here)
    }

    /// Waits for a renewal under way, if there is one: before a program ends, so that it does not end in the middle.
    pub async fn at_rest(&self) {
        self.shared().flight.at_rest().await;
    }

    /// Signs out: tokens, pending step and damaged records are removed here first, then the host is told. What is needed
    /// to tell it later is kept, sealed, for as long as the refresh token lives.
    ///
    /// # Errors
    /// [`SessionError::NotSignedIn`] if it was signed out before, [`StoreError::EpochMoved`] if somebody else has signed in:
    /// that session is left alone. Or the store refused, and nobody was signed out. A host that could not be told is in
    /// [`SignedOut`].
    pub async fn sign_out(self) -> Result<SignedOut, Failed<SessionError>> {
        let whose = match self.own.epoch {
            Some(epoch) => Whose::Kept(epoch),
            None => Whose::Unsaved(Box::new(self.own.session.clone())),
        };
        sign_out(&self.context, self.office(), whose).await
    }

    fn shared(&self) -> &Account {
        self.context.account(self.own.session.office)
    }

    /// This sign-in's session as it is now.
    fn mine(&self) -> Result<Arc<Live>, SessionError> {
        match self.own.epoch {
            Some(epoch) => self.shared().session_of(epoch),
            None => Ok(self.own.clone()),
        }
    }

    fn newest(&self) -> Arc<Live> {
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
            | SessionError::Resting { .. }
            | SessionError::Store(StoreError::Unavailable { .. })
    )
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("office", &self.office()).finish_non_exhaustive()
    }
}
