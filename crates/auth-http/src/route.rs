//! Which way a request goes, as an error tells it: straight, or through a proxy, and who has said so.

/// The way of a request.
pub(crate) enum Route {
    Straight,
    /// Through the proxy at this name and port, and who has named it, for a person.
    Proxy {
        at: String,
        by: String,
    },
}

impl Route {
    /// Through the proxy at this URL.
    pub(crate) fn through(proxy: &str, by: &str) -> Self {
        Self::Proxy { at: peer(proxy), by: by.to_owned() }
    }

    /// What is connected to first, for a person.
    pub(crate) fn next_hop(&self, url: &str) -> String {
        match self {
            Self::Straight => peer(url),
            Self::Proxy { at, by } => format!("{at} ({by})"),
        }
    }

    /// The name that is looked up first.
    pub(crate) fn next_name(&self, url: &str) -> String {
        let name = |peer: &str| peer.rsplit_once(':').map_or(peer, |(name, _)| name).to_owned();
        match self {
            Self::Straight => name(&peer(url)),
            Self::Proxy { at, by } => format!("{} ({by})", name(at)),
        }
    }
}

/// Name and port of a URL, without what else may be in it.
pub(crate) fn peer(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit_once('@').map_or(authority, |(_, name)| name);
    let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let default_port = match scheme.to_ascii_lowercase().as_str() {
        "https" => 443,
        "http" => 80,
        _ => 1080,
    };
    if has_port { authority.to_owned() } else { format!("{authority}:{default_port}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_is_a_name_and_a_port() {
        for (url, expected) in [
            ("https://broker.example/api/v2?x#y", "broker.example:443"),
            ("http://127.0.0.1:8080/x", "127.0.0.1:8080"),
            ("https://[::1]/", "[::1]:443"),
            ("https://[::1]:8443", "[::1]:8443"),
            ("socks5h://ann:s3cret@proxy.example", "proxy.example:1080"),
            ("http://ann:s3@cret@proxy.example:3128", "proxy.example:3128"),
            ("proxy.example:3128", "proxy.example:3128"),
        ] {
            assert_eq!(peer(url), expected, "{url}");
        }
    }
}
