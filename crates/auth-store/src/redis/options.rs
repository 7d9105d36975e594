//! How a store speaks to its server.

use secrecy::SecretString;
use std::{fmt, time::Duration};

use super::redis_url::Credentials;

/// How a `RedisStore` speaks to its server. Made by `default()`, and changed by its methods.
#[derive(Clone)]
pub struct RedisOptions {
    pub(super) timeout: Duration,
    pub(super) lease: Duration,
    pub(super) tls_roots: Option<Vec<u8>>,
    pub(super) sentinel_login: Option<Credentials>,
    pub(super) min_replicas: u32,
}

impl Default for RedisOptions {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(5),
            lease: Duration::from_secs(10),
            tls_roots: None,
            sentinel_login: None,
            min_replicas: 0,
        }
    }
}

impl RedisOptions {
    /// How long an operation may take, connecting and a failover included, before it is
    /// [`Unavailable`](auth_core::ports::StoreError::Unavailable). Default: five seconds.
    #[must_use]
    pub fn command_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout.max(Duration::from_millis(1));
        self
    }

    /// How long a lock outlives a holder that died: it is a lease, extended at a third of this time. A holder that stood still for longer
    /// does no harm, see `RedisStore`. Default: ten seconds; at least 100 ms.
    #[must_use]
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease.max(Duration::from_millis(100));
        self
    }

    /// The certificates (PEM) that a server's has to lead to over TLS, in the place of the system's.
    #[must_use]
    pub fn tls_roots(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.tls_roots = Some(pem.into());
        self
    }

    /// The login of the Sentinels, if they have one; that of the URL is for the master.
    #[must_use]
    pub fn sentinel_login(mut self, user: Option<String>, password: String) -> Self {
        self.sentinel_login =
            Some(Credentials { user: user.map(SecretString::from), password: SecretString::from(password) });
        self
    }

    /// Each write waits until so many replicas have it (`WAIT`), and is
    /// [`Unavailable`](auth_core::ports::StoreError::Unavailable) if they do not within the command timeout; the master has it all the same.
    /// Not with a cluster. Default: none.
    #[must_use]
    pub fn min_replicas(mut self, replicas: u32) -> Self {
        self.min_replicas = replicas;
        self
    }
}

impl fmt::Debug for RedisOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { timeout, lease, tls_roots, sentinel_login, min_replicas } = self;
        f.debug_struct("RedisOptions")
            .field("timeout", timeout)
            .field("lease", lease)
            .field("tls_roots", &tls_roots.is_some())
            .field("sentinel_login", &sentinel_login.is_some())
            .field("min_replicas", min_replicas)
            .finish()
    }
}
