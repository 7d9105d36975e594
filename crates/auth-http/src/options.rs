//! What can be set.

#[cfg(feature = "__rustls")]
use auth_core::{CertificatePins, Host};
#[cfg(feature = "__rustls")]
use rustls::pki_types::{CertificateDer, pem::PemObject};
use std::{fmt, time::Duration};

/// Timeouts, limits, proxy and trust. The defaults suit an app on a phone network.
#[derive(Clone, Debug)]
pub struct HttpOptions {
    pub(crate) connect_timeout: Duration,
    pub(crate) read_timeout: Duration,
    pub(crate) total_timeout: Duration,
    pub(crate) body_limit: usize,
    pub(crate) max_idle_connections: usize,
    pub(crate) idle_timeout: Duration,
    pub(crate) proxy: Proxy,
    #[cfg(feature = "__rustls")]
    pub(crate) extra_roots: Vec<CertificateDer<'static>>,
    /// By name of a host.
    #[cfg(feature = "__rustls")]
    pub(crate) pins: Vec<(String, CertificatePins)>,
}

/// How `https` requests leave the machine. Plain `http` to this machine never goes through a proxy.
///
/// `Debug` does not show a proxy's address: a password may be in it.
#[derive(Clone, PartialEq, Eq)]
pub enum Proxy {
    /// What `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` say, in capitals or not; an empty one counts as not set. One that names no proxy
    /// that can be used is an error, and not a way straight to the host.
    FromEnvironment,
    /// Straight to the host.
    Direct,
    /// Through this proxy, such as `http://proxy.corp.example:3128`.
    Through(String),
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FromEnvironment => "FromEnvironment",
            Self::Direct => "Direct",
            Self::Through(_) => "Through(..)",
        })
    }
}

/// An option that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptionsError {
    /// No certificate in PEM form was found.
    #[error("no certificate in PEM form was found")]
    NoCertificate,
    /// A certificate does not read.
    #[error("a certificate does not read")]
    BadCertificate,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(20),
            total_timeout: Duration::from_secs(30),
            body_limit: 1024 * 1024,
            max_idle_connections: 32,
            idle_timeout: Duration::from_millis(1500),
            proxy: Proxy::FromEnvironment,
            #[cfg(feature = "__rustls")]
            extra_roots: Vec::new(),
            #[cfg(feature = "__rustls")]
            pins: Vec::new(),
        }
    }
}

impl HttpOptions {
    /// The time for a whole request, from the first packet to the last byte of the answer. Default: 30 seconds.
    /// The other timeouts are never longer than this one.
    #[must_use]
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.total_timeout = timeout;
        self
    }

    /// The time to reach the host, TLS included. Default: 10 seconds.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// The longest silence while reading. Default: 20 seconds.
    #[must_use]
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.read_timeout = timeout;
        self
    }

    /// The largest answer that is read, in bytes. Default: 1 MiB; B2Core's are a few KiB.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// How many connections to the host are kept open for the requests to come. Default: 32, for a service with that many requests in
    /// flight, which would else open a connection for most of them; an app has one or two at a time, so that it keeps no more. With
    /// 0 every request has a connection of its own.
    ///
    /// None is used before the host has shown that it keeps its connections, and none on which something has arrived unasked. All of
    /// them are of one runtime: requests of another open their own meanwhile.
    #[must_use]
    pub fn max_idle_connections(mut self, count: usize) -> Self {
        self.max_idle_connections = count;
        self
    }

    /// How long a connection may be idle before it is closed. Default: 1.5 seconds, which is less than after what common web servers
    /// close it. A request on a connection that the host is just closing is lost, and a lost sign-in may have cost an attempt: give
    /// less than the host's own time.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// The way out. Default: [`Proxy::FromEnvironment`].
    #[must_use]
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxy = proxy;
        self
    }

    /// Trusts these root certificates beside the platform's. Without the feature `rustls`, the program's own reqwest decides
    /// whom to trust.
    ///
    /// # Errors
    /// If the text has no certificate, or one that does not read.
    #[cfg(feature = "__rustls")]
    pub fn extra_roots_pem(mut self, pem: &[u8]) -> Result<Self, OptionsError> {
        let before = self.extra_roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            self.extra_roots.push(certificate.map_err(|_| OptionsError::BadCertificate)?);
        }
        if self.extra_roots.len() == before {
            return Err(OptionsError::NoCertificate);
        }
        Ok(self)
    }

    /// Pins the keys of a host, whatever its port: beside being trusted, its certificate has to lead to one of these. Pins that were given
    /// for the same name before are replaced.
    ///
    /// Every connection to that name is held to them, also that of a live channel; one to another name (a live channel elsewhere, a
    /// proxy) is not, unless that name is pinned too. A pin counts if it is the key of the host's own certificate, or if it is the key of an
    /// issuer that has signed it, directly or through others, as far as that issuer's certificate is at hand: sent by the host, or
    /// one of the [extra roots](Self::extra_roots_pem). Hosts do not send their root: pin their own key, or that of the issuer
    /// that they send.
    #[cfg(feature = "__rustls")]
    #[must_use]
    pub fn certificate_pins(mut self, host: &Host, pins: CertificatePins) -> Self {
        let name = host.name().to_owned();
        self.pins.retain(|(other, _)| *other != name);
        self.pins.push((name, pins));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_s_password_is_not_shown() {
        let through = Proxy::Through("http://ann:hunter2@proxy.example:3128".to_owned());
        let options = HttpOptions::default().proxy(through);
        assert!(!format!("{options:?} {options:#?}").contains("hunter2"));
    }
}
