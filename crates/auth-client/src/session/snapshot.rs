//! A session as compact bytes, and back.

use super::{
    account_state::{AccountState, SharedAccounts},
    active_session::ActiveSession,
    handle::Session,
};
use crate::host::HostConnection;
use auth_core::session::{SessionError, SessionSnapshot, SnapshotContent};
use std::sync::Arc;

impl Session {
    /// The session as one block of memory, for a service that holds very many of them: see [`SessionSnapshot`]. Drop this handle
    /// then, and [`restore`](crate::AuthClient::restore) the snapshot when its user is back.
    ///
    /// ```no_run
    /// # async fn run(client: auth_client::AuthClient) -> Result<(), Box<dyn std::error::Error>> {
    /// use auth_client::{Office, SessionSnapshot};
    /// use std::collections::HashMap;
    ///
    /// let mut dormant: HashMap<u64, SessionSnapshot> = HashMap::new();
    /// let ann = client.for_profile("user-17".parse()?);
    /// if let Some(session) = ann.session(Office::Front).await? {
    ///     dormant.insert(17, session.snapshot()?);
    /// }
    /// // Later, when user 17 asks for something:
    /// let session = client.restore(&dormant[&17])?;
    /// let token = session.access_token().await?;
    /// dormant.insert(17, session.snapshot()?); // it may have been refreshed
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The session has ended, or another one is in its place.
    pub fn snapshot(&self) -> Result<SessionSnapshot, SessionError> {
        let active = self.current()?;
        let content = SnapshotContent {
            profile: self.account_state.scope.profile.clone(),
            session_id: active.session_id,
            unsaved: active.unsaved,
            session: active.session.clone(),
        };
        Ok(SessionSnapshot::of(&self.account_state.scope.host, &content))
    }

    pub(crate) fn restored(
        accounts: &Arc<SharedAccounts>,
        host: &Arc<HostConnection>,
        content: SnapshotContent,
    ) -> Self {
        let SnapshotContent { profile, session_id, unsaved, session } = content;
        let account = AccountState::shared(accounts, host, &profile, session.office);
        let active = match session_id {
            Some(session_id) if unsaved => ActiveSession::unsaved(session_id, session),
            session_id => ActiveSession::new(session_id, session),
        };
        if let Some(session_id) = session_id {
            account.adopt(session_id, active.clone());
        }
        Self::new(account, active)
    }
}
