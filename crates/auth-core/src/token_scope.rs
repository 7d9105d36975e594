//! The URLs to which an access token may be sent.

use std::net::Ipv6Addr;

use percent_encoding::percent_decode;

use crate::{Host, HostError, work};

/// The URLs to which an access token may be sent: those below one of some base URLs, each written as a [`Host`] is, except that its
/// scheme is needed and all of its path counts. It is what an HTTP client asks before it puts a token on a request, and again after
/// each redirect.
///
/// A URL is below a base URL if it has the same scheme, name and port, and a path that begins with the same segments. Live connections
/// count as what they begin as: `wss` as `https`, `ws` as `http`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenScope {
    bases: Vec<Base>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Base {
    origin: String,
    path: String,
}

impl TokenScope {
    /// The scope of these base URLs. Without any, no URL is in it.
    ///
    /// # Errors
    /// The rule that one of the texts breaks.
    pub fn new<'a>(base_urls: impl IntoIterator<Item = &'a str>) -> Result<Self, HostError> {
        let base = |text: &'a str| Host::parse_base_url(text).map(|host| Base::of(&host));
        Ok(Self { bases: base_urls.into_iter().map(base).collect::<Result<_, _>>()? })
    }

    /// True if a token may be sent to this URL. The parts are those that the HTTP client which sends the request has read, since
    /// another parser could find another host in the same text: the host with or without the brackets of an address, the port also
    /// where it is the scheme's own, and the path percent-encoded, as it is sent.
    ///
    /// Below a base URL that has a path, a path that a host could read as a way out of it is refused: with `.` or `..` as a segment,
    /// encoded in any way or not. So is one of more than 8 KiB, or of more than eight layers of escapes.
    pub fn contains(&self, scheme: &str, host: &str, port: u16, encoded_path: &str) -> bool {
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "https" | "wss" => "https",
            "http" | "ws" => "http",
            _ => return false,
        };
        let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
        let name = if bare.contains(':') { format!("[{bare}]") } else { bare.to_owned() };
        let Ok(host) = Host::parse_with_plain_http_for_development(&format!("{scheme}://{name}:{port}"))
        else {
            return false;
        };
        let origin = origin(&host);
        host.base_path().is_empty()
            && self.bases.iter().any(|base| base.origin == origin && base.is_above(encoded_path))
    }
}

/// What is below this host.
impl From<&Host> for TokenScope {
    fn from(host: &Host) -> Self {
        Self { bases: vec![Base::of(host)] }
    }
}

impl Base {
    fn of(host: &Host) -> Self {
        Self { origin: origin(host), path: host.base_path().to_owned() }
    }

    fn is_above(&self, path: &str) -> bool {
        let Some(rest) = path.strip_prefix(&self.path) else { return false };
        self.path.is_empty() || ((rest.is_empty() || rest.starts_with('/')) && !leads_elsewhere(path))
    }
}

/// Scheme, name and port, with an IPv6 address in one form.
fn origin(host: &Host) -> String {
    let origin = host.origin();
    let Some((scheme, rest)) = origin.split_once('[') else { return origin };
    let Some((address, port)) = rest.split_once(']') else { return origin };
    match address.parse::<Ipv6Addr>() {
        Ok(address) => format!("{scheme}[{address}]{port}"),
        Err(_) => origin,
    }
}

/// Longer paths are no resource of an API; many servers refuse them.
const MOST_BYTES: usize = 8 * 1024;
/// A path that has more layers of escapes than this was made to mislead.
const MOST_ROUNDS: usize = 8;

/// Whether a host could take a segment for `.` or `..`, however it decodes them and however often.
fn leads_elsewhere(path: &str) -> bool {
    if path.len() > MOST_BYTES || path.contains(' ') {
        return true;
    }
    let Some(read) = fully_decoded(path) else { return true };
    // Some hosts cut a segment off at a control character, encoded or not.
    if read.contains(|c: char| c.is_ascii_control()) || has_wide_escape(&read) {
        return true;
    }
    read.split(['/', '\\']).any(|segment| {
        let name = segment.split(';').next().unwrap_or(segment);
        // Windows drops blanks at the end of a name; the last one is two dots in a character.
        matches!(name.trim(), "." | ".." | "\u{2025}")
    })
}

