//! An address as a user or a configuration gives it.

use auth_core::Host;
use std::net::Ipv6Addr;
use url::Url;

/// A host has one form, and the HTTP client's parser reads the same out of it.
pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let strict = Host::parse(text);
    let lenient = Host::parse_with_plain_http_for_development(text);
    match (&strict, &lenient) {
        (Ok(one), Ok(other)) => assert_eq!(one, other),
        (Ok(_), Err(_)) => panic!("the option for development takes less: {text:?}"),
        (Err(_), Ok(host)) => assert!(!host.is_https() && !host.is_loopback(), "{text:?}"),
        (Err(error), Err(_)) => assert!(!error.to_string().is_empty()),
    }
    let Ok(host) = lenient else { return };
    let shown = host.to_string();
    assert_eq!(Host::parse_with_plain_http_for_development(&shown).as_ref(), Ok(&host), "{shown:?}");
    assert!(shown.bytes().all(|byte| byte.is_ascii_graphic()), "{shown:?}");
    if strict.is_ok() {
        assert!(host.is_https() || host.is_loopback(), "{shown:?}");
    }
    read_alike(&host, &shown);
    // Nobody reads another host out of what was given either. Without a scheme the given text is no URL.
    if text.contains("://")
        && let (Ok(given), Ok(kept)) = (Url::parse(text.trim()), Url::parse(&shown))
    {
        assert_eq!(given.host(), kept.host(), "{text:?}");
        assert_eq!(given.port_or_known_default(), kept.port_or_known_default(), "{text:?}");
    }
}

fn read_alike(host: &Host, shown: &str) {
    // A name in xn-- form that means nothing is refused there; it goes nowhere.
    let Ok(url) = Url::parse(&host.url("/api/v2/signin")) else { return };
    assert_eq!(url.scheme() == "https", host.is_https(), "{shown:?}");
    assert!(url.username().is_empty() && url.password().is_none(), "{shown:?}");
    assert!(url.query().is_none() && url.fragment().is_none(), "{shown:?}");
    assert!(url.path().ends_with("/api/v2/signin"), "{shown:?}");
    let (_, rest) = shown.split_once("://").expect("a scheme");
    let (authority, path) = rest.split_once('/').map_or((rest, String::new()), |(a, p)| (a, format!("/{p}")));
    assert_eq!(url.path(), format!("{path}/api/v2/signin"));
    let loopback = match url.host().expect("a host") {
        url::Host::Domain(name) => {
            assert_eq!(name, without_port(authority), "{shown:?}");
            name == "localhost"
        }
        url::Host::Ipv4(ip) => {
            assert_eq!(ip.to_string(), without_port(authority), "{shown:?}");
            ip.is_loopback()
        }
        url::Host::Ipv6(ip) => ip == Ipv6Addr::LOCALHOST,
    };
    assert_eq!(loopback, host.is_loopback(), "{shown:?}");
}

fn without_port(authority: &str) -> &str {
    authority.split_once(':').map_or(authority, |(name, _)| name)
}
