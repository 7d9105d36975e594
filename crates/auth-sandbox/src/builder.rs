//! Settings of a sandbox before it starts.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::authority::CertificateAuthority;
use crate::clock::Clock;
use crate::dialect::Dialect;
use crate::faults::Fault;
use crate::limits::Limits;
use crate::live::{Heartbeat, LiveSettings};
use crate::outbox::{Listener, Message};
use crate::qr::QrSettings;
use crate::settings::{Lifetimes, Offers};
use crate::users::Users;

/// Settings of a sandbox; [`Builder::start`] starts it.
#[must_use = "a builder does nothing until it is started"]
pub struct Builder {
    pub(crate) users: Option<Users>,
    pub(crate) dialect: Dialect,
    pub(crate) limits: Limits,
    pub(crate) offers: Offers,
    pub(crate) faults: Vec<Fault>,
    pub(crate) base_path: String,
    pub(crate) listen: SocketAddr,
    pub(crate) host_names: Vec<String>,
    pub(crate) steering_token: Option<String>,
    pub(crate) tls: Option<Vec<String>>,
    pub(crate) authority: Option<CertificateAuthority>,
    /// The certificates and the key, as PEM.
    pub(crate) certificate: Option<(String, String)>,
    pub(crate) lifetimes: Lifetimes,
    pub(crate) refresh_grace: Duration,
    pub(crate) wizard: Duration,
    pub(crate) accounts: u16,
    pub(crate) state: Option<PathBuf>,
    pub(crate) qr: QrSettings,
    pub(crate) live: LiveSettings,
    pub(crate) clock: Clock,
    pub(crate) clock_offset: SignedDuration,
    pub(crate) on_message: Option<Listener>,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            users: None,
            dialect: Dialect::default(),
            limits: Limits::default(),
            offers: Offers { recaptcha: false, qr: true, password_recovery: true },
            faults: Vec::new(),
            base_path: String::new(),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            host_names: Vec::new(),
            steering_token: None,
            tls: None,
            authority: None,
            certificate: None,
            lifetimes: Lifetimes {
                access: Duration::from_secs(15 * 60),
                refresh: Duration::from_secs(60 * 60),
            },
            refresh_grace: Duration::ZERO,
            wizard: Duration::from_secs(10 * 60),
            accounts: 3,
            state: None,
            qr: QrSettings::default(),
            live: LiveSettings::default(),
            clock: Clock::system(),
            clock_offset: SignedDuration::ZERO,
            on_message: None,
        }
    }
}

impl Builder {
    /// Who can sign in; the built-in users by default.
    pub fn users(mut self, users: Users) -> Self {
        self.users = Some(users);
        self
    }

    /// How the sandbox speaks; the reference dialect by default.
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// How many attempts are allowed; the vendor's numbers by default.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Whether a front-office sign-in needs a reCAPTCHA response: anything but an empty text and `bad` is accepted.
    pub fn recaptcha(mut self, required: bool) -> Self {
        self.offers.recaptcha = required;
        self
    }

    /// Whether the start of a sign-in says `is_qr_available`, and the calls of QR sign-in answer; true by default.
    pub fn qr_available(mut self, available: bool) -> Self {
        self.offers.qr = available;
        self
    }

    /// How QR sign-in behaves; see [`QrSettings`] for the defaults.
    pub fn qr(mut self, settings: QrSettings) -> Self {
        self.qr = settings;
        self
    }

    /// How often a client of the live channel has to ping, and how late it may be before its session ends, both in real
    /// time; 25 and 5 seconds by default.
    pub fn live_heartbeat(mut self, interval: Duration, timeout: Duration) -> Self {
        self.live.heartbeat = Heartbeat { interval, timeout };
        self
    }

    /// Whether the live channel is polling only: a WebSocket is neither offered nor taken. False by default.
    pub fn live_polling_only(mut self, polling_only: bool) -> Self {
        self.live.polling_only = polling_only;
        self
    }

    /// Whether the start of a sign-in says `is_password_recovery_available`; true by default.
    pub fn password_recovery_available(mut self, available: bool) -> Self {
        self.offers.password_recovery = available;
        self
    }

    /// A path before every endpoint, like `/broker`; none by default.
    pub fn base_path(mut self, path: &str) -> Self {
        self.base_path = path.trim_end_matches('/').to_owned();
        self
    }

