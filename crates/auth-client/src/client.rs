//! The way in.

use crate::{
    AuthClientBuilder, AuthStateChanges, PendingRevocations, RequestError, ResumeError, Session, SignIn,
    SignedOut, context::Context, session, sign_in::pending,
};
use auth_core::{
    AccountKey, Host, Office, Profile,
    ports::{RecordKind, StoreError},
    session::{RestoreError, SessionError, SessionSnapshot},
    sign_in::Step,
};
use std::sync::Arc;

/// Signs in to one host, for one profile, at both offices. Cheap to clone; all clones share everything.
#[derive(Clone)]
pub struct AuthClient {
    context: Arc<Context>,
}

impl AuthClient {
    /// Starts to put a client together for a host such as `https://broker.example`.
    pub fn builder(host: impl Into<String>) -> AuthClientBuilder {
        AuthClientBuilder::new(host.into())
    }

    pub(crate) fn new(context: Context) -> Self {
        Self { context: Arc::new(context) }
    }

    /// The host.
    pub fn host(&self) -> &Host {
        &self.context.host
    }

    /// The profile.
    pub fn profile(&self) -> &Profile {
        &self.context.profile
    }

    /// The client of another profile: it shares the connections, the store, the clock and the settings with this one, and costs
    /// no more than a few hundred bytes. A service has one client, and one of these for each user who is there.
    #[must_use]
    pub fn for_profile(&self, profile: Profile) -> Self {
        Self::new(self.context.for_profile(profile))
    }

    /// The session that was packed by [`Session::snapshot`], whichever profile's it is. Nothing is read and nothing is sent; whether
    /// the store still has it is found out when it is refreshed.
    ///
    /// Unpack a session once at a time: handles of one unpacking share a refresh, those of two take turns by the store's lock.
    ///
    /// # Errors
    /// It belongs to another host, was packed by a newer version, or is damaged.
    pub fn restore(&self, snapshot: &SessionSnapshot) -> Result<Session, RestoreError> {
        let restored = snapshot.open(self.host(), &self.context.clock.reading())?;
        Ok(Session::restored(&self.context, restored))
    }

    /// A new sign-in, at its first step. Nothing is sent yet, and an existing session is left alone until this one
    /// has succeeded.
    pub fn sign_in(&self, office: Office) -> SignIn {
        SignIn::new(self.context.clone(), Step::begin(office, self.context.clock.now()))
    }

    /// The sign-in that waits for its user: of this process, or of one that is gone.
    ///
    /// # Errors
    /// Nothing is pending, it has expired (and is then removed), or the store cannot be read.
    pub async fn resume_sign_in(&self, office: Office) -> Result<SignIn, ResumeError> {
        let (step, session_id) = pending::load(&self.context, office).await?;
        Ok(SignIn::resumed(self.context.clone(), step, session_id))
    }

    /// The session that is kept for this profile, if there is one. Nothing is sent.
    ///
    /// # Errors
    /// If the store cannot say. That is never "signed out".
    pub async fn session(&self, office: Office) -> Result<Option<Session>, StoreError> {
        session::load(&self.context, office).await
    }

    /// Who is signed in, as something to watch: the first state comes from the store, each change with its reason.
    pub fn auth_state_changes(&self, office: Office) -> AuthStateChanges {
        AuthStateChanges::of(self.context.clone(), office)
    }

    /// The accounts that the store knows of, in no order: of every profile, host and office.
    ///
    /// # Errors
    /// If the store cannot tell.
    pub async fn accounts(&self) -> Result<Vec<AccountKey>, StoreError> {
        let mut accounts: Vec<AccountKey> = Vec::new();
        for key in self.context.store.keys().await? {
            if key.kind != RecordKind::Attempts && !accounts.contains(&key.account) {
                accounts.push(key.account);
            }
        }
        Ok(accounts)
    }

    /// Tells the host of sign-outs that it could not be told of when they were made. A successful refresh and a sign-out do
    /// so by themselves.
    ///
    /// # Errors
    /// If the store cannot be read or written. A host that is not there is none: they wait on.
    pub async fn deliver_pending_revocations(
        &self,
        office: Office,
    ) -> Result<PendingRevocations, StoreError> {
        session::deliver(&self.context, office).await
    }

    /// Waits for refreshes under way: before a program ends, so that it does not end in the middle of one.
    pub async fn wait_for_refresh(&self) {
        for office in [Office::Front, Office::Back] {
            self.context.account(office).wait_for_refresh().await;
        }
    }

    /// Signs out: tokens, pending step and damaged records are removed here first, then the host is notified.
    ///
    /// # Errors
    /// [`SessionError::NotSignedIn`] if there was neither a session nor a pending step; or the store refused, and
    /// nobody was signed out. A host that could not be told is in [`SignedOut`], not an error.
    pub async fn sign_out(&self, office: Office) -> Result<SignedOut, RequestError<SessionError>> {
        session::sign_out(&self.context, office, session::SignOutTarget::Anybodys).await
    }
}
