//! The keys that a host can be pinned to, as it shows them now.

use crate::{
    HttpOptions, client, proxy_in_use::ProxyInUse, reason::Reason, route::peer, send::classify, tls::Tls,
};
use auth_core::{
    Host, Pin,
    ports::{TransportError, TransportFailure},
};

/// A key that a host's certificate leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostKey {
    /// Its pin.
    pub pin: Pin,
    /// True for the key of the host's own certificate; false for that of an issuer, which it shares with others.
    pub is_own: bool,
}

impl HttpOptions {
    /// The keys that this host could be pinned to now: its own, then those of the issuers that [count](Self::certificate_pins). Its
    /// certificate is checked as always, but against no pins. The host sees a `HEAD` request for its address.
    ///
    /// # Errors
    /// The host cannot be reached, its certificate is not trusted, or it is a host of plain `http`.
    pub async fn host_keys(&self, host: &Host) -> Result<Vec<HostKey>, TransportFailure> {
        let url = host.url("/");
        if !host.is_https() {
            let reason = Reason::saying(format!("{} has no certificate: it is plain HTTP", peer(&url)));
            return Err(TransportFailure::new(TransportError::Tls, reason));
        }
        let proxy = ProxyInUse::of(self);
        proxy.check(&url)?;
        let (tls, keys) = Tls::reading_keys(self, host.name())?;
        let builder = client::builder(self, &tls, Some(&proxy))?.timeout(self.total_timeout);
        let answer = client::build(builder)?.head(&url).send().await;
        let failed = answer.err().map(|error| (classify(&error), error));
        match (keys.take(), failed) {
            // Keys that were shown count once the handshake has proved them; what the host answers then does not matter.
            (keys, None) if !keys.is_empty() => Ok(keys),
            (keys, Some((kind, _))) if !keys.is_empty() && kind != TransportError::Tls => Ok(keys),
            (_, None) => Err(TransportError::Failed.into()),
            (_, Some((kind, error))) => {
                Err(TransportFailure::new(kind, Reason::of(error, &proxy.route(&url), &url)))
            }
        }
    }
}
