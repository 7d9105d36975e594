//! Settings of a sandbox before it starts.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;

use crate::challenge::Challenges;
use crate::clock::Clock;
use crate::dialect::Dialect;
use crate::error::StartError;
use crate::host::{Host, Offers, Tables};
use crate::limits::{Counter, Limits};
use crate::log::RequestLog;
use crate::outbox::{Listener, Message, Outbox};
use crate::sandbox::Sandbox;
use crate::server::Bound;
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
    base_path: String,
    listen: SocketAddr,
    access: Duration,
    refresh: Duration,
    wizard: Duration,
    clock: Clock,
    on_message: Option<Listener>,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            users: None,
            dialect: Dialect::default(),
            limits: Limits::default(),
            offers: Offers { recaptcha: false, qr: true, password_recovery: true },
            base_path: String::new(),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            access: Duration::from_secs(15 * 60),
            refresh: Duration::from_secs(60 * 60),
            wizard: Duration::from_secs(10 * 60),
            clock: Clock::system(),
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

    /// Whether the start of a sign-in says `is_qr_available`; true by default.
    pub fn qr_available(mut self, available: bool) -> Self {
        self.offers.qr = available;
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

    /// The address to listen on; a free port of 127.0.0.1 by default.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// How long tokens live, in whole seconds; 15 and 60 minutes by default.
    pub fn token_lifetimes(mut self, access: Duration, refresh: Duration) -> Self {
        self.access = access;
        self.refresh = refresh;
        self
    }

    /// How long a sign-in may take from its start, in either office; 10 minutes by default.
    pub fn wizard_lifetime(mut self, lifetime: Duration) -> Self {
        self.wizard = lifetime;
        self
    }

    /// Where the sandbox reads the time; the system's clock by default.
    pub fn clock(mut self, read: Arc<dyn Fn() -> Timestamp + Send + Sync>) -> Self {
        self.clock = Clock::custom(read);
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
    /// When the address cannot be listened on, the base path is not a path, or the system lacks threads or random numbers.
    pub fn start(self) -> Result<Sandbox, StartError> {
        check_base_path(&self.base_path)?;
        let users = match self.users {
            Some(users) => users,
            None => Users::built_in().map_err(|_| StartError::Random)?,
        };
        let bound = Bound::to(self.listen)?;
        let signer =
            Signer::new(bound.origin(), self.access, self.refresh).map_err(|_| StartError::SigningKey)?;
        let host = Arc::new(Host {
            dialect: self.dialect,
            clock: self.clock,
            offers: self.offers,
            signer,
            on_message: self.on_message,
            base_path: self.base_path,
            tables: Mutex::new(Tables {
                users,
                wizards: Wizards::new(self.wizard),
                challenges: Challenges::new(self.wizard),
                counter: Counter::new(self.limits),
                sessions: Sessions::default(),
                outbox: Outbox::default(),
                log: RequestLog::default(),
            }),
        });
        Sandbox::run(host, bound)
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
