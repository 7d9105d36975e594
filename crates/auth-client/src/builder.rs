//! Building a client from its settings and ports.

use crate::{
    AuthClient,
    host::{ClockInUse, DueHints, HostConnection, HostQuota, RateLimiter, Reachability, WorkRuntime},
};
use auth_core::{
    DeviceFingerprint, Host, HostError, Profile, RequestContext,
    attempts::{Limits, RefreshQuota},
    ports::{ApprovalChannel, Clock, SessionStore, Transport, UserPresence},
    qr::QrProtocol,
};
use std::sync::{Arc, atomic::AtomicBool};
use tokio::runtime::Handle;

/// Settings of an [`AuthClient`]; made by [`AuthClient::builder`].
#[must_use = "call build()"]
pub struct AuthClientBuilder {
    host: String,
    profile: Profile,
    store: Option<Arc<dyn SessionStore>>,
    transport: Option<Arc<dyn Transport>>,
    clock: Option<Arc<dyn Clock>>,
    fingerprint: DeviceFingerprint,
    language: Option<String>,
    limits: Limits,
    refresh_quota: Option<RefreshQuota>,
    plain_http: bool,
    qr_protocol: QrProtocol,
    approval_channel: Option<Arc<dyn ApprovalChannel>>,
    watches: bool,
    user_presence: Option<Arc<dyn UserPresence>>,
    runtime: Option<Handle>,
    #[cfg(feature = "http")]
    http_options: auth_http::HttpOptions,
}

/// The settings do not make a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// The host cannot be used.
    #[error(transparent)]
    Host(#[from] HostError),
    /// The live channel's server would be watched in the clear on another machine.
    #[error("the live channel's address must start with https://")]
    LiveChannel,
    /// Without the feature `http`, a transport has to be given.
    #[error("a transport is needed: give one, or enable the feature `http`")]
    NoTransport,
    /// The system gives this process no further thread, which a client without a [runtime](AuthClientBuilder::runtime) needs. It may
    /// do so later.
    #[error("the system gives this process no further thread")]
    NoThread,
}

impl AuthClientBuilder {
    fn new(host: String) -> Self {
        let agent = concat!("b2core-auth/", env!("CARGO_PKG_VERSION"));
        Self {
            host,
            profile: Profile::default(),
            store: None,
            transport: None,
            clock: None,
            fingerprint: DeviceFingerprint::new(agent),
            language: None,
            limits: Limits::default(),
            refresh_quota: None,
            plain_http: false,
            qr_protocol: QrProtocol::default(),
            approval_channel: None,
            watches: true,
            user_presence: None,
            runtime: None,
            #[cfg(feature = "http")]
            http_options: auth_http::HttpOptions::default(),
        }
    }

    /// Which of several accounts kept side by side. Default: `default`.
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Where sessions are kept. Default: in memory, so that they end with the process.
    ///
    /// It is also called on the [runtime](Self::runtime) of refreshes, so it should not depend on the caller's.
    pub fn store(mut self, store: impl SessionStore + 'static) -> Self {
        self.store = Some(Arc::new(store));
        self
    }

    /// Like [`store`](Self::store), for one that is shared.
    pub fn shared_store(mut self, store: Arc<dyn SessionStore>) -> Self {
        self.store = Some(store);
        self
    }

    /// What carries the requests. Default: reqwest, and rustls with the feature `rustls`.
    ///
    /// It is also called on the [runtime](Self::runtime) of refreshes. One whose connections are driven by the program's own runtime
    /// needs that runtime to be given, or to be driven all the time: a refresh that nobody drives is given up after two minutes.
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// What tells the time. Default: the system.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// What a sign-in says of its device. Its user agent is also sent as a header.
    pub fn fingerprint(mut self, fingerprint: DeviceFingerprint) -> Self {
        self.fingerprint = fingerprint;
        self
    }

    /// The language of the host's own texts, such as `ja` or `de, en;q=0.5`.
    pub fn language(mut self, accept_language: impl Into<String>) -> Self {
        self.language = Some(accept_language.into());
        self
    }

    /// The host's limits of attempts, where its administrator has changed them.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// How many refreshes all processes that share the store send to the host together, all of which are given the same quota.
    /// Default: as many as are needed.
    ///
    /// Refreshes that nobody waits for keep to four fifths of it. Somebody who needs a token waits up to five seconds for his
    /// share, and then goes beyond the quota, which is counted. So the quota is exceeded by no more than the refreshes that
    /// callers cannot do without.
    pub fn refresh_quota(mut self, quota: RefreshQuota) -> Self {
        self.refresh_quota = Some(quota);
        self
    }

