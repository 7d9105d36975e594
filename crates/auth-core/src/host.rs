//! The host that requests are sent to, and the rule that they are sent over TLS.

use std::{
    fmt,
    hash::{Hash, Hasher},
    net::{Ipv4Addr, Ipv6Addr},
    sync::Arc,
};

/// A B2Core host: scheme, name, port and base path, checked once and never changed.
///
/// Only `https` is accepted, and plain `http` to this machine: the IP literals `127.0.0.0/8` and `[::1]`, and exactly
/// `localhost`. Only a strict set of characters is accepted, so that no other URL parser finds another host in the same
/// text. What has no scheme is `https`. A base path is kept; a trailing slash is ignored, and so is the API's own path behind it
/// (`/api`, `/api/v2`, `/api/v2/my`), which people copy from documents.
///
/// With the feature `idna` an international name is accepted too, and kept in its `xn--` form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    scheme: &'static str,
    authority: Arc<str>,
    base_path: Arc<str>,
    loopback: bool,
}

/// Name and port are enough for a hash: few hosts differ in the rest only.
impl Hash for Host {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.authority.hash(state);
    }
}

/// The text is not a host that a password may be sent to.
///
/// `Display` is [for developers](crate#texts-for-people-and-texts-for-developers).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// Another scheme than `https://` in front, or nothing at all.
    #[error("the host must start with https://")]
    Scheme,
    /// Plain `http` to another machine.
    #[error("plain http is only for this machine: use https")]
    PlainHttp,
    /// A user name or password in front of the name.
    #[error("the host must not carry a user name or password")]
    UserInfo,
    /// A query or a fragment behind the path.
    #[error("the host must not carry a query or fragment")]
    QueryOrFragment,
    /// The name is no DNS name or IP address.
    #[error("the host name is not valid (write an international name in its xn-- form)")]
    Name,
    /// The port is no number from 1 to 65535.
    #[error("the port must be a number from 1 to 65535")]
    Port,
    /// The base path has dot segments, empty segments or characters that need escaping.
    #[error("the base path has characters or segments that are not allowed")]
    Path,
}

impl HostError {
    /// A stable name for programs.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Scheme => "host_scheme",
            Self::PlainHttp => "host_plain_http",
            Self::UserInfo => "host_user_info",
            Self::QueryOrFragment => "host_query",
            Self::Name => "host_name",
            Self::Port => "host_port",
            Self::Path => "host_path",
        }
    }
}

/// A URL is not of this host.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotOwn;

#[derive(Clone, Copy, PartialEq, Eq)]
enum PlainHttp {
    LoopbackOnly,
    Anywhere,
}

impl Host {
    /// Reads a host such as `https://broker.example` or `https://broker.example:8443/base/`.
    ///
    /// # Errors
    /// The rule that the text breaks.
    pub fn parse(text: &str) -> Result<Self, HostError> {
        Self::read(text, PlainHttp::LoopbackOnly).map(Self::above_api)
    }

    /// Reads a base URL by the same rules, but with its scheme in front, and with all of its path: `/api` is not the API's own here.
    pub(crate) fn parse_base_url(text: &str) -> Result<Self, HostError> {
        if !text.contains("://") {
            return Err(HostError::Scheme);
        }
        Self::read(text, PlainHttp::LoopbackOnly)
    }

    /// Like [`Host::parse`], but accepts plain `http` to any machine. Everybody on the network can read the passwords: for test
    /// networks only.
    ///
    /// # Errors
    /// The rule that the text breaks.
    pub fn parse_with_plain_http_for_development(text: &str) -> Result<Self, HostError> {
        Self::read(text, PlainHttp::Anywhere).map(Self::above_api)
    }

    fn above_api(self) -> Self {
        Self { base_path: without_api(&self.base_path).into(), ..self }
    }

    /// Reads what [`Display`](fmt::Display) wrote, plain `http` included. `None` for any other text, even for another spelling of
    /// a host.
    pub fn from_canonical(text: &str) -> Option<Self> {
        Self::parse_with_plain_http_for_development(text).ok().filter(|host| host.to_string() == text)
    }

