//! Where a store is: a URL, read without anything of it ever being shown that could be a secret.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use secrecy::SecretString;
use std::{fmt, path::PathBuf, str::FromStr};

/// The port of a server.
const PORT: u16 = 6379;
/// The port of a Sentinel.
const SENTINEL_PORT: u16 = 26379;
/// In front of every key.
const PREFIX: &str = "b2auth";
const MAX_PREFIX: usize = 64;

/// Where a `RedisStore` is. One of:
///
/// | form | for |
/// | --- | --- |
/// | `redis://[user:password@]host[:6379][/db]` | one server |
/// | `redis+unix://[user:password@]/path/of/the/socket` | one server, by its socket |
/// | `redis+sentinel://[user:password@]host1[:26379],host2/name-of-the-master[/db]` | the master that the Sentinels name |
/// | `redis+cluster://[user:password@]host1[:6379],host2` | a cluster, of which at least one of the hosts is a member |
///
/// With `rediss` for `redis` all connections are over TLS. The user is one of Redis's ACL, `default` where only `:password@` is given. Special
/// characters of user and password are written as `%` and two hexadecimal digits. `?prefix=name` keeps the records of several programs in one
/// database apart (default: `b2auth`), `?db=n` is the database behind a socket. Hosts of IPv6 are in brackets.
///
/// Neither `Debug` nor `Display` shows user or password, and no error repeats any part of a text that did not parse.
///
/// ```
/// use auth_store::RedisUrl;
///
/// let url: RedisUrl = "rediss://auth:s3cret@redis.example:6380/2".parse()?;
/// assert_eq!(url.to_string(), "rediss://redis.example:6380/2");
/// # Ok::<(), auth_store::RedisUrlError>(())
/// ```
#[derive(Clone)]
pub struct RedisUrl {
    pub(super) servers: Servers,
    pub(super) tls: bool,
    pub(super) login: Option<Credentials>,
    pub(super) db: i64,
    pub(super) prefix: String,
}

/// Which servers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Servers {
    One(Address),
    Socket(PathBuf),
    Sentinel { sentinels: Vec<Address>, master: String },
    Cluster(Vec<Address>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) host: String,
    pub(super) port: u16,
}

#[derive(Clone)]
pub(super) struct Credentials {
    pub(super) user: Option<SecretString>,
    pub(super) password: SecretString,
}

/// A text is no [`RedisUrl`]. What is wrong with it is said in English, without a part of the text: it may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RedisUrlError(&'static str);

impl fmt::Display for RedisUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a URL of a Redis store: {}", self.0)
    }
}

impl std::error::Error for RedisUrlError {}

impl RedisUrl {
    /// In front of every key of the store.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// With another prefix: letters, digits and `-_.`, up to 64 of them.
    ///
    /// # Errors
    /// [`RedisUrlError`] if it has other characters.
    pub fn with_prefix(mut self, prefix: &str) -> Result<Self, RedisUrlError> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if prefix.is_empty() || prefix.len() > MAX_PREFIX || !prefix.bytes().all(is_plain) {
            return Err(RedisUrlError("a prefix has up to 64 letters, digits, and -_."));
        }
        prefix.clone_into(&mut self.prefix);
        Ok(self)
    }

    /// With this login, in the place of one that was in the URL.
    #[must_use]
    pub fn with_login(mut self, user: Option<String>, password: String) -> Self {
        let user = user.map(SecretString::from);
        self.login = Some(Credentials { user, password: SecretString::from(password) });
        self
    }

    /// True if the URL had a login, which is a secret in its text.
    pub fn has_login(&self) -> bool {
        self.login.is_some()
    }

    /// True if both lead to the same records, as far as their texts can tell: the same servers (of Sentinels and of a cluster, one in
    /// common), the same master, database and prefix. Logins and TLS make no difference.
    pub fn is_same_place(&self, other: &Self) -> bool {
        let common = |a: &[Address], b: &[Address]| a.iter().any(|address| b.contains(address));
        let servers = match (&self.servers, &other.servers) {
            (
                Servers::Sentinel { sentinels: a, master: of_a },
                Servers::Sentinel { sentinels: b, master: of_b },
            ) => of_a == of_b && common(a, b),
            (Servers::Cluster(a), Servers::Cluster(b)) => common(a, b),
            (a, b) => a == b,
        };
        servers && self.db == other.db && self.prefix == other.prefix
    }
}

impl FromStr for RedisUrl {
    type Err = RedisUrlError;