    /// What is assumed about the host's QR sign-in.
    pub fn qr_protocol(mut self, protocol: QrProtocol) -> Self {
        self.qr_protocol = protocol;
        self
    }

    /// How a display learns that its QR code was approved. Default: the host's live channel with the feature `live`; else only
    /// by [`QrSignIn::complete`](crate::QrSignIn::complete).
    pub fn approval_channel(mut self, channel: impl ApprovalChannel + 'static) -> Self {
        self.approval_channel = Some(Arc::new(channel));
        self
    }

    /// No live channel: a display's approval then comes by [`QrSignIn::complete`](crate::QrSignIn::complete) alone.
    pub fn without_approval_channel(mut self) -> Self {
        self.watches = false;
        self
    }

    /// Who makes sure that it is the user who approves a QR sign-in. Default: nobody.
    pub fn user_presence(mut self, presence: impl UserPresence + 'static) -> Self {
        self.user_presence = Some(Arc::new(presence));
        self
    }

    /// The runtime for work that must come to its end whatever becomes of its caller: a refresh, keeping a session, a sign-out. It
    /// has to be driven for as long as the client is used. Default: a refresh, which callers share, runs on a thread of the
    /// library's own, started with the first client; other work runs on the caller's runtime if that has threads of its own, and else
    /// on the same thread. So a program may run its runtime only while it calls. A test with tokio's paused time should give its own
    /// runtime: its clock jumps while it waits for another thread.
    pub fn runtime(mut self, runtime: Handle) -> Self {
        self.runtime = Some(runtime);
        self
    }

    /// Takes plain `http` to any machine. Whoever is on the way reads passwords and tokens: for a test network only.
    pub fn allow_plain_http_for_development(mut self) -> Self {
        self.plain_http = true;
        self
    }

    /// Timeouts, proxy and extra roots of the bundled transport.
    #[cfg(feature = "http")]
    pub fn http_options(mut self, options: auth_http::HttpOptions) -> Self {
        self.http_options = options;
        self
    }

    /// The client. Nothing is opened or sent yet.
    ///
    /// # Errors
    /// If the host cannot be used, a port has no adapter, or there is no thread to be had.
    pub fn build(self) -> Result<AuthClient, BuildError> {
        let host = if self.plain_http {
            Host::parse_with_plain_http_for_development(&self.host)?
        } else {
            Host::parse(&self.host)?
        };
        if !self.qr_protocol.is_socket_url_allowed(self.plain_http) {
            return Err(BuildError::LiveChannel);
        }
        #[cfg(feature = "live")]
        let live: Option<Arc<dyn ApprovalChannel>> =
            Some(Arc::new(auth_http::LiveChannel::new(self.http_options.clone())));
        #[cfg(not(feature = "live"))]
        let live = None;
        let approval_channel = self.approval_channel.or(live).filter(|_| self.watches);
        #[cfg(feature = "http")]
        let transport =
            self.transport.unwrap_or_else(|| Arc::new(auth_http::HttpTransport::new(self.http_options)));
        #[cfg(not(feature = "http"))]
        let transport = self.transport.ok_or(BuildError::NoTransport)?;
        let store = self.store.unwrap_or_else(|| Arc::new(auth_store::MemoryStore::new()));
        let requests = RequestContext {
            host: host.clone(),
            user_agent: self.fingerprint.user_agent().to_owned(),
            language: self.language,
        };
        let clock = ClockInUse::new(self.clock);
        let rate_limiter = RateLimiter::new(host.clone(), store.clone(), clock.clone(), self.limits);
        let refresh_quota = HostQuota::new(host.clone(), store.clone(), clock.clone(), self.refresh_quota);
        let connection = HostConnection {
            host,
            store,
            transport,
            clock,
            fingerprint: self.fingerprint,
            requests,
            limits: self.limits,
            qr_protocol: Arc::new(self.qr_protocol),
            approval_channel,
            user_presence: self.user_presence,
            rate_limiter,
            refresh_quota,
            due_hints: DueHints::default(),
            runtime: WorkRuntime::new(self.runtime).map_err(|_| BuildError::NoThread)?,
            reachability: Reachability::default(),
            wizard_by_post: AtomicBool::default(),
        };
        Ok(AuthClient::new(Arc::new(connection), Arc::default(), &self.profile))
    }
}

impl AuthClient {
    /// Starts to build a client for a host such as `https://broker.example`.
    pub fn builder(host: impl Into<String>) -> AuthClientBuilder {
        AuthClientBuilder::new(host.into())
    }
}
