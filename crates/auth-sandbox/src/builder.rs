//! Settings of a sandbox before it starts.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::challenge::Challenges;
use crate::clock::Clock;
use crate::dialect::Dialect;
use crate::error::StartError;
use crate::faults::{Fault, Rules};
use crate::guard::{Guard, is_loopback};
use crate::host::{Host, Tables};
use crate::limits::{Counter, Limits};
use crate::live::{Heartbeat, Live, LiveSettings};
use crate::log::RequestLog;
use crate::outbox::{Listener, Message, Outbox};
use crate::qr::{QrChannels, QrSettings};
use crate::sandbox::Sandbox;
use crate::server::Bound;
use crate::settings::{Lifetimes, Offers, Settings, Values};
use crate::steering_token::SteeringToken;
use crate::tls::Tls;
use crate::tokens::{Sessions, Signer};
use crate::users::Users;
use crate::wizard::Wizards;

/// Settings of a sandbox; [`Builder::start`] starts it.
#[must_use = "a builder does nothing until it is started"]
pub struct Builder {
    users: Option<Users>,
    dialect: Dialect,
    limits: Limits,
    offers: Offers,
    faults: Vec<Fault>,
    base_path: String,
    listen: SocketAddr,
    host_names: Vec<String>,
    steering_token: Option<String>,
    tls: Option<Vec<String>>,
    lifetimes: Lifetimes,
    refresh_grace: Duration,
    wizard: Duration,
    qr: QrSettings,
    live: LiveSettings,
    clock: Clock,
    clock_offset: SignedDuration,
    on_message: Option<Listener>,
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
            lifetimes: Lifetimes {
                access: Duration::from_secs(15 * 60),
                refresh: Duration::from_secs(60 * 60),
            },
            refresh_grace: Duration::ZERO,
            wizard: Duration::from_secs(10 * 60),
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
    /// empty one a random one, [`Sandbox::steering_token`]. That is the default where the sandbox listens beyond this machine;
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
    pub fn token_lifetimes(mut self, access: Duration, refresh: Duration) -> Self {
        self.lifetimes = Lifetimes { access, refresh };
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
    /// Its root is made at the start: [`Sandbox::ca_pem`]. A name may begin with `*.`.
    pub fn tls<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.tls = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// Calls `listener` for every message with a code, right after it is in the outbox. It runs on the server's thread
    /// and must not block.
    pub fn on_message(mut self, listener: impl Fn(&Message) + Send + Sync + 'static) -> Self {
        self.on_message = Some(Arc::new(listener));
        self
    }

    /// Starts the sandbox on a thread of its own. May be called inside and outside an async context.
    ///
    /// # Errors
    /// When the address cannot be listened on, the base path is not a path, a name is none that a certificate can be made
    /// for, or the system lacks threads or random numbers.
    pub fn start(self) -> Result<Sandbox, StartError> {
        check_base_path(&self.base_path)?;
        let users = match self.users {
            Some(users) => users,
            None => Users::built_in().map_err(|_| StartError::Random)?,
        };
        let token = match &self.steering_token {
            Some(token) if !token.is_empty() => {
                Some(SteeringToken::new(token).map_err(|_| StartError::SteeringToken)?)
            }
            None if is_loopback(self.listen.ip()) => None,
            _ => Some(SteeringToken::fresh().map_err(|_| StartError::Random)?),
        };
        let names = [self.host_names, self.tls.clone().unwrap_or_default()].concat();
        let guard = Guard::new(self.listen.ip(), names, token);
        let bound = Bound::to(self.listen)?;
        let tls = self.tls.map(|names| Tls::new(bound.ip(), &names)).transpose()?;
        let (acceptor, ca_pem) = tls.map(|tls| (tls.acceptor, tls.ca_pem)).unzip();
        let origin = bound.origin(if acceptor.is_some() { "https" } else { "http" });
        let signer = Signer::new(origin.clone()).map_err(|_| StartError::SigningKey)?;
        self.clock.set_offset(self.clock_offset);
        let mut faults = Rules::default();
        self.faults.into_iter().for_each(|fault| faults.add(fault));
        let host = Arc::new(Host {
            settings: Settings::new(Values {
                dialect: Arc::new(self.dialect),
                offers: self.offers,
                lifetimes: self.lifetimes,
                refresh_grace: self.refresh_grace,
                qr: self.qr,
            }),
            clock: self.clock,
            signer,
            on_message: self.on_message,
            base_path: self.base_path,
            guard,
            ca_pem,
            faults: Mutex::new(faults),
            live: Live::new(self.live),
            tables: Mutex::new(Tables {
                users,
                wizards: Wizards::new(self.wizard),
                challenges: Challenges::new(self.wizard),
                counter: Counter::new(self.limits),
                sessions: Sessions::default(),
                qr: QrChannels::default(),
                outbox: Outbox::default(),
                log: RequestLog::default(),
            }),
        });
        Sandbox::run(host, &origin, bound, acceptor)
    }
}

impl Sandbox {
    /// Starts a sandbox with the built-in users on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When there is no free port, thread or random number.
    pub fn start() -> Result<Self, StartError> {
        Self::builder().start()
    }

    /// Settings for a sandbox other than the default one.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

/// A base path is empty or like `/broker/eu`.
fn check_base_path(path: &str) -> Result<(), StartError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let good = |part: &str| !part.is_empty() && part.bytes().all(plain);
    match path.strip_prefix('/') {
        None if path.is_empty() => Ok(()),
        Some(parts) if parts.split('/').all(good) => Ok(()),
        _ => Err(StartError::BasePath),
    }
}
