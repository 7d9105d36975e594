//! Setting up reqwest clients.

use crate::{HttpOptions, Proxy, resolver::SystemResolver, route::is_usable, tls::Tls};
use std::sync::Arc;

use reqwest::{Client, ClientBuilder, redirect};

/// A [`reqwest::Client`] cannot be set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// The address of the proxy does not read, or it is of a kind that is not supported.
    #[error("the address given for the proxy cannot be used")]
    Proxy,
    /// The platform's trust store cannot be loaded, or the extra roots cannot be added to it.
    #[error("the trust store cannot be loaded")]
    TrustStore,
    /// Reqwest refuses the settings.
    #[error("the HTTP client cannot be set up")]
    Build,
}

impl HttpOptions {
    /// A client with these options, for requests of the program's own: the same trusted certificates, proxy and timeouts as the
    /// transport has; HTTP/1.1, and no redirects. The body limit is the transport's alone.
    ///
    /// Loading the platform's trust store takes milliseconds: make one client and clone it.
    ///
    /// # Errors
    /// The proxy's address does not read, or the trust store cannot be loaded.
    pub fn client(&self) -> Result<Client, ClientError> {
        let builder = builder(self, &Tls::default(), true)?
            .read_timeout(self.read_timeout.min(self.total_timeout))
            .timeout(self.total_timeout);
        build(builder)
    }
}

/// What all clients have in common; the transport keeps its read and total timeouts itself. One that is not for `https` loads no trust store and knows no proxy.
pub(crate) fn builder(options: &HttpOptions, tls: &Tls, https: bool) -> Result<ClientBuilder, ClientError> {
    let HttpOptions { connect_timeout, total_timeout, proxy, .. } = options;
    let builder = tls
        .apply(Client::builder(), options, https)?
        .redirect(redirect::Policy::none())
        .referer(false)
        .dns_resolver(Arc::new(SystemResolver))
        .http1_only()
        .connect_timeout((*connect_timeout).min(*total_timeout));
    Ok(match proxy {
        _ if !https => builder.no_proxy(),
        Proxy::FromEnvironment => builder,
        Proxy::Direct => builder.no_proxy(),
        Proxy::Through(url) => {
            let proxy = Some(url).filter(|url| is_usable(url)).ok_or(ClientError::Proxy)?;
            let proxy = reqwest::Proxy::https(proxy).map_err(|_| ClientError::Proxy)?;
            builder.no_proxy().proxy(proxy)
        }
    })
}

pub(crate) fn build(builder: ClientBuilder) -> Result<Client, ClientError> {
    builder.build().map_err(|error| {
        tracing::error!(error = %error.without_url(), "the HTTP client cannot be set up");
        ClientError::Build
    })
}