    /// True if requests stay on this machine.
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// True if requests are encrypted.
    pub fn is_https(&self) -> bool {
        self.scheme == "https"
    }

    /// The URL of a path below this host. `path` starts with a slash.
    pub fn url(&self, path: &str) -> String {
        let parts = [self.scheme, "://", &self.authority, &self.base_path, path];
        let mut url = String::with_capacity(parts.iter().map(|part| part.len()).sum());
        parts.iter().for_each(|part| url.push_str(part));
        url
    }

    /// The address without the base path: scheme, name and port.
    pub fn origin(&self) -> String {
        [self.scheme, "://", &self.authority].concat()
    }

    /// The name or the address alone: without scheme and port, an IPv6 address without brackets.
    pub fn name(&self) -> &str {
        split_port(&self.authority).map_or(&*self.authority, |(name, _)| name).trim_matches(['[', ']'])
    }

    /// The base path, without a slash at its end; empty if there is none.
    pub(crate) fn base_path(&self) -> &str {
        &self.base_path
    }

    /// The part of a URL behind scheme, name and port, if these are the host's own. The error is that they are not, or that
    /// this is no URL of a host.
    pub(crate) fn own_path<'a>(&self, url: &'a str) -> Result<&'a str, NotOwn> {
        let start = url.find("://").ok_or(NotOwn)? + 3;
        let end = url[start..].find(['/', '?', '#', '\\']).map_or(url.len(), |end| start + end);
        let other = Self::read(&url[..end], PlainHttp::Anywhere).map_err(|_| NotOwn)?;
        let same = other.scheme == self.scheme && other.authority == self.authority;
        if same { Ok(&url[end..]) } else { Err(NotOwn) }
    }

    /// Scheme, name and port of a URL, if it has them.
    pub(crate) fn origin_of(url: &str) -> Option<String> {
        let start = url.find("://")? + 3;
        let end = url[start..].find(['/', '?', '#', '\\']).map_or(url.len(), |end| start + end);
        Self::read(&url[..end], PlainHttp::Anywhere).ok().map(|host| host.origin())
    }

    fn read(text: &str, plain: PlainHttp) -> Result<Self, HostError> {
        let text = text.trim();
        let (scheme, rest) = match text.split_once("://") {
            Some(parts) => parts,
            None if text.is_empty() || has_scheme(text) => return Err(HostError::Scheme),
            None => ("https", text),
        };
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "https" => "https",
            "http" => "http",
            _ => return Err(HostError::Scheme),
        };
        if rest.contains(['?', '#']) {
            return Err(HostError::QueryOrFragment);
        }
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        if authority.contains('@') {
            return Err(HostError::UserInfo);
        }
        let (name, port) = split_port(authority)?;
        let name = ascii_name(name)?;
        let loopback = check_name(&name)?;
        if scheme == "http" && !loopback && plain == PlainHttp::LoopbackOnly {
            return Err(HostError::PlainHttp);
        }
        let default_port = if scheme == "https" { 443 } else { 80 };
        let authority = match port {
            Some(port) if port != default_port => format!("{name}:{port}"),
            _ => name,
        };
        Ok(Self { scheme, authority: authority.into(), base_path: check_path(path)?.into(), loopback })
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority, self.base_path)
    }
}

