//! From settings to a running sandbox.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use crate::builder::Builder;
use crate::chain::Chain;
use crate::challenge::Challenges;
use crate::error::StartError;
use crate::faults::Rules;
use crate::guard::{Guard, is_loopback};
use crate::host::{Host, Tables};
use crate::limits::Counter;
use crate::live::Live;
use crate::log::RequestLog;
use crate::outbox::Outbox;
use crate::qr::QrChannels;
use crate::sandbox::Sandbox;
use crate::server::Bound;
use crate::settings::{Settings, Values};
use crate::state::{Keeper, State, StateFile};
use crate::steering_token::SteeringToken;
use crate::tls::Tls;
use crate::tokens::{Sessions, Signer};
use crate::users::Users;
use crate::wizard::Wizards;

impl Builder {
    /// Starts the sandbox on a thread of its own. May be called inside and outside an async context.
    ///
    /// # Errors
    /// When the address cannot be listened on, the base path is not a path, a name is none that a certificate can be made
    /// for, or the system lacks threads or random numbers.
    pub fn start(self) -> Result<Sandbox, StartError> {
        check_base_path(&self.base_path)?;
        let given = self.certificate.as_ref();
        let chain = given.map(|(chain, key)| Chain::from_pem(chain, key)).transpose()?;
        let users = match self.users {
            Some(users) => users,
            None => Users::built_in().map_err(|_| StartError::Random)?,
        };
        let mut tables = Tables {
            users,
            wizards: Wizards::new(self.wizard),
            challenges: Challenges::new(self.wizard),
            counter: Counter::new(self.limits),
            sessions: Sessions::default(),
            qr: QrChannels::default(),
            outbox: Outbox::default(),
            log: RequestLog::default(),
        };
        let state = self.state.as_deref().map(StateFile::take).transpose()?;
        if let Some(text) = state.as_ref().map(StateFile::read).transpose()?.flatten() {
            State::from_text(&text)?.resume(&mut tables)?;
        }
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
        let tls = match (self.tls, chain) {
            (_, Some(chain)) => Some(Tls::of(chain)?),
            (Some(names), None) => Some(Tls::new(self.authority.as_ref(), bound.ip(), &names)?),
            (None, None) => None,
        };
        let (acceptor, ca_pem) = tls.map(|tls| (tls.acceptor, tls.ca_pem)).unzip();
        let ca_pem = ca_pem.flatten();
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
            accounts: self.accounts,
            ca_pem,
            faults: Mutex::new(faults),
            live: Live::new(self.live),
            tables: Mutex::new(tables),
            changed: AtomicBool::new(false),
        });
        let keeper = state.map(|file| Keeper::start(Arc::clone(&host), file)).transpose()?;
        Sandbox::run(host, keeper, &origin, bound, acceptor)
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
