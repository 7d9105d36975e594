//! The cookies that a host sets: kept for one sign-in, and with the session that comes of it.
//!
//! A balancer pins a client to one machine by them, and some hosts keep the wizard in a session of their own: without them the
//! second step of a sign-in is over before it begins. They never decide about a session: what cannot be kept or read is left out.

use crate::{
    Header, HttpRequest, HttpResponse, Timestamp,
    date_text::timestamp,
    wire::{Object, Value},
    work,
};
use cookie::{Cookie, Expiration};
use std::{fmt, sync::Arc, time::Duration};
use zeroize::Zeroizing;

/// The most cookies that are kept. RFC 6265 lets a server count on 50, but B2Core's answers have a handful.
const MAX_COOKIES: usize = 24;
/// The most bytes of names and values that are kept: servers refuse headers that are longer.
const MAX_BYTES: usize = 8 * 1024;
/// A later end than this is not believed.
const MAX_AGE: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// The cookies of one host, for one sign-in or one session (RFC 6265). They go to that host alone: whoever sends a request puts on it
/// those that its URL asks for, and no redirect is followed.
///
/// They are as secret as a token. `Debug` shows how many there are.
#[derive(Clone, Default)]
pub struct Cookies(Arc<[Kept]>);

#[derive(Clone)]
struct Kept {
    name: String,
    value: Zeroizing<String>,
    path: String,
    secure: bool,
    /// By our clock. `None`: as long as the sign-in or the session.
    expires_at: Option<Timestamp>,
}

impl Cookies {
    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts those on a request that are for its URL: by path, by `Secure`, and not expired.
    pub fn put_on(&self, request: &mut HttpRequest, now: Timestamp) {
        let Some(target) = Target::of(&request.url) else { return };
        let mut sent: Vec<&Kept> = self.0.iter().filter(|cookie| cookie.is_for(&target, now)).collect();
        // The more specific path first; the sort keeps the order of those that are alike.
        sent.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let room = sent.iter().map(|cookie| cookie.len() + 3).sum();
        let mut text = Zeroizing::new(String::with_capacity(room));
        for cookie in sent {
            if !text.is_empty() {
                text.push_str("; ");
            }
            text.push_str(&cookie.name);
            text.push('=');
            text.push_str(&cookie.value);
        }
        if !text.is_empty() {
            request.headers.push(Header { name: "Cookie", value: text });
        }
    }

    /// The cookies after an answer of the host to a request for `url`: with those that it sets, without those that it takes back and
    /// those that have expired. A cookie for another host is left out.
    #[must_use]
    pub fn after(&self, url: &str, answer: &HttpResponse, now: Timestamp) -> Self {
        let headers = || answer.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("Set-Cookie"));
        let Some(target) = Target::of(url).filter(|_| headers().next().is_some()) else {
            return self.clone();
        };
        let mut kept: Vec<Kept> = self.0.iter().filter(|cookie| !cookie.is_over(now)).cloned().collect();
        for text in headers().flat_map(|(_, value)| separate(value)) {
            let Some(new) = Kept::read(text, &target, answer.date().unwrap_or(now), now) else { continue };
            work::count(kept.len());
            kept.retain(|old| old.name != new.name || old.path != new.path);
            if !new.is_over(now) {
                kept.push(new);
                fit(&mut kept);
            }
        }
        fit(&mut kept);
        Self(kept.into())
    }

    /// The cookies that were sealed into a checkpoint of a sign-in. None of them if they do not read.
    #[must_use]
    pub fn of_checkpoint(bytes: &[u8]) -> Self {
        crate::wire::Json::read(bytes).map_or_else(Self::default, |json| Self::from_record(json.value()))
    }

    /// The values that a host's text has to be freed of. Short ones, such as a language, are ordinary words.
    pub(crate) fn telling_values(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|cookie| cookie.value.as_str()).filter(|value| is_telling(value))
    }

    /// Writes them into a record, if there are any.
    pub(crate) fn put(&self, to: &mut Object<'_>) {
        if self.is_empty() {
            return;
        }
        to.list(FIELD, self.0.iter(), |to, cookie| {
            let Kept { name, value, path, secure, expires_at } = cookie;
            to.put("name", name.as_str());
            to.put("value", value.as_str());
            to.put("path", path.as_str());
            to.put("secure", *secure);
            to.put("expires_at", *expires_at);
        });
    }

    /// Those of a record. None if they do not read: a session is not lost for its cookies.
    pub(crate) fn from_record(record: &Value<'_>) -> Self {
        let one = |value: &Value<'_>| {
            let text = |name| value.get(name).and_then(Value::as_str);
            let (name, value_text, path) = (text("name")?, text("value")?, text("path")?);
            let kept = Kept {
                name: name.to_owned(),
                value: Zeroizing::new(value_text.to_owned()),
                path: path.to_owned(),
                secure: value.get("secure").and_then(Value::as_bool).unwrap_or(true),
                expires_at: text("expires_at").and_then(timestamp),
            };
            kept.can_be_sent().then_some(kept)
        };
        let all = record.get(FIELD).and_then(Value::as_array).unwrap_or_default();
        Self(all.iter().take(MAX_COOKIES).filter_map(one).collect())
    }
}

/// The shortest value that stands for a user, in bytes.
const LEAST_TELLING: usize = 8;

