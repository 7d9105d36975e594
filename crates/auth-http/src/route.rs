//! Which way a request goes: straight, or through a proxy, and who has said so.

use crate::{HttpOptions, Proxy, reason::Reason};
use hyper::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use std::env;

/// The variables that name a proxy for `https`, in the order in which they count.
const VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

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
    /// The way to this URL.
    pub(crate) fn of(options: &HttpOptions, url: &str) -> Self {
        if !url.starts_with("https:") {
            return Self::Straight;
        }
        match &options.proxy {
            Proxy::Direct => Self::Straight,
            Proxy::Through(proxy) => Self::Proxy { at: peer(proxy), by: "the proxy given".to_owned() },
            Proxy::FromEnvironment => match variable() {
                Some((name, value)) if !is_excepted(url) => {
                    Self::Proxy { at: peer(&value), by: format!("proxy from {}", VARIABLES[name]) }
                }
                _ => Self::Straight,
            },
        }
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

/// A proxy of the environment that cannot be used is an error, and not a way straight to the host: who names a proxy may have a reason
/// not to be seen without.
pub(crate) fn check_environment(options: &HttpOptions, url: &str) -> Result<(), Reason> {
    if options.proxy != Proxy::FromEnvironment || !url.starts_with("https:") || is_excepted(url) {
        return Ok(());
    }
    match variable() {
        Some((name, value)) if !is_usable(&value) => {
            Err(Reason::saying(format!("{} names no proxy that can be used", VARIABLES[name])))
        }
        _ => Ok(()),
    }
}

/// True for the address of a proxy that can be used.
pub(crate) fn is_usable(proxy: &str) -> bool {
    let scheme = proxy.split_once("://").map_or("http", |(scheme, _)| scheme).to_ascii_lowercase();
    let is_socks = matches!(scheme.as_str(), "socks4" | "socks4a" | "socks5" | "socks5h");
    let known = matches!(scheme.as_str(), "http" | "https") || (is_socks && cfg!(feature = "socks"));
    known && reqwest::Proxy::all(proxy).is_ok()
}

fn variable() -> Option<(usize, String)> {
    let set = |name: &&str| env::var(name).ok().filter(|value| !value.is_empty());
    VARIABLES.iter().enumerate().find_map(|(at, name)| Some((at, set(name)?)))
}

/// True if `NO_PROXY` names the host of this URL.
fn is_excepted(url: &str) -> bool {
    let exceptions = env::var("NO_PROXY").or_else(|_| env::var("no_proxy")).unwrap_or_default();
    let any = Matcher::builder().all("http://proxy.invalid").no(exceptions).build();
    url.parse::<Uri>().is_ok_and(|uri| any.intercept(&uri).is_none())
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

    #[test]
    fn what_is_no_proxy_is_told_from_one() {
        for usable in ["http://proxy.example:3128", "proxy.example:3128", "https://ann:pw@proxy.example"] {
            assert!(is_usable(usable), "{usable}");
        }
        for not in ["ftp://proxy.example", "http://", "http://a b", "://", "http://proxy.example:99999"] {
            assert!(!is_usable(not), "{not}");
        }
        assert_eq!(is_usable("socks5h://proxy.example:1080"), cfg!(feature = "socks"));
    }
}
