//! The handle of a signed-in account.

use super::{account_state::AccountState, active_session::ActiveSession, revocations};
use crate::host::CookieJar;
use auth_core::{Host, Office, Profile, Timestamp, ports::SessionId, session::SessionError};
use std::{
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

/// A signed-in account. Cheap to clone; all handles of the same client and profile share the tokens.
///
/// A handle belongs to one sign-in. When somebody else signs in on the same profile its calls answer
/// [`StoreError::SessionReplaced`](crate::ports::StoreError::SessionReplaced); it never gives or touches the other one's tokens.
#[derive(Clone)]
pub struct Session {
    pub(super) account_state: Arc<AccountState>,
    /// The session as it was when this handle was made.
    pub(super) initial: Arc<ActiveSession>,
}

impl Session {
    pub(crate) fn new(account_state: Arc<AccountState>, initial: Arc<ActiveSession>) -> Self {
        Self { account_state, initial }
    }

    pub(crate) fn account_state(&self) -> &AccountState {
        &self.account_state
    }

    /// The office that was signed in to.
    pub fn office(&self) -> Office {
        self.initial.session.office
    }

    /// The host that issued the tokens.
    pub fn host(&self) -> &Host {
        &self.account_state.scope.host
    }

    /// The profile that the session is kept under.
    pub fn profile(&self) -> &Profile {
        &self.account_state.scope.profile
    }

    /// The e-mail that signed in.
    pub fn account(&self) -> &str {
        &self.initial.session.account
    }

    /// The host's id of the client, if it gave one.
    pub fn client_id(&self) -> Option<&str> {
        self.initial.session.client_id.as_deref()
    }

    /// `expiresAt` of the access token, by the host's clock.
    pub fn access_expires_at(&self) -> Option<Timestamp> {
        self.latest().session.tokens.access.expires_at
    }

    /// `expiresAt` of the refresh token, by the host's clock.
    pub fn refresh_expires_at(&self) -> Option<Timestamp> {
        self.latest().session.tokens.refresh.expires_at
    }

    /// True if both tokens have expired by our clocks: only a new sign-in helps.
    pub fn is_expired(&self) -> bool {
        self.latest().session.is_expired(&self.account_state.scope.clock.reading())
    }

    /// Waits for a refresh under way, if there is one: before a program ends, so that it does not end in the middle.
    pub async fn wait_for_refresh(&self) {
        self.account_state.wait_for_refresh().await;
    }

    /// What goes along with a request of this session.
    pub(crate) fn cookie_jar(&self) -> CookieJar {
        CookieJar::of(self.latest().session.cookies.clone())
    }

    /// This sign-in's session as it is now, or how it ended.
    pub(super) fn current(&self) -> Result<Arc<ActiveSession>, SessionError> {
        match self.initial.session_id {
            Some(session_id) => {
                self.drop_if_ended(session_id);
                self.account_state.session_of(session_id)
            }
            None if self.account_state.never_saved.contains(&self.initial.session) => {
                Err(SessionError::NotSignedIn)
            }
            None => Ok(self.initial.clone()),
        }
    }

    /// Stops to use the session if another client of this process has ended it.
    pub(super) fn drop_if_ended(&self, session_id: SessionId) {
        if let Some(unsaved) = self.account_state.drop_if_ended(session_id) {
            revocations::revoke_in_background(&self.account_state, session_id, unsaved.session.clone());
        }
    }

    fn latest(&self) -> Arc<ActiveSession> {
        self.current().unwrap_or_else(|_| self.initial.clone())
    }
}

/// Handles are equal if they are of the same signed-in session, even of different clients: by its session id, or, of a session that was
/// never saved, by the handle that it was given out with.
impl PartialEq for Session {
    fn eq(&self, other: &Self) -> bool {
        match (self.initial.session_id, other.initial.session_id) {
            (Some(one), Some(other)) => one == other,
            (None, None) => Arc::ptr_eq(&self.initial, &other.initial),
            _ => false,
        }
    }
}

impl Eq for Session {}

impl Hash for Session {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self.initial.session_id {
            Some(id) => id.hash(state),
            None => Arc::as_ptr(&self.initial).hash(state),
        }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("office", &self.office()).finish_non_exhaustive()
    }
}
