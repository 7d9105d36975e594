//! A session as a block of memory, and back.

use super::{ActiveSession, Session, StateReason};
use crate::context::Context;
use auth_core::session::{SessionError, SessionSnapshot, SnapshotContent};
use std::sync::Arc;

impl Session {
    /// The session as one block of memory, for a service that holds very many of them: see [`SessionSnapshot`]. Drop this handle
    /// then, and [`restore`](crate::AuthClient::restore) the block when its user is back.
    ///
    /// ```no_run
    /// # async fn run(client: auth_client::AuthClient) -> Result<(), Box<dyn std::error::Error>> {
    /// use auth_client::{Office, SessionSnapshot};
    /// use std::collections::HashMap;
    ///
    /// let mut dormant: HashMap<u64, SessionSnapshot> = HashMap::new();
    /// let ann = client.for_profile("user-17".parse()?);
    /// if let Some(session) = ann.session(Office::Front).await? {
    ///     dormant.insert(17, session.pack()?);
    /// }
    /// // Later, when user 17 asks for something:
    /// let session = client.unpack(&dormant[&17])?;
    /// let token = session.access_token().await?;
    /// dormant.insert(17, session.pack()?); // it may have been renewed
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The session is over, or somebody else's is in its place.
    pub fn snapshot(&self) -> Result<SessionSnapshot, SessionError> {
        let active = self.mine()?;
        let restored = SnapshotContent {
            profile: self.context.profile.clone(),
            session_id: active.session_id,
            unsaved: active.unsaved,
            session: active.session.clone(),
        };
        Ok(SessionSnapshot::of(&self.context.host, &restored))
    }

    pub(crate) fn restored(context: &Context, restored: SnapshotContent) -> Self {
        let SnapshotContent { profile, session_id, unsaved, session } = restored;
        let context = Arc::new(context.for_profile(profile));
        let active = match session_id {
            Some(session_id) if unsaved => ActiveSession::unsaved(session_id, session),
            session_id => ActiveSession::new(session_id, session),
        };
        if session_id.is_some() {
            context.account(active.session.office).publish(active.clone(), StateReason::Stored);
        }
        Self { context, own: active }
    }
}