    fn from_str(text: &str) -> Result<Self, RedisUrlError> {
        let (scheme, rest) = text.split_once("://").ok_or(RedisUrlError("it begins with redis://"))?;
        let (tls, kind) = match scheme.split_once('+').unwrap_or((scheme, "")) {
            ("redis", kind) => (false, kind),
            ("rediss", kind) => (true, kind),
            _ => {
                return Err(RedisUrlError(
                    "it begins with redis:// or rediss://, with +unix, +sentinel or +cluster",
                ));
            }
        };
        if rest.contains('#') {
            return Err(RedisUrlError("# is written as %23"));
        }
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        // A password may have any character but these two; the last @ ends it.
        let (login, rest) = match rest.rsplit_once('@') {
            Some((login, rest)) => (Some(Credentials::read(login)?), rest),
            None => (None, rest),
        };
        let (hosts, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (servers, db) = match kind {
            "" => match addresses(hosts, PORT)?.as_slice() {
                [one] => (Servers::One(one.clone()), database(path)?),
                _ => return Err(RedisUrlError("several servers are redis+sentinel:// or redis+cluster://")),
            },
            "unix" if tls => return Err(RedisUrlError("a socket has no TLS")),
            "unix" if !hosts.is_empty() || path.is_empty() => {
                return Err(RedisUrlError("a socket is redis+unix:///path"));
            }
            "unix" => (Servers::Socket(PathBuf::from(format!("/{}", decoded(path)?))), 0),
            "sentinel" => {
                let (master, db) = path.split_once('/').unwrap_or((path, ""));
                if master.is_empty() {
                    return Err(RedisUrlError("the name of the master follows the Sentinels"));
                }
                let sentinels = addresses(hosts, SENTINEL_PORT)?;
                (Servers::Sentinel { sentinels, master: decoded(master)? }, database(db)?)
            }
            "cluster" if !path.is_empty() => return Err(RedisUrlError("a cluster has one database only")),
            "cluster" => (Servers::Cluster(addresses(hosts, PORT)?), 0),
            _ => return Err(RedisUrlError("what follows redis is +unix, +sentinel or +cluster")),
        };
        let mut url = Self { servers, tls, login, db, prefix: PREFIX.to_owned() };
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("prefix", prefix)) => url = url.with_prefix(prefix)?,
                Some(("db", db)) if matches!(url.servers, Servers::Socket(_)) => url.db = database(db)?,
                _ => {
                    return Err(RedisUrlError(
                        "after the question mark stands prefix=, and for a socket db=",
                    ));
                }
            }
        }
        Ok(url)
    }
}

impl Credentials {
    fn read(text: &str) -> Result<Self, RedisUrlError> {
        let (user, password) =
            text.split_once(':').ok_or(RedisUrlError("before the @ stands user:password or :password"))?;
        let user = match user {
            "" => None,
            user => Some(SecretString::from(decoded(user)?)),
        };
        Ok(Self { user, password: SecretString::from(decoded(password)?) })
    }
}

fn decoded(text: &str) -> Result<String, RedisUrlError> {
    let decoded = percent_decode_str(text).decode_utf8().map_err(|_| RedisUrlError("it is not UTF-8"))?;
    if decoded.contains('\0') { Err(RedisUrlError("it has a zero byte")) } else { Ok(decoded.into_owned()) }
}

/// The way back from [`decoded`].
fn encoded(text: &str) -> impl fmt::Display + '_ {
    const SPECIAL: &AsciiSet = &CONTROLS.add(b'%').add(b'?').add(b'#').add(b'@').add(b'&').add(b' ');
    utf8_percent_encode(text, SPECIAL)
}

fn database(text: &str) -> Result<i64, RedisUrlError> {
    if text.is_empty() {
        return Ok(0);
    }
    text.parse::<u16>().map(i64::from).map_err(|_| RedisUrlError("a database is a number"))
}

fn addresses(text: &str, port: u16) -> Result<Vec<Address>, RedisUrlError> {
    text.split(',').map(|address| Address::read(address, port)).collect()
}

impl Address {
    fn read(text: &str, default: u16) -> Result<Self, RedisUrlError> {
        let (host, port) = match text.strip_prefix('[') {
            Some(rest) => {
                let (host, port) = rest.split_once(']').ok_or(RedisUrlError("a bracket is not closed"))?;
                let is_ip = host.parse::<std::net::Ipv6Addr>().is_ok();
                (host, if is_ip { port } else { return Err(RedisUrlError("only IPv6 is in brackets")) })
            }
            None => text.find(':').map_or((text, ""), |at| text.split_at(at)),
        };
        let port = match port.strip_prefix(':') {
            Some(port) => port.parse().map_err(|_| RedisUrlError("a port is a number up to 65535"))?,
            None if port.is_empty() => default,
            None => return Err(RedisUrlError("a port stands after a colon")),
        };
        let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
        if host.is_empty() || !host.bytes().all(is_host) {
            return Err(RedisUrlError("a host is a name or an address"));
        }
        Ok(Self { host: host.to_ascii_lowercase(), port })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port } = self;
        if host.contains(':') { write!(f, "[{host}]:{port}") } else { write!(f, "{host}:{port}") }
    }
}

