//! What an app starts with: one client for one host and profile.

use crate::{
    AuthStateChanges, PendingRevocations, QrSignIn, RefreshRound, RequestError, ResumeError, Session, SignIn,
    SignedOut,
    host::HostConnection,
    pending_step,
    run_to_completion::run_to_completion,
    session::{self, AccountState, SharedAccounts},
};
use auth_core::{
    AccountKey, Host, Office, Profile,
    ports::{RecordKind, StoreError},
    session::{RestoreError, SessionEnd, SessionError, SessionSnapshot},
    sign_in::Step,
};
use std::{sync::Arc, time::Duration};

/// Signs in to one host, for one profile, at both offices. Cheap to clone; all clones share everything.
#[derive(Clone)]
pub struct AuthClient {
    host: Arc<HostConnection>,
    accounts: Arc<SharedAccounts>,
    offices: Arc<Offices>,
}

/// What one profile's clients share of each office.
struct Offices {
    front: Arc<AccountState>,
    back: Arc<AccountState>,
}

impl AuthClient {
    pub(crate) fn new(host: Arc<HostConnection>, accounts: Arc<SharedAccounts>, profile: &Profile) -> Self {
        let account = |office| AccountState::shared(&accounts, &host, profile, office);
        let offices = Offices { front: account(Office::Front), back: account(Office::Back) };
        Self { host, accounts, offices: Arc::new(offices) }
    }

    pub(crate) fn account(&self, office: Office) -> &Arc<AccountState> {
        match office {
            Office::Front => &self.offices.front,
            Office::Back => &self.offices.back,
        }
    }

    /// The host.
    pub fn host(&self) -> &Host {
        &self.host.host
    }

    /// The profile.
    pub fn profile(&self) -> &Profile {
        &self.offices.front.scope.profile
    }

    /// The client of another profile: it shares the connections, the store, the clock and the settings with this one, and costs
    /// no more than a few hundred bytes. Clients of the same profile share one state: what one signs out or refreshes, all see. A service has one client, and one of these for each user who is there.
    #[must_use]
    pub fn for_profile(&self, profile: Profile) -> Self {
        Self::new(self.host.clone(), self.accounts.clone(), &profile)
    }

    /// The session that was packed by [`Session::snapshot`], whichever profile's it is. Nothing is read and nothing is sent; whether
    /// the store still has it is found out when it is refreshed.
    ///
    /// All handles of a profile share one state: if this process knows a newer pair of the session, or that it has ended, that
    /// counts.
    ///
    /// # Errors
    /// It belongs to another host, was packed by a newer version, or is damaged.
    pub fn restore(&self, snapshot: &SessionSnapshot) -> Result<Session, RestoreError> {
        let content = snapshot.open(self.host(), &self.host.clock.reading())?;
        Ok(Session::restored(&self.accounts, &self.host, content))
    }

    /// A new sign-in, at its first step. Nothing is sent yet, and an existing session is left alone until this one
    /// has succeeded.
    pub fn sign_in(&self, office: Office) -> SignIn {
        SignIn::new(self.account(office).clone(), self.host.known(Step::begin(office, self.host.clock.now())))
    }

    /// A QR sign-in of this display, at the front office. Nothing is sent until its [states](QrSignIn::states) are read, and an
    /// existing session is left alone until it has succeeded.
    pub fn qr_sign_in(&self) -> QrSignIn {
        QrSignIn::new(self.account(Office::Front).clone())
    }

    /// The sign-in that waits for its user: of this process, or of one that is gone.
    ///
    /// # Errors
    /// Nothing is pending, it has expired (and is then removed), or the store cannot be read.
    pub async fn resume_sign_in(&self, office: Office) -> Result<SignIn, ResumeError> {
        let account = self.account(office);
        let (step, cookies, saved_as) = pending_step::load(&account.scope).await?;
        Ok(SignIn::resumed(account.clone(), step, cookies, saved_as))
    }