/// True for `https:name` and its like, where the slashes are missing: no name of a host, and hardly meant as one.
fn has_scheme(text: &str) -> bool {
    ["http:", "https:"]
        .into_iter()
        .any(|scheme| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
}

fn split_port(authority: &str) -> Result<(&str, Option<u16>), HostError> {
    let name_end = if authority.starts_with('[') {
        authority.find(']').map(|end| end + 1).ok_or(HostError::Name)?
    } else {
        authority.find(':').unwrap_or(authority.len())
    };
    let (name, port) = authority.split_at(name_end);
    let port = match port.strip_prefix(':') {
        None if port.is_empty() => None,
        None => return Err(HostError::Name),
        Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => {
            Some(digits.parse::<u16>().ok().filter(|&port| port != 0).ok_or(HostError::Port)?)
        }
        Some(_) => return Err(HostError::Port),
    };
    Ok((name, port))
}

/// Checks a lower-case name and says whether it is this machine.
fn check_name(name: &str) -> Result<bool, HostError> {
    if let Some(literal) = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return literal.parse::<Ipv6Addr>().map(|ip| ip == Ipv6Addr::LOCALHOST).map_err(|_| HostError::Name);
    }
    if let Ok(ip) = name.parse::<Ipv4Addr>() {
        return Ok(ip.is_loopback());
    }
    let labels: Vec<&str> = name.strip_suffix('.').unwrap_or(name).split('.').collect();
    let fits = |label: &&str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    // A last label of digits would be read as a number form of an IP address by browsers' rules.
    let numeric = labels.last().is_some_and(|last| last.starts_with(|c: char| c.is_ascii_digit()));
    if name.len() > 253 || numeric || !labels.iter().all(fits) {
        return Err(HostError::Name);
    }
    Ok(name == "localhost")
}

fn check_path(path: &str) -> Result<String, HostError> {
    let path = path.trim_end_matches('/');
    if path.is_empty() {
        return Ok(String::new());
    }
    let fits = |segment: &str| {
        !matches!(segment, "" | "." | "..")
            && segment.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~'))
    };
    if !path.split('/').all(fits) {
        return Err(HostError::Path);
    }
    Ok(format!("/{path}"))
}

/// A base path without the part of the API that is below every host: what the documents print behind a host, and people copy.
fn without_api(path: &str) -> &str {
    let mut path = path;
    // As often as it is there, so that what is left reads the same again.
    while let Some(above) =
        ["/api/v2/my", "/api/v2", "/api"].into_iter().find_map(|own| path.strip_suffix(own))
    {
        path = above;
    }
    path
}

/// A name as it is in DNS: an international one in its `xn--` form, which is also how it is shown from now on.
#[cfg(feature = "idna")]
fn ascii_name(name: &str) -> Result<String, HostError> {
    if name.is_ascii() {
        return Ok(name.to_ascii_lowercase());
    }
    idna::domain_to_ascii_strict(name).map_err(|_| HostError::Name)
}

