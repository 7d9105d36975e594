//! Setting up reqwest clients.

use crate::{HttpOptions, proxy_in_use::ProxyInUse, resolver::SystemResolver, tls::Tls};
use reqwest::{Client, ClientBuilder, redirect};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

/// What `localhost` means, whatever a resolver says: plain `http` goes there. The port is that of the URL.
const THIS_MACHINE: [SocketAddr; 2] = [
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
    SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), 0),
];

/// A [`reqwest::Client`] cannot be set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// The address of the proxy does not read, or it is of a kind that is not supported.
    #[error("the address given for the proxy cannot be used")]
    Proxy,
    /// The same of a proxy that a variable of the environment names.
    #[error("{variable} names no proxy that can be used")]
    ProxyVariable {
        /// Its name, such as `HTTPS_PROXY`.
        variable: &'static str,
    },
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
    /// The proxy's address cannot be used, or the trust store cannot be loaded.
    pub fn client(&self) -> Result<Client, ClientError> {
        let proxy = ProxyInUse::of(self);
        proxy.check_all()?;
        let builder = builder(self, &Tls::default(), Some(&proxy))?
            .read_timeout(self.read_timeout.min(self.total_timeout))
            .timeout(self.total_timeout);
        build(builder)
    }
}

/// What all clients have in common; the transport keeps its read and total timeouts itself. One that is not for `https` loads no trust store
/// and knows no proxy.
pub(crate) fn builder(
    options: &HttpOptions,
    tls: &Tls,
    https: Option<&ProxyInUse>,
) -> Result<ClientBuilder, ClientError> {
    let HttpOptions { connect_timeout, total_timeout, .. } = options;
    let builder = tls
        .apply(Client::builder(), options, https.is_some())?
        .redirect(redirect::Policy::none())
        .referer(false)
        .dns_resolver(Arc::new(SystemResolver))
        .http1_only()
        .resolve_to_addrs("localhost", &THIS_MACHINE)
        .connect_timeout((*connect_timeout).min(*total_timeout));
    match https {
        Some(proxy) => proxy.apply(builder),
        None => Ok(builder.no_proxy()),
    }
}

pub(crate) fn build(builder: ClientBuilder) -> Result<Client, ClientError> {
    builder.build().map_err(|error| {
        tracing::error!(error = %error.without_url(), "the HTTP client cannot be set up");
        ClientError::Build
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::dns::{Addrs, Name, Resolve, Resolving};
    use std::{
        io::{Read, Write},
        net::TcpListener,
        thread,
    };

    /// Says of every name that it is at another address.
    struct Elsewhere;

    impl Resolve for Elsewhere {
        fn resolve(&self, _: Name) -> Resolving {
            let elsewhere: Addrs = Box::new([SocketAddr::from(([127, 0, 0, 2], 0))].into_iter());
            Box::pin(std::future::ready(Ok(elsewhere)))
        }
    }

    fn serve(at: Ipv4Addr, port: u16, answer: &'static str) -> Option<u16> {
        let listener = TcpListener::bind((at, port)).ok()?;
        let port = listener.local_addr().ok()?.port();
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let _request = stream.read(&mut [0; 4096]);
                let text = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{answer}", answer.len());
                let _gone = stream.write_all(text.as_bytes());
            }
        });
        Some(port)
    }

    #[tokio::test]
    async fn localhost_is_this_machine_whatever_the_resolver_says() {
        let port = serve(Ipv4Addr::LOCALHOST, 0, "this machine").unwrap();
        // Where there is no such address, nobody answers there.
        let _impostor = serve(Ipv4Addr::new(127, 0, 0, 2), port, "elsewhere");
        let options = HttpOptions::default();
        let proxy = ProxyInUse::of(&HttpOptions::default().proxy(crate::Proxy::Direct));
        for https in [None, Some(&proxy)] {
            for name in ["localhost", "LOCALHOST"] {
                let builder = builder(&options, &Tls::default(), https).unwrap();
                let client = build(builder.dns_resolver(Elsewhere)).unwrap();
                let answer = client.get(format!("http://{name}:{port}/")).send().await.unwrap();
                assert_eq!(answer.text().await.unwrap(), "this machine");
            }
        }
    }
}