    /// A further name that clients reach the sandbox by, without a port: such as `host.docker.internal`, or `*.broker.test` for
    /// any label before it. To `localhost`, to addresses and to the names of [`Builder::tls`] it answers anyway, to others only
    /// where it listens beyond this machine: a name that DNS leads here may be a hostile web page's.
    pub fn host_name(mut self, name: &str) -> Self {
        self.host_names.push(name.to_owned());
        self
    }

    /// What steering over HTTP takes, as `Authorization: Bearer`: this text of at least 16 characters of ASCII, or with an
    /// empty one a random one, [`Sandbox::steering_token`](crate::Sandbox::steering_token). That is the default where the sandbox listens beyond this machine;
    /// elsewhere nothing is asked for.
    pub fn steering_token(mut self, token: &str) -> Self {
        self.steering_token = Some(token.to_owned());
        self
    }

    /// The address to listen on; a free port of 127.0.0.1 by default.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// How long tokens live, in whole seconds; 15 and 60 minutes by default.
    pub fn token_lifetimes(self, access: Duration, refresh: Duration) -> Self {
        self.access_token_lifetime(access).refresh_token_lifetime(refresh)
    }

    /// How long an access token lives, in whole seconds; 15 minutes by default.
    pub fn access_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetimes.access = lifetime;
        self
    }

    /// How long a refresh token lives, in whole seconds; 60 minutes by default.
    pub fn refresh_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetimes.refresh = lifetime;
        self
    }

    /// How long after it was spent a refresh token still gives a new pair, for clients that lost the answer; the pairs that
    /// it gave before stay good. Not at all by default: a spent token ends the session.
    pub fn refresh_grace(mut self, grace: Duration) -> Self {
        self.refresh_grace = grace;
        self
    }

    /// How long a sign-in may take from its start, in either office; 10 minutes by default.
    pub fn wizard_lifetime(mut self, lifetime: Duration) -> Self {
        self.wizard = lifetime;
        self
    }

    /// How many accounts `GET /api/v2/my/accounts` lists of each client, the same ones every time: something behind the access
    /// token to ask for. 3 by default.
    pub fn accounts(mut self, count: u16) -> Self {
        self.accounts = count;
        self
    }

    /// Keeps what users do over a restart, in this file: passwords that they have set, authenticators whose secrets were made up, sessions,
    /// attempts and blocks, by the sandbox's clock. It is written within about a second after a change and at the end; sign-ins in progress,
    /// QR codes, messages, the log, faults and changed settings are not kept. The file is for this user alone: it holds secrets of
    /// the test users, hashes of passwords and of tokens. No other sandbox can have it at the same time.
    pub fn state_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.state = Some(path.into());
        self
    }

    /// Where the sandbox reads the time; the system's clock by default. A client on the same clock moves with it.
    pub fn clock(mut self, read: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.clock = Clock::custom(Arc::new(read));
        self
    }

    /// How far the sandbox's clock is ahead of the one it reads, or behind it if negative; not at all by default.
    pub fn clock_offset(mut self, offset: SignedDuration) -> Self {
        self.clock_offset = offset;
        self
    }

    /// Something that goes wrong from the start on. May be called more than once.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Serves HTTPS with a certificate for `localhost`, `127.0.0.1`, `::1`, the address that is listened on and these names.
    /// Its root is made at the start: [`Sandbox::ca_pem`](crate::Sandbox::ca_pem). A name may begin with `*.`.
    pub fn tls<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.tls = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// The root that [`Builder::tls`] takes a certificate from, so that clients have to come to trust it once only. By default a new one is
    /// made at each start, and its key forgotten.
    pub fn certificate_authority(mut self, authority: CertificateAuthority) -> Self {
        self.authority = Some(authority);
        self
    }

    /// Serves HTTPS with this certificate, followed by those that lead to its root, and its key, all as PEM, in place of
    /// [`Builder::tls`]. Names that are to be served where only this machine can reach the sandbox are given by [`Builder::host_name`].
    pub fn tls_certificate(mut self, chain_pem: &str, key_pem: &str) -> Self {
        self.certificate = Some((chain_pem.to_owned(), key_pem.to_owned()));
        self
    }

    /// Calls `listener` for every message with a code, right after it is in the outbox. It runs on the server's thread
    /// and must not block.
    pub fn on_message(mut self, listener: impl Fn(&Message) + Send + Sync + 'static) -> Self {
        self.on_message = Some(Arc::new(listener));
        self
    }
}
