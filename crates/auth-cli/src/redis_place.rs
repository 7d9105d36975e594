//! A store in Redis, as `--store` names it: a URL, whose password may be in a file of its own.

use crate::{environment::STORE_CA_FILE, failure::Failure, secret_file};
use auth_client::{
    ports::reason,
    store::{KeyringKey, RedisKey, RedisOptions, RedisStore, RedisUrl, RedisUrlError, StorePassphrase},
};
use auth_messages::Message;
use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

/// As an option of the URL.
const PASSWORD_FILE: &str = "password-file";
/// The same, in seconds.
const LEASE: &str = "lease";
/// Where the key is that seals the store.
const KEY: &str = "key";
const KEYRING: &str = "keyring";
/// What that key's entries are called.
const IN_KEYRING: &str = "b2auth-redis-key";
/// No command waits longer for the server, whatever `--timeout` says of the host.
const MOST_PATIENT: Duration = Duration::from_secs(5);

/// The URL, and where its password is.
#[derive(Clone)]
pub(crate) struct RedisPlace {
    url: RedisUrl,
    user: Option<String>,
    password_file: Option<PathBuf>,
    /// How long a lock outlives a process that was killed.
    lease: Option<Duration>,
    /// The key that seals it is in the user's keyring.
    has_key_in_keyring: bool,
}

impl fmt::Debug for RedisPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.url.fmt(f)
    }
}

/// Without any login.
impl fmt::Display for RedisPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.url.fmt(f)
    }
}

impl PartialEq for RedisPlace {
    fn eq(&self, other: &Self) -> bool {
        self.is_same_place(other)
    }
}

impl Eq for RedisPlace {}

impl FromStr for RedisPlace {
    type Err = RedisUrlError;

    fn from_str(text: &str) -> Result<Self, RedisUrlError> {
        let (rest, query) = text.split_once('?').unwrap_or((text, ""));
        let (mut user, mut password_file, mut lease, mut others) = (None, None, None, Vec::new());
        let mut has_key_in_keyring = false;
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("user", name)) if !name.is_empty() => user = Some(name.to_owned()),
                Some((PASSWORD_FILE, path)) if !path.is_empty() => password_file = Some(PathBuf::from(path)),
                Some((LEASE, seconds)) if seconds.parse().is_ok_and(|seconds: u16| seconds > 0) => {
                    lease = seconds.parse().ok().map(Duration::from_secs);
                }
                Some((KEY, KEYRING)) => has_key_in_keyring = true,
                _ => others.push(pair),
            }
        }
        let url =
            if others.is_empty() { rest.parse()? } else { format!("{rest}?{}", others.join("&")).parse()? };
        Ok(Self { url, user, password_file, lease, has_key_in_keyring })
    }
}

impl RedisPlace {
    /// The text for a program that is started, from every folder; nothing if a password is in it.
    pub(crate) fn as_variable(&self) -> Option<String> {
        if self.has_secret() {
            return None;
        }
        let mut text = self.url.to_string();
        let mut add = |name: &str, value: &str| {
            text.push(if text.contains('?') { '&' } else { '?' });
            text.push_str(&format!("{name}={value}"));
        };
        if let Some(user) = &self.user {
            add("user", user);
        }
        if let Some(file) = &self.password_file {
            let file = std::path::absolute(file).unwrap_or_else(|_| file.clone());
            add(PASSWORD_FILE, &file.to_string_lossy());
        }
        if let Some(lease) = self.lease {
            add(LEASE, &lease.as_secs().to_string());
        }
        if self.has_key_in_keyring {
            add(KEY, KEYRING);
        }
        Some(text)
    }

    /// True if the password is in the text itself.
    pub(crate) fn has_secret(&self) -> bool {
        self.url.has_login()
    }

    pub(crate) fn is_same_place(&self, other: &Self) -> bool {
        self.url.is_same_place(&other.url)
    }

    /// What seals it, as a status says it.
    pub(crate) fn sealed_by(&self) -> &'static str {
        if self.has_key_in_keyring { KEYRING } else { "passphrase" }
    }

    /// The store, sealed with this passphrase, or with the key in the keyring whose marker lies in `folder`. Nothing is connected yet.
    pub(crate) fn open(
        &self,
        passphrase: Option<StorePassphrase>,
        folder: &Path,
        timeout: Duration,
    ) -> Result<RedisStore, Failure> {
        let key = match (passphrase, self.has_key_in_keyring) {
            (Some(passphrase), false) => RedisKey::from(passphrase),
            (None, true) => RedisKey::from(KeyringKey::new(IN_KEYRING, folder.join("redis-key"))),
            (Some(_), true) => return Err(Failure::wrong_call("redis_two_keys")),
            (None, false) => return Err(Failure::wrong_call("redis_key")),
        };
        let mut options = RedisOptions::default().command_timeout(timeout.min(MOST_PATIENT));
        if let Some(lease) = self.lease {
            options = options.lease(lease);
        }
        if let Some(file) = std::env::var_os(STORE_CA_FILE) {
            let file = Path::new(&file);
            let pem = std::fs::read(file).map_err(|error| {
                let message = Message::new("usage").about("store_ca_file").with("file", file.display());
                Failure::call_of(message.with("problem", reason(&error)))
            })?;
            options = options.tls_roots(pem);
        }
        let url = match (&self.password_file, &self.user) {
            (Some(file), user) => {
                let password = secret_file::read(PASSWORD_FILE, file, timeout)?;
                self.url.clone().with_login(user.clone(), password.to_string())
            }
            (None, Some(_)) => return Err(Failure::wrong_call("redis_user")),
            (None, None) => self.url.clone(),
        };
        Ok(RedisStore::with_options(url, key, options))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_handed_on_by_its_file_only() {
        let place: RedisPlace =
            "rediss://h:1/2?prefix=x&user=auth&password-file=/run/pw&lease=3".parse().unwrap();
        assert_eq!(
            place.as_variable().as_deref(),
            Some("rediss://h:1/2?prefix=x&user=auth&password-file=/run/pw&lease=3")
        );
        let place: RedisPlace = "redis://:marker@h".parse().unwrap();
        assert!(place.has_secret() && place.as_variable().is_none());
        assert!(!format!("{place:?}").contains("marker"));
        assert!(
            "redis://h?marker=1".parse::<RedisPlace>().is_err()
                && "redis://h?lease=0".parse::<RedisPlace>().is_err()
        );
    }
}