/// The path without any escape. None if there are too many layers of them, or characters in a form that UTF-8 forbids.
fn fully_decoded(path: &str) -> Option<String> {
    let mut read = path.to_owned();
    for _ in 0..=MOST_ROUNDS {
        work::count(read.len());
        let decoded: Vec<u8> = percent_decode(read.as_bytes()).collect();
        if has_overlong_form(&decoded) {
            return None;
        }
        let again = String::from_utf8_lossy(&decoded).chars().map(plain_form).collect();
        if again == read {
            return Some(read);
        }
        read = again;
    }
    None
}

/// Whether characters are written in more bytes than they need, as UTF-8 forbids and some hosts take: `%c0%ae` for a dot.
fn has_overlong_form(bytes: &[u8]) -> bool {
    let begins_one = |two: &[u8]| matches!(two, [0xe0, 0x80..0xa0] | [0xf0, 0x80..0x90]);
    bytes.iter().any(|byte| matches!(byte, 0xc0 | 0xc1)) || bytes.windows(2).any(begins_one)
}

/// Whether there is an escape such as `%u002e`, which some hosts take.
fn has_wide_escape(text: &str) -> bool {
    text.split('%').skip(1).any(|rest| {
        let digits = rest.strip_prefix(['u', 'U']).and_then(|rest| rest.get(..4));
        digits.is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
    })
}