#[cfg(not(feature = "idna"))]
fn ascii_name(name: &str) -> Result<String, HostError> {
    Ok(name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_kept_in_one_form() {
        for (text, kept) in [
            ("https://broker.example", "https://broker.example"),
            (" HTTPS://Broker.Example:443/ ", "https://broker.example"),
            ("https://broker.example:8443/base/path//", "https://broker.example:8443/base/path"),
            ("https://10.1.2.3", "https://10.1.2.3"),
            ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
            ("http://127.9.9.9", "http://127.9.9.9"),
            ("http://[::1]:80", "http://[::1]"),
            ("http://localhost:3000/x", "http://localhost:3000/x"),
            ("broker.example", "https://broker.example"),
            ("Broker.Example:8443/base/", "https://broker.example:8443/base"),
            ("localhost:3000", "https://localhost:3000"),
        ] {
            let host = Host::parse(text).unwrap();
            assert_eq!(host.to_string(), kept, "{text}");
            assert_eq!(Host::from_canonical(kept), Some(host), "{text}");
            assert!(text == kept || Host::from_canonical(text).is_none(), "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused_with_its_rule() {
        use HostError::*;
        for (text, error) in [
            ("", Scheme),
            ("https:broker.example", Scheme),
            ("HTTP:/broker.example", Scheme),
            ("user@broker.example", UserInfo),
            ("mailto:ann@broker.example", UserInfo),
            ("//broker.example", Name),
            ("broker.example:ftp", Port),
            ("ftp://broker.example", Scheme),
            ("http://broker.example", PlainHttp),
            ("http://localhost.evil.example", PlainHttp),
            ("http://localhost.", PlainHttp),
            ("http://10.0.0.1", PlainHttp),
            ("http://127.0.0.1.evil.example", PlainHttp),
            ("https://user@broker.example", UserInfo),
            ("http://127.0.0.1@evil.example", UserInfo),
            ("https://broker.example?x", QueryOrFragment),
            ("https://broker.example/#x", QueryOrFragment),
            ("https://", Name),
            ("https:///path", Name),
            ("http://127.1", Name),
            ("https://0x7f000001", Name),
            ("https://good.example\\.evil.example", Name),
            ("https://a b.example", Name),
            ("https://[::1", Name),
            ("https://[::1]x", Name),
            ("https://a..b", Name),
            ("https://broker.example:", Port),
            ("https://broker.example:0", Port),
            ("https://broker.example:70000", Port),
            ("https://broker.example:+1", Port),
            ("https://broker.example/a/../b", Path),
            ("https://broker.example//a", Path),
            ("https://broker.example/%2e%2e", Path),
        ] {
            assert_eq!(Host::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn the_path_of_the_api_is_no_base_path() {
        for (path, kept) in [
            ("/api/v2", ""),
            ("/api/v2/my/", ""),
            ("/api", ""),
            ("/tenant/api/v2/my", "/tenant"),
            ("/a/b/api/", "/a/b"),
            ("/my", "/my"),
            ("/v2", "/v2"),
            ("/tenant/api/api/v2", "/tenant"),
            ("/api/v1", "/api/v1"),
            ("/api/v2/signin", "/api/v2/signin"),
            ("/api/tenant", "/api/tenant"),
            ("/myapi", "/myapi"),
            ("/API", "/API"),
            ("/apiary", "/apiary"),
        ] {
            let host = Host::parse(&format!("https://broker.example{path}")).unwrap();
            assert_eq!(host.to_string(), format!("https://broker.example{kept}"), "{path}");
        }
        assert_eq!(Host::parse("https://broker.example/a//api"), Err(HostError::Path));
    }

    #[test]
    fn an_international_name_is_kept_as_it_is_in_dns() {
        let read = |text| Host::parse(text).map(|host| host.to_string());
        if cfg!(feature = "idna") {
            for (text, kept) in [
                ("https://bröker.example", "https://xn--brker-kua.example"),
                ("BRÖKER.example:8443/x", "https://xn--brker-kua.example:8443/x"),
                // The first letter is Cyrillic: it is shown so that nobody takes it for another.
                ("https://аpple.example", "https://xn--pple-43d.example"),
                ("https://xn--brker-kua.example", "https://xn--brker-kua.example"),
            ] {
                assert_eq!(read(text).as_deref(), Ok(kept), "{text}");
            }
        } else {
            assert_eq!(read("https://bröker.example"), Err(HostError::Name));
        }
        for text in [
            "https://bro\u{200b}ker.ex ample",
            "https://\u{2488}com",
            "https://-ö.example",
            "https://ö..example",
        ] {
            assert_eq!(read(text), Err(HostError::Name), "{text}");
        }
    }

    #[test]
    fn plain_http_elsewhere_needs_the_named_option() {
        let host = Host::parse_with_plain_http_for_development("http://10.0.0.1:8000").unwrap();
        assert!(!host.is_loopback() && !host.is_https());
        assert_eq!(host.url("/api"), "http://10.0.0.1:8000/api");
    }

    #[test]
    fn a_url_is_own_only_with_the_same_scheme_name_and_port() {
        let host = Host::parse("https://broker.example/base").unwrap();
        for (url, path) in [
            ("https://broker.example/base/qr?id=7", "/base/qr?id=7"),
            ("HTTPS://Broker.Example:443?id=7", "?id=7"),
            ("https://broker.example#7", "#7"),
            ("https://broker.example", ""),
        ] {
            assert_eq!(host.own_path(url), Ok(path), "{url}");
        }
        for url in [
            "http://broker.example/qr",
            "https://broker.example:8443/qr",
            "https://broker.example.evil.example/qr",
            "https://broker.example@evil.example/qr",
            "https://evil.example\\@broker.example/qr",
            "https://evil.example/https://broker.example/qr",
            "//broker.example/qr",
            "broker.example/qr",
            "",
        ] {
            assert_eq!(host.own_path(url), Err(NotOwn), "{url}");
        }
    }
}
