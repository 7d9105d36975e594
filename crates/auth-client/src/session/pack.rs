//! A session as a block of memory, and back.

use super::{Live, Session, StateReason};
use crate::context::Context;
use auth_core::session::{PackedSession, SessionError, Unpacked};
use std::sync::Arc;

impl Session {
    /// The session as one block of memory, for a service that holds very many of them: see [`PackedSession`]. Drop this handle
    /// then, and [`unpack`](crate::AuthClient::unpack) the block when its user is back.
    ///
    /// ```no_run
    /// # async fn run(client: auth_client::AuthClient) -> Result<(), Box<dyn std::error::Error>> {
    /// use auth_client::{Office, PackedSession};
    /// use std::collections::HashMap;
    ///
    /// let mut dormant: HashMap<u64, PackedSession> = HashMap::new();
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
    pub fn pack(&self) -> Result<PackedSession, SessionError> {
        let live = self.mine()?;
        let unpacked = Unpacked {
            profile: self.context.profile.clone(),
            epoch: live.epoch,
            unsaved: live.unsaved,
            session: live.session.clone(),
        };
        Ok(PackedSession::of(&self.context.host, &unpacked))
    }

    pub(crate) fn unpacked(context: &Context, unpacked: Unpacked) -> Self {
        let Unpacked { profile, epoch, unsaved, session } = unpacked;
        let context = Arc::new(context.for_profile(profile));
        let live = match epoch {
            Some(epoch) if unsaved => Live::unsaved(epoch, session),
            epoch => Live::new(epoch, session),
        };
        if epoch.is_some() {
            context.account(live.session.office).publish(live.clone(), StateReason::Stored);
        }
        Self { context, own: live }
    }
}
