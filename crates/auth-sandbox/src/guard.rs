//! Who may ask for what. A web page of any site can send requests to this machine, and by DNS rebinding read the answers too: so
//! what a browser says of a request's origin is believed, a name must be one that belongs here, and steering takes a token
//! where others can reach the sandbox.

use std::net::{IpAddr, Ipv6Addr};

use axum::http::header::{AUTHORIZATION, HOST, HeaderName, ORIGIN};
use axum::http::request::Parts;
use axum::http::uri::Authority;

use crate::steering_token::SteeringToken;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What a request is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The sign-in page, which links may lead to.
    Page,
    /// What a host of the vendor has, and what is public.
    Open,
    /// What shows secrets or changes how the sandbox behaves.
    Steering,
}

/// Why a request is not served, for whoever develops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The name in the URL is not the sandbox's.
    Name,
    /// A web page of another origin sent it.
    OtherOrigin,
    /// The steering token is missing or wrong.
    Token,
}

impl Refused {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Name => {
                "this sandbox answers to localhost, to addresses and to the names given at its start, by --host-name or \
                 Builder::host_name"
            }
            Self::OtherOrigin => "a web page of another origin sent this, and only the sandbox's own may",
            Self::Token => {
                "others can reach this sandbox, so steering takes the token that it told at its start, as Authorization: \
                 Bearer TOKEN"
            }
        }
    }
}

/// What is checked of every request before its body is read.
pub(crate) struct Guard {
    /// Names in lower case that the sandbox answers to, beside this machine's own; `*.` at the beginning stands for any label.
    names: Vec<String>,
    /// Whether it listens where other machines are: then nobody knows all of its names.
    is_public: bool,
    token: Option<SteeringToken>,
}

impl Guard {
    pub(crate) fn new(listen: IpAddr, names: Vec<String>, token: Option<SteeringToken>) -> Self {
        let names = names.iter().map(|name| name.to_ascii_lowercase()).collect();
        Self { names, is_public: !is_loopback(listen), token }
    }

    pub(crate) fn token(&self) -> Option<&SteeringToken> {
        self.token.as_ref()
    }

    /// Whether it listens where other machines are.
    pub(crate) fn is_public(&self) -> bool {
        self.is_public
    }

    pub(crate) fn check(&self, request: &Parts, place: Place) -> Result<(), Refused> {
        let text =
            |name: &HeaderName| request.headers.get(name).map(|value| value.to_str().unwrap_or_default());
        let host = match (request.uri.authority(), text(&HOST)) {
            (Some(asked), _) => Some(asked.clone()),
            (None, Some(host)) => Some(host.parse::<Authority>().map_err(|_| Refused::Name)?),
            // HTTP/1.0 has none, and no browser speaks that.
            (None, None) => None,
        };
        if !self.is_public && host.as_ref().is_some_and(|host| !self.is_ours(host.host())) {
            return Err(Refused::Name);
        }
        // Browsers that do not tell it are caught by the origin, below.
        let is_own = |site| matches!(site, "same-origin" | "none");
        if place != Place::Page && text(&SEC_FETCH_SITE).is_some_and(|site| !is_own(site)) {
            return Err(Refused::OtherOrigin);
        }
        if place == Place::Steering {
            // Compared with the name that was asked for, which was looked at above: a forwarded port is the page's own too.
            let is_same = |origin: &str| {
                let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
                authority.zip(host.as_ref()).is_some_and(|(origin, host)| host == origin)
            };
            if text(&ORIGIN).is_some_and(|origin| !is_same(origin)) {
                return Err(Refused::OtherOrigin);
            }
            let given = text(&AUTHORIZATION).and_then(bearer).unwrap_or_default();
            if self.token.as_ref().is_some_and(|token| !token.is(given)) {
                return Err(Refused::Token);
            }
        }
        Ok(())
    }

    /// An address is always good: the name of a page that DNS was bent for is none.
    fn is_ours(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(&host);
        let is_given = |name: &String| match name.strip_prefix('*') {
            Some(end) => {
                host.strip_suffix(end).is_some_and(|label| !label.is_empty() && !label.contains('.'))
            }
            None => host == *name,
        };
        bare.parse::<IpAddr>().is_ok()
            || host == "localhost"
            || host.ends_with(".localhost")
            || self.names.iter().any(is_given)
    }
}

