//! The handle of a running sandbox.

use std::fmt;
use std::sync::Arc;

use crate::codes::totp::Authenticator;
use crate::error::StartError;
use crate::host::Host;
use crate::log::LoggedRequest;
use crate::outbox::Message;
use crate::routes;
use crate::server::{Bound, Server};
use crate::state::{Keeper, StateError};
use crate::steering_token::SteeringToken;
use crate::tokens::PUBLIC_PEM;
use crate::users::{Office, UserInfo};
use tokio_rustls::TlsAcceptor;

/// A running sandbox. Stops when dropped.
///
/// All methods are quick and may be called from async code.
pub struct Sandbox {
    pub(crate) host: Arc<Host>,
    /// Goes before the state is written for the last time.
    server: Server,
    keeper: Option<Keeper>,
    url: String,
    port: u16,
}

impl Sandbox {
    pub(crate) fn run(
        host: Arc<Host>,
        keeper: Option<Keeper>,
        origin: &str,
        bound: Bound,
        tls: Option<TlsAcceptor>,
    ) -> Result<Self, StartError> {
        let url = format!("{origin}{}", host.base_path);
        let port = bound.port();
        let server = Server::spawn(bound, tls, routes::all(&host))?;
        Ok(Self { host, server, keeper, url, port })
    }

    /// `http://127.0.0.1:PORT`, or `https` under TLS, and the base path, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What steering over HTTP takes as `Authorization: Bearer`; `None` where only this machine can reach the sandbox and none
    /// was given.
    pub fn steering_token(&self) -> Option<&str> {
        self.host.guard.token().map(SteeringToken::text)
    }

    /// Whether it listens on an address by which other machines may reach it: more than loopback. Its users' passwords are known to
    /// everybody who has read this, so that whoever reaches it can sign in; steering takes [`Sandbox::steering_token`] there.
    pub fn is_public(&self) -> bool {
        self.host.guard.is_public()
    }

    /// All messages sent so far, oldest first; the newest 10,000 are kept.
    pub fn outbox(&self) -> Vec<Message> {
        self.host.tables().outbox.all().to_vec()
    }

    /// How many older messages were dropped for newer ones.
    pub fn dropped_messages(&self) -> u64 {
        self.host.tables().outbox.dropped()
    }

    /// The newest code sent to the user with this e-mail, by SMS or mail.
    pub fn last_code(&self, to: &str) -> Option<String> {
        self.host.tables().outbox.newest_for(to).map(|message| message.code().to_owned())
    }

    /// All requests to the vendor's endpoints so far, oldest first; the newest 10,000 are kept, long texts of them shortened.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.host.tables().log.all()
    }

    /// How many older requests were dropped for newer ones.
    pub fn dropped_requests(&self) -> u64 {
        self.host.tables().log.dropped()
    }

    /// How many sign-ins still have a good token: to see whether a sign-out has revoked everything.
    pub fn unrevoked_sessions(&self) -> usize {
        let now = self.host.clock.now();
        self.host.tables().sessions.alive(now)
    }

    /// The TOTP secret of this user, in base32; `None` without the `google` method.
    pub fn totp_secret(&self, email: &str) -> Option<String> {
        let tables = self.host.tables();
        let user = tables.users.find(Office::Front, email)?;
        tables.users.user(user).authenticator.as_ref().map(|totp| Authenticator::base32(totp).to_owned())
    }

    /// A code of this user's authenticator that is accepted now, by the sandbox's clock; `None` without the `google` method. Each
    /// is good for one use: after three within half a minute the clock has to go on first.
    pub fn totp_code(&self, email: &str) -> Option<String> {
        let now = self.now();
        let tables = self.host.tables();
        let user = tables.users.find(Office::Front, email)?;
        Some(tables.users.user(user).authenticator.as_ref()?.code(now))
    }

    /// A code that is wrong for this user, whatever the second factor: none that was sent to them, and none of their
    /// authenticator.
    pub fn wrong_code(&self, email: &str) -> String {
        let now = self.now();
        let tables = self.host.tables();
        let user = tables.users.find(Office::Front, email).map(|user| tables.users.user(user));
        let authenticator = user.and_then(|user| user.authenticator.as_ref());
        let is_wrong = |code: &String| {
            !tables.outbox.all().iter().any(|message| message.is_for(email) && message.code() == code)
                && authenticator.is_none_or(|authenticator| authenticator.is_far_from(code, now))
        };
        (0..1_000_000).map(|number| format!("{number:06}")).find(is_wrong).unwrap_or_default()
    }

    /// Whose access token this is, by e-mail; `None` if it is not good any more. The host's own answer to a call that needs a
    /// token.
    pub fn owner_of(&self, access_token: &str) -> Option<String> {
        self.host.owner_of(access_token).map(|owner| owner.email)
    }

    /// Who can sign in.
    pub fn users(&self) -> Vec<UserInfo> {
        self.host.tables().users.infos()
    }

    /// Makes the next sign-in of this front-office user lead to a new password, as the broker's staff can. False when there
    /// is no such user.
    pub fn force_reset(&self, email: &str) -> bool {
        self.host.force_reset(email)
    }

    /// The root certificate to trust under TLS, as PEM; `None` without TLS, and with [`Builder::tls_certificate`](crate::Builder::tls_certificate).
    /// Its key is gone, and it signs nothing else, unless it is that of a [`CertificateAuthority`](crate::CertificateAuthority).
    pub fn ca_pem(&self) -> Option<&str> {
        self.host.ca_pem.as_deref()
    }

    /// The public key that tokens are signed with, as PEM. Anybody can sign with its private half.
    pub fn jwt_public_pem(&self) -> &str {
        PUBLIC_PEM
    }

    /// Writes the state into the file of [`Builder::state_file`](crate::Builder::state_file) now; nothing without one.
    ///
    /// # Errors
    /// The file cannot be written; what was in it is still there.
    pub fn save_state(&self) -> Result<(), StateError> {
        self.keeper.as_ref().map_or(Ok(()), Keeper::save)
    }

    /// Stops serving and closes all connections; what was recorded stays readable.
    pub fn stop(&self) {
        self.server.stop();
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("url", &self.url).finish_non_exhaustive()
    }
}