/// What some hosts make of characters that look like the ones that matter in a path, when they bring text into one form.
fn plain_form(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{2024}' | '\u{fe52}' => '.',
        '\u{2044}' | '\u{2215}' => '/',
        '\u{2216}' | '\u{fe68}' => '\\',
        '\u{fe54}' => ';',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(base: &str) -> TokenScope {
        TokenScope::new([base]).unwrap()
    }

    #[test]
    fn scheme_host_and_port_have_to_be_the_same() {
        let scope = scope("https://Broker.Example");
        assert!(scope.contains("https", "broker.example", 443, "/"));
        assert!(scope.contains("HTTPS", "BROKER.example", 443, "/orders/../x"));
        assert!(scope.contains("wss", "broker.example", 443, "/live"));
        assert!(!scope.contains("http", "broker.example", 443, "/"));
        assert!(!scope.contains("ws", "broker.example", 443, "/"));
        assert!(!scope.contains("ftp", "broker.example", 443, "/"));
        assert!(!scope.contains("https", "broker.example", 8443, "/"));
        for host in [
            "api.broker.example",
            "broker.example.evil.example",
            "evilbroker.example",
            "broker.example.",
            "evil.example@broker.example",
            "broker.example/x",
            "broker.example?",
            "",
        ] {
            assert!(!scope.contains("https", host, 443, "/"), "{host}");
        }
    }

    #[test]
    fn the_path_has_to_begin_with_the_same_segments() {
        for base in ["https://h/tenant-a", "https://h:443/tenant-a/"] {
            let scope = scope(base);
            for path in [
                "/tenant-a",
                "/tenant-a/",
                "/tenant-a/x",
                "/tenant-a/x/..hidden/...",
                "/tenant-a/%20",
                "/tenant-a/caf%C3%A9/%E2%80%A6/100%25/%E9t%E9",
                "/tenant-a//x;v=1/%25u",
            ] {
                assert!(scope.contains("https", "h", 443, path), "{path}");
            }
            for path in ["", "/", "/tenant-ab", "/tenant-b", "/Tenant-a/x", "//tenant-a/x", "tenant-a"] {
                assert!(!scope.contains("https", "h", 443, path), "{path}");
            }
        }
    }

    #[test]
    fn no_way_leads_out_of_the_base_path() {
        let scope = scope("https://h/a");
        for way in [
            "/a/../b",
            "/a/x/../../b",
            "/a/..",
            "/a/.",
            "/a/%2e%2e/b",
            "/a/%2E./b",
            "/a/%252e%252e/b",
            "/a/..;x=1/b",
            "/a/..%3b/b",
            "/a/%2e%2e%2fb",
            "/a/..\\b",
            "/a\\..\\b",
            "/a/%5c..%5cb",
            "/a/.\t./b",
            "/a/ ../b",
            "/a/.\n./b",
            "/a/..%00/b",
            "/a/..%2509/b",
            "/a/..%20/b",
            "/a/%20../b",
            "/a/%c0%ae%c0%ae/b",
            "/a/%C0%2E./b",
            "/a/%25c0%25ae./b",
            "/a/%e0%80%ae./b",
            "/a/%f0%80%80%ae./b",
            "/a/..%c0%afb",
            "/a/..%c1%9cb",
            "/a/%u002e%u002e/b",
            "/a/..%u002fb",
            "/a/%25U002e./b",
            "/a/%ef%bc%8e%ef%bc%8e/b",
            "/a/%EF%BC%85%32%65./b",
            "/a/..%ef%bc%8fb",
            "/a/..%e2%88%95b",
            "/a/..%ef%bc%bcb",
            "/a/%e2%80%a4./b",
            "/a/%e2%80%a5/b",
            "/a/\u{ff0e}./b",
        ] {
            assert!(!scope.contains("https", "h", 443, way), "{way}");
        }
    }

    #[test]
    fn a_path_is_decoded_so_often_and_no_oftener() {
        let scope = scope("https://h/a");
        let path = |layers: usize| format!("/a/%{}41", "25".repeat(layers - 1));
        assert!(scope.contains("https", "h", 443, &path(MOST_ROUNDS)));
        assert!(!scope.contains("https", "h", 443, &path(MOST_ROUNDS + 1)));
        let (is_in, steps) = work::of(|| scope.contains("https", "h", 443, &path(MOST_BYTES / 4)));
        assert!(!is_in && steps <= (MOST_ROUNDS + 1) * MOST_BYTES, "{steps}");
        let long = |bytes: usize| format!("/a/{}", "x".repeat(bytes - 3));
        assert!(scope.contains("https", "h", 443, &long(MOST_BYTES)));
        assert!(!scope.contains("https", "h", 443, &long(MOST_BYTES + 1)));
    }

    #[test]
    fn an_address_has_many_forms() {
        let scope = scope("https://[2001:DB8::1]");
        for host in ["2001:db8::1", "[2001:db8::1]", "2001:db8:0:0:0:0:0:1"] {
            assert!(scope.contains("https", host, 443, "/"), "{host}");
        }
        assert!(!scope.contains("https", "2001:db8::2", 443, "/"));
    }

    #[test]
    fn one_of_the_base_urls_is_enough() {
        let scope = TokenScope::new(["https://one.example", "https://two.example/api"]).unwrap();
        assert!(scope.contains("https", "one.example", 443, "/x"));
        assert!(scope.contains("https", "two.example", 443, "/api/x"));
        assert!(
            !scope.contains("https", "two.example", 443, "/x"),
            "`/api` is no path of the API's own here"
        );
        assert!(!TokenScope::new([]).unwrap().contains("https", "one.example", 443, "/x"));
    }

    #[test]
    fn a_host_s_scope_is_what_is_below_it() {
        // Plain http to another machine is no base URL, but may be a host.
        let host = Host::parse_with_plain_http_for_development("http://dev.example:8080/tenant-a").unwrap();
        let scope = TokenScope::from(&host);
        assert!(scope.contains("http", "dev.example", 8080, "/tenant-a/x"));
        assert!(!scope.contains("http", "dev.example", 8080, "/tenant-b"));
    }

    #[test]
    fn what_is_no_host_is_no_base_url() {
        for url in ["", "http://10.0.0.1", "https://user@h", "https://h?x", "https://h/../b", "https://h/%61"]
        {
            assert!(TokenScope::new([url]).is_err(), "{url}");
        }
    }
}
