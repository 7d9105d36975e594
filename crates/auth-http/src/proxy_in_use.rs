//! The proxy that requests go through, by the options or by the environment. There is one reader of the variables, this one, so that what
//! is checked, what is used and what an error names are the same.

use crate::{ClientError, HttpOptions, Proxy, route::Route};
use hyper::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::{ClientBuilder, NoProxy, Url};
use std::{env, ffi::OsString, fmt};

/// The variables that name a proxy for `https`, in the order in which they count. An empty one counts as not set.
const VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// Those that name the hosts that are reached without it.
const EXCEPTIONS: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// The proxy for `https`, if there is one. `Debug` shows nothing of it: a password may be in it.
pub(crate) struct ProxyInUse(Option<Named>);

struct Named {
    /// A proxy that cannot be used is an error, and not a way straight to the host: who names one may have a reason not to be seen without.
    address: Result<Url, ClientError>,
    /// Who has named it, for a person.
    by: String,
    exceptions: String,
}

impl ProxyInUse {
    /// Reads options and environment.
    pub(crate) fn of(options: &HttpOptions) -> Self {
        Self::with(&options.proxy, env::var_os)
    }

    fn with(proxy: &Proxy, variable: impl Fn(&'static str) -> Option<OsString>) -> Self {
        match proxy {
            Proxy::Direct => Self(None),
            Proxy::Through(text) => Self(Some(Named {
                address: address(text).ok_or(ClientError::Proxy),
                by: "the proxy given".to_owned(),
                exceptions: String::new(),
            })),
            Proxy::FromEnvironment => {
                let set = |name: &&'static str| Some((*name, variable(name).filter(|it| !it.is_empty())?));
                let exceptions = EXCEPTIONS.iter().find_map(set).map(|(_, names)| names);
                Self(VARIABLES.iter().find_map(set).map(|(name, value)| Named {
                    address:
                        value.to_str().and_then(address).ok_or(ClientError::ProxyVariable { variable: name }),
                    by: format!("proxy from {name}"),
                    // Less than was meant is safe: those hosts are reached through the proxy.
                    exceptions: exceptions.unwrap_or_default().to_string_lossy().into_owned(),
                }))
            }
        }
    }

    /// The proxy to this URL, if it does not go straight.
    fn to(&self, url: &str) -> Option<&Named> {
        self.0.as_ref().filter(|named| is_https(url) && !named.excepts(url))
    }

    /// Whether a request for this URL can go its way.
    pub(crate) fn check(&self, url: &str) -> Result<(), ClientError> {
        self.to(url).map_or(Ok(()), |named| named.address.as_ref().map(drop).map_err(|error| *error))
    }

    /// Whether all requests can go their way.
    pub(crate) fn check_all(&self) -> Result<(), ClientError> {
        self.0.as_ref().map_or(Ok(()), |named| named.address.as_ref().map(drop).map_err(|error| *error))
    }

    /// The way of a request.
    pub(crate) fn route(&self, url: &str) -> Route {
        match self.to(url) {
            Some(Named { address: Ok(address), by, .. }) => Route::through(address.as_str(), by),
            _ => Route::Straight,
        }
    }

    /// Has a client go this way, and no other that it would find by itself. What it is asked for has to be
    /// [checked](Self::check) before.
    pub(crate) fn apply(&self, builder: ClientBuilder) -> Result<ClientBuilder, ClientError> {
        let builder = builder.no_proxy();
        let Some(Named { address: Ok(address), exceptions, .. }) = &self.0 else { return Ok(builder) };
        let proxy = reqwest::Proxy::https(address.clone()).map_err(|_| ClientError::Proxy)?;
        Ok(builder.proxy(proxy.no_proxy(NoProxy::from_string(exceptions))))
    }
}

impl Named {
    fn excepts(&self, url: &str) -> bool {
        let any = Matcher::builder().all("http://proxy.invalid").no(self.exceptions.as_str()).build();
        url.parse::<Uri>().is_ok_and(|uri| any.intercept(&uri).is_none())
    }
}

impl fmt::Debug for ProxyInUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProxyInUse(..)")
    }
}

/// Whether a request for this URL goes over TLS, which is what proxies are for here.
pub(crate) fn is_https(url: &str) -> bool {
    url.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"))
}