impl fmt::Display for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { servers, tls, login: _, db, prefix } = self;
        let list = |addresses: &[Address]| {
            let texts: Vec<_> = addresses.iter().map(Address::to_string).collect();
            texts.join(",")
        };
        f.write_str(if *tls { "rediss" } else { "redis" })?;
        match servers {
            Servers::One(address) => write!(f, "://{address}")?,
            Servers::Socket(path) => write!(f, "+unix://{}", encoded(&path.to_string_lossy()))?,
            Servers::Sentinel { sentinels, master } => {
                write!(f, "+sentinel://{}/{}", list(sentinels), encoded(master))?
            }
            Servers::Cluster(nodes) => write!(f, "+cluster://{}", list(nodes))?,
        }
        let mut mark = '?';
        match servers {
            Servers::Socket(_) if *db != 0 => {
                write!(f, "?db={db}")?;
                mark = '&';
            }
            _ if *db != 0 => write!(f, "/{db}")?,
            _ => {}
        }
        if prefix == PREFIX { Ok(()) } else { write!(f, "{mark}prefix={prefix}") }
    }
}

impl fmt::Debug for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RedisUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> RedisUrl {
        text.parse().unwrap()
    }

    #[test]
    fn every_form_is_read_and_shown_without_its_login() {
        for (text, shown) in [
            ("redis://h", "redis://h:6379"),
            ("redis://u:p@H:1/3?prefix=app", "redis://h:1/3?prefix=app"),
            ("rediss://:p%40%2f:x@[::1]:7", "rediss://[::1]:7"),
            ("redis+unix://u:p@/run/redis.sock?db=2", "redis+unix:///run/redis.sock?db=2"),
            ("redis+sentinel://u:p@a,b:1/mymaster/4", "redis+sentinel://a:26379,b:1/mymaster/4"),
            ("rediss+cluster://a:1,b", "rediss+cluster://a:1,b:6379"),
            ("redis+unix:///run/a%3Fb%2525", "redis+unix:///run/a%3Fb%2525"),
            ("redis+sentinel://a/my%20m%40", "redis+sentinel://a:26379/my%20m%40"),
        ] {
            assert_eq!(read(text).to_string(), shown);
            assert_eq!(format!("{:?}", read(text)), format!("RedisUrl({shown})"));
            assert!(read(text).is_same_place(&read(shown)), "{shown}");
        }
    }

    #[test]
    fn a_login_is_decoded() {
        use secrecy::ExposeSecret;
        let login = read("redis://a%3Ab:p%40%2f:x@h").login.unwrap();
        assert_eq!(login.user.unwrap().expose_secret(), "a:b");
        assert_eq!(login.password.expose_secret(), "p@/:x");
        assert!(read("redis://:x@h").login.unwrap().user.is_none());
    }

    #[test]
    fn no_part_of_a_text_that_does_not_parse_is_repeated() {
        for text in [
            "marker",
            "http://marker:marker@h",
            "redis://marker@h",
            "redis://u:marker@h:marker",
            "redis://u:marker@",
            "redis://u:marker@h/marker",
            "redis://u:marker@h,i",
            "redis://u:mar#marker@h",
            "redis://u:mar?marker@h",
            "redis://u:mar/marker",
            "redis+unix://u:marker@h/x",
            "rediss+unix://u:marker@/x",
            "redis+sentinel://u:marker@h",
            "redis+cluster://u:marker@h/1",
            "redis+marker://u:marker@h",
            "redis://u:%ffmarker@h",
            "redis://h?marker=1",
            "redis://h?prefix=marker*",
            "redis://[marker]:1",
        ] {
            let error = text.parse::<RedisUrl>().unwrap_err();
            assert!(!format!("{error} {error:?}").contains("marker"), "{text}: {error}");
        }
    }

    #[test]
    fn places_are_compared_by_servers_database_and_prefix() {
        assert!(read("redis://u:p@h").is_same_place(&read("rediss://h:6379/0")));
        assert!(read("redis+cluster://a,b").is_same_place(&read("redis+cluster://b,c")));
        for (one, other) in [
            ("redis://h", "redis://h/1"),
            ("redis://h", "redis://h?prefix=x"),
            ("redis://h", "redis://h:1"),
            ("redis+sentinel://a/m", "redis+sentinel://a/n"),
            ("redis+cluster://a", "redis+cluster://b"),
        ] {
            assert!(!read(one).is_same_place(&read(other)), "{one} {other}");
        }
    }
}