    /// The session that is kept for this profile, if there is one. Nothing is sent.
    ///
    /// # Errors
    /// If the store cannot say. That is never "signed out".
    pub async fn session(&self, office: Office) -> Result<Option<Session>, StoreError> {
        let account = self.account(office);
        let active = session::load_session(account).await?;
        Ok(active.map(|active| Session::new(account.clone(), active)))
    }

    /// How the last session of this profile ended, if it was not signed out: it is kept until the next sign-in or sign-out, for
    /// other processes too. [`Session`] handles say it by themselves.
    ///
    /// # Errors
    /// If the store cannot say.
    pub async fn session_end(&self, office: Office) -> Result<Option<SessionEnd>, StoreError> {
        session::read_session_end(&self.account(office).scope).await
    }

    /// Who is signed in, as something to watch: the first state comes from the store, each change with its reason.
    pub fn auth_state_changes(&self, office: Office) -> AuthStateChanges {
        AuthStateChanges::of(self.account(office).clone())
    }

    /// The accounts that the store knows of, in no order: of every profile, host and office.
    ///
    /// # Errors
    /// If the store cannot tell.
    pub async fn accounts(&self) -> Result<Vec<AccountKey>, StoreError> {
        let mut accounts: Vec<AccountKey> = Vec::new();
        for key in self.host.store.keys().await? {
            if key.kind != RecordKind::Attempts && !accounts.contains(&key.account) {
                accounts.push(key.account);
            }
        }
        Ok(accounts)
    }

    /// Refreshes, once, all sessions of this host and office in the store whose access token expires `within` this time, or has
    /// expired: of all profiles, at most `at_most` of them at a time. For a service that keeps very many sessions alive; call it
    /// again [when it says](RefreshRound::call_again_in). Several processes may do so over one store: what another one is refreshing
    /// is left to it, and each begins at another place.
    ///
    /// The sessions are looked through in pages, so that memory does not grow with their tokens; of each, a time is kept until it
    /// has to be looked at again. For a token with a shorter life than twice `within`, half of its life counts in place of it. One of
    /// unknown lifetime is never due.
    ///
    /// The [quota](crate::AuthClientBuilder::refresh_quota) holds this back, and is waited for during as much as `within`. After three
    /// failures of the host in a row the round stops, for all processes: [`RefreshRound::stopped`]. If the future is dropped,
    /// refreshes that were begun go on, and no others begin.
    pub async fn refresh_due(&self, office: Office, within: Duration, at_most: usize) -> RefreshRound {
        session::refresh_due(&self.host, &self.accounts, office, within, at_most).await
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
        let account = self.account(office).clone();
        let work = async move { session::deliver(&account).await };
        let cut_off = StoreError::unavailable("the program is shutting down");
        run_to_completion(&self.host.runtime, work).await.unwrap_or(Err(cut_off))
    }

    /// To be called when the machine has got another network: the next request is sent at once, also after tries in a row that
    /// found the host unreachable and would make it wait for a few seconds.
    pub fn network_changed(&self) {
        self.host.reachability.forget();
    }

    /// Waits for refreshes under way: before a program ends, so that it does not end in the middle of one.
    pub async fn wait_for_refresh(&self) {
        for office in [Office::Front, Office::Back] {
            self.account(office).wait_for_refresh().await;
        }
    }

    /// Signs out: tokens, pending step and damaged records are removed here first, then the host is notified. Sign-ins that were
    /// begun before are given up: what still comes of them is revoked.
    ///
    /// # Errors
    /// [`SessionError::NotSignedIn`] if there was neither a session nor a pending step; or the store refused, and
    /// nobody was signed out. A host that could not be told is in [`SignedOut`], not an error.
    pub async fn sign_out(&self, office: Office) -> Result<SignedOut, RequestError<SessionError>> {
        session::sign_out(self.account(office), session::SignOutTarget::Any).await
    }
}