/// The token of an `Authorization` header.
pub(crate) fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Whether an address can be reached from this machine only.
pub(crate) fn is_loopback(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback(),
        IpAddr::V6(address) => {
            address == Ipv6Addr::LOCALHOST || address.to_ipv4_mapped().is_some_and(|v4| v4.is_loopback())
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn check(guard: &Guard, place: Place, headers: &[(&str, &str)]) -> Result<(), Refused> {
        let request =
            headers.iter().fold(Request::builder().uri("/x"), |r, (name, value)| r.header(*name, *value));
        guard.check(&request.body(()).unwrap().into_parts().0, place)
    }

    fn guard(listen: &str, token: Option<&str>) -> Guard {
        let names = vec!["Broker.test".to_owned(), "*.wild.test".to_owned()];
        Guard::new(listen.parse().unwrap(), names, token.map(|token| SteeringToken::new(token).unwrap()))
    }

    #[test]
    fn names_of_this_machine_addresses_and_given_names_are_served() {
        let guard = guard("127.0.0.1", None);
        for host in [
            "localhost:7",
            "LOCALHOST",
            "app.localhost:1",
            "127.0.0.1:9",
            "[::1]:9",
            "10.0.2.2:80",
            "broker.test",
            "a.wild.test:1",
        ] {
            assert_eq!(check(&guard, Place::Steering, &[("host", host)]), Ok(()), "{host}");
        }
        for host in [
            "evil.example",
            "evil.example:80",
            "localhost.evil.example",
            "a.b.wild.test",
            ".wild.test",
            "",
            "x y",
        ] {
            for place in [Place::Page, Place::Open, Place::Steering] {
                assert_eq!(check(&guard, place, &[("host", host)]), Err(Refused::Name), "{host}");
            }
        }
        assert_eq!(check(&guard, Place::Steering, &[]), Ok(()), "HTTP/1.0");
    }

    #[test]
    fn pages_of_other_origins_are_refused() {
        let guard = guard("127.0.0.1", None);
        let host = ("host", "127.0.0.1:7");
        for site in ["cross-site", "same-site"] {
            for place in [Place::Open, Place::Steering] {
                assert_eq!(
                    check(&guard, place, &[host, ("sec-fetch-site", site)]),
                    Err(Refused::OtherOrigin)
                );
            }
            assert_eq!(check(&guard, Place::Page, &[host, ("sec-fetch-site", site)]), Ok(()));
        }
        for origin in
            ["null", "http://127.0.0.1:8", "http://localhost:7", "http://evil.example", "127.0.0.1:7", ""]
        {
            let headers = [host, ("origin", origin)];
            assert_eq!(check(&guard, Place::Steering, &headers), Err(Refused::OtherOrigin), "{origin}");
            assert_eq!(
                check(&guard, Place::Open, &headers),
                Ok(()),
                "a host of the vendor would not look either"
            );
        }
        let own = [host, ("origin", "http://127.0.0.1:7"), ("sec-fetch-site", "same-origin")];
        assert_eq!(check(&guard, Place::Steering, &own), Ok(()));
    }

    #[test]
    fn where_others_are_any_name_is_served_and_steering_takes_the_token() {
        let guard = guard("0.0.0.0", Some("a token of some length"));
        let host = ("host", "build-host.lan:80");
        assert_eq!(check(&guard, Place::Open, &[host]), Ok(()));
        for given in
            ["", "Bearer", "Bearer other", "Basic a token of some length", "Bearer a token of some lengt"]
        {
            assert_eq!(
                check(&guard, Place::Steering, &[host, ("authorization", given)]),
                Err(Refused::Token)
            );
        }
        assert_eq!(check(&guard, Place::Steering, &[host]), Err(Refused::Token));
        let right = ("authorization", "bearer a token of some length");
        assert_eq!(check(&guard, Place::Steering, &[host, right]), Ok(()));
        assert_eq!(
            check(&guard, Place::Steering, &[host, right, ("origin", "http://evil.example")]),
            Err(Refused::OtherOrigin)
        );
    }
}