/// The address of a proxy that can be used, and would be.
fn address(text: &str) -> Option<Url> {
    let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
    let scheme = scheme.to_ascii_lowercase();
    let is_socks = matches!(scheme.as_str(), "socks4" | "socks4a" | "socks5" | "socks5h");
    let is_known = matches!(scheme.as_str(), "http" | "https") || (is_socks && cfg!(feature = "socks"));
    if !is_known {
        return None;
    }
    let url = Url::parse(&format!("{scheme}://{rest}")).ok()?;
    // What reqwest asks for each request passes over what it cannot read.
    let used = Matcher::builder().https(url.as_str()).build();
    used.intercept(&Uri::from_static("https://host.invalid")).map(|_| url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    const URL: &str = "https://broker.example/x";

    fn from(variables: &[(&'static str, &str)]) -> ProxyInUse {
        let variables: HashMap<_, _> = variables.iter().copied().collect();
        ProxyInUse::with(&Proxy::FromEnvironment, |name| variables.get(name).map(OsString::from))
    }

    fn hop(proxy: &ProxyInUse) -> String {
        proxy.route(URL).next_hop(URL)
    }

    #[test]
    fn what_is_no_proxy_is_told_from_one() {
        for usable in ["http://proxy.example:3128", "proxy.example:3128", "HTTPS://ann:pw@proxy.example"] {
            assert!(address(usable).is_some(), "{usable}");
        }
        for not in [
            "ftp://proxy.example",
            "socks://proxy.example",
            "htp://proxy.example",
            "http://",
            "http://[bad",
            "http://a b",
            "://",
            " ",
            "/",
            "http://proxy.example:99999",
        ] {
            assert!(address(not).is_none(), "{not}");
        }
        for socks in ["socks4://proxy.example", "socks5h://proxy.example:1080"] {
            assert_eq!(address(socks).is_some(), cfg!(feature = "socks"));
        }
    }

    #[test]
    fn each_variable_that_cannot_be_used_is_an_error_that_names_it() {
        for variable in VARIABLES {
            for bad in ["socks://x", "http://[bad", "htp://x", "http://"] {
                let proxy = from(&[(variable, bad)]);
                let error = ClientError::ProxyVariable { variable };
                assert_eq!(proxy.check(URL), Err(error), "{variable}={bad}");
                assert_eq!(error.to_string(), format!("{variable} names no proxy that can be used"));
                assert_eq!(proxy.check_all(), Err(error));
                assert_eq!(proxy.check("HTTPS://broker.example/x"), Err(error), "in any case");
                assert_eq!(proxy.check("http://127.0.0.1/x"), Ok(()), "plain http goes straight");
            }
        }
    }

    #[test]
    fn an_empty_variable_counts_as_not_set() {
        let set = [("HTTPS_PROXY", ""), ("https_proxy", "http://one:1"), ("ALL_PROXY", "http://two:2")];
        assert_eq!(hop(&from(&set)), "one:1 (proxy from https_proxy)");
        assert_eq!(
            hop(&from(&[("HTTPS_PROXY", ""), ("ALL_PROXY", "two:2")])),
            "two:2 (proxy from ALL_PROXY)"
        );
        assert_eq!(hop(&from(&[("HTTPS_PROXY", "")])), "broker.example:443");
        let (bad, good) = (("HTTPS_PROXY", "socks://x"), ("ALL_PROXY", "http://two:2"));
        assert!(
            from(&[bad, good]).check(URL).is_err(),
            "the next one does not stand in for one that is wrong"
        );
    }

    #[test]
    fn exceptions_go_straight_whatever_the_proxy_is() {
        for proxy in ["http://one:1", "socks://x"] {
            for (names, straight) in [("broker.example", true), ("*", true), ("other.example", false)] {
                for all in [vec![("NO_PROXY", names)], vec![("NO_PROXY", ""), ("no_proxy", names)]] {
                    let proxy = from(&[&[("HTTPS_PROXY", proxy)], &all[..]].concat());
                    assert_eq!(proxy.to(URL).is_none(), straight, "{names}");
                    assert!(!straight || proxy.check(URL).is_ok());
                }
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_that_is_no_text_is_not_passed_over() {
        use std::os::unix::ffi::OsStringExt;
        let no_text = |name: &str| OsString::from_vec([name.as_bytes(), b"\xff"].concat());
        let proxy = ProxyInUse::with(&Proxy::FromEnvironment, |name| match name {
            "HTTPS_PROXY" => Some(no_text("http://x")),
            "ALL_PROXY" => Some("http://two:2".into()),
            _ => None,
        });
        assert_eq!(proxy.check(URL), Err(ClientError::ProxyVariable { variable: "HTTPS_PROXY" }));
        let proxy = ProxyInUse::with(&Proxy::FromEnvironment, |name| match name {
            "HTTPS_PROXY" => Some("http://one:1".into()),
            "NO_PROXY" => Some(no_text("broker.example,")),
            _ => None,
        });
        assert_eq!(proxy.check(URL), Ok(()));
    }
}