fn is_telling(value: &str) -> bool {
    value.len() >= LEAST_TELLING
}

/// Drops the oldest that are too many.
fn fit(kept: &mut Vec<Kept>) {
    let bytes = |kept: &[Kept]| kept.iter().map(Kept::len).sum::<usize>();
    while kept.len() > MAX_COOKIES || bytes(kept) > MAX_BYTES {
        kept.remove(0);
    }
}

/// The values that an answer sets, of cookies for whatever host: what its text has to be freed of. No more of them than are kept.
pub(crate) fn values_set_by(answer: &HttpResponse) -> Vec<Zeroizing<String>> {
    let headers = answer.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("Set-Cookie"));
    let mut room = MAX_BYTES;
    let values = headers.flat_map(|(_, header)| separate(header)).take(MAX_COOKIES).filter_map(|text| {
        let cookie = Cookie::parse(text).ok()?;
        let value = Some(cookie.value()).filter(|value| is_telling(value))?;
        room = room.checked_sub(value.len())?;
        Some(Zeroizing::new(value.to_owned()))
    });
    values.collect()
}

const FIELD: &str = "cookies";

impl fmt::Debug for Cookies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cookies({})", self.0.len())
    }
}

impl Kept {
    fn read(text: &str, target: &Target<'_>, host_now: Timestamp, now: Timestamp) -> Option<Self> {
        let cookie = Cookie::parse(text).ok()?;
        if cookie.domain().is_some_and(|domain| !target.is_in(domain)) {
            return None;
        }
        let path = cookie.path().filter(|path| path.starts_with('/')).unwrap_or_else(|| target.folder());
        let kept = Self {
            name: cookie.name().to_owned(),
            value: Zeroizing::new(cookie.value().to_owned()),
            path: path.to_owned(),
            secure: cookie.secure() == Some(true),
            expires_at: expiry(&cookie, host_now, now),
        };
        kept.can_be_sent().then_some(kept)
    }

    /// What would break the header is not sent.
    fn can_be_sent(&self) -> bool {
        let plain = |text: &str| text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b';');
        !self.name.is_empty() && plain(&self.name) && plain(&self.value) && self.len() <= MAX_BYTES
    }

    fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }

    fn is_for(&self, target: &Target<'_>, now: Timestamp) -> bool {
        let below = || {
            let rest = target.path.strip_prefix(self.path.as_str());
            rest.is_some_and(|rest| self.path.ends_with('/') || rest.is_empty() || rest.starts_with('/'))
        };
        !self.is_over(now) && (target.is_https || !self.secure) && below()
    }

    fn len(&self) -> usize {
        self.name.len() + self.value.len()
    }
}

/// When a cookie ends by our clock: as much later than now as the host says it lives on. `Max-Age` comes before `Expires`.
fn expiry(cookie: &Cookie<'_>, host_now: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let seconds = match (cookie.max_age(), cookie.expires()) {
        (Some(age), _) => age.whole_seconds(),
        (None, Some(Expiration::DateTime(at))) => at.unix_timestamp().saturating_sub(host_now.as_second()),
        (None, Some(Expiration::Session) | None) => return None,
    };
    match u64::try_from(seconds) {
        Ok(seconds) => now.checked_add(Duration::from_secs(seconds).min(MAX_AGE)).ok(),
        Err(_) => Some(now),
    }
}

/// Where a request goes, as far as cookies ask.
struct Target<'a> {
    is_https: bool,
    name: &'a str,
    path: &'a str,
}

impl<'a> Target<'a> {
    fn of(url: &'a str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let at = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at(at);
        let without_port = match authority.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
            _ => authority,
        };
        let path = if path.is_empty() { "/" } else { path };
        Some(Self { is_https: scheme.eq_ignore_ascii_case("https"), name: without_port, path })
    }

    /// True if a cookie of this domain is for this host: the same name, or the name of a part of which it is.
    fn is_in(&self, domain: &str) -> bool {
        let domain = domain.trim_start_matches('.');
        let is_address = self.name.starts_with('[') || self.name.parse::<std::net::Ipv4Addr>().is_ok();
        let head = self.name.len().checked_sub(domain.len()).and_then(|at| self.name.split_at_checked(at));
        head.is_some_and(|(head, tail)| {
            tail.eq_ignore_ascii_case(domain) && (head.is_empty() || (head.ends_with('.') && !is_address))
        })
    }

    /// The path of a cookie that names none.
    fn folder(&self) -> &'a str {
        match self.path.rfind('/') {
            Some(at) if at > 0 => &self.path[..at],
            _ => "/",
        }
    }
}

/// The cookies of a header. Some HTTP clients, such as `URLSession`, join several headers with `, `: a comma and a space in front of
/// what reads as `name=`, which no value and no date has.
fn separate(header: &str) -> Vec<&str> {
    let mut cookies = Vec::new();
    let mut begin = 0;
    for (at, _) in header.match_indices(", ") {
        let next = &header[at + 2..];
        let name = next.split(['=', ';', ',']).next().unwrap_or_default();
        let begins = next[name.len()..].starts_with('=');
        if begins && !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic()) {
            cookies.push(&header[begin..at]);
            begin = at + 2;
        }
    }
    cookies.push(&header[begin..]);
    cookies
}

#[cfg(test)]
mod tests;
