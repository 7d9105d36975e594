//! The store that `--store` names.

use crate::{
    environment::{self, STORE_KEY, STORE_KEY_FILE},
    failure::Failure,
    messages, output,
    redis_place::RedisPlace,
    secret_file,
};
use auth_client::{
    ports::SessionStore,
    store::{FileStore, MemoryStore, NewKey, RedisUrlError, SqliteStore, StorePassphrase},
};
use auth_core::visible;
use auth_messages::Message;
use etcetera::BaseStrategy;
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

/// Where sessions are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StoreSpec {
    /// A file in the user's data folder.
    Usual,
    /// An empty text. It is refused when it is opened: an option may stand in the place of the variable that is empty.
    Unnamed,
    Memory,
    File(PathBuf),
    Sqlite(PathBuf),
    Redis(Box<RedisPlace>),
    /// A Redis URL that does not read. It is refused when it is opened: where an option is refused its text is shown, and a password
    /// may be in it.
    BadRedis(RedisUrlError),
}

impl FromStr for StoreSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some((scheme, _)) if scheme.starts_with("redis") => {
                Ok(text.parse().map_or_else(Self::BadRedis, |place| Self::Redis(Box::new(place))))
            }
            None if text.is_empty() => Ok(Self::Unnamed),
            None if text == "memory" => Ok(Self::Memory),
            Some(("file", path)) if !path.is_empty() => Ok(Self::File(at_home(path)?)),
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(at_home(path)?)),
            None if text.starts_with(['/', '.', '~']) => Err(format!(
                "a store is memory, file:PATH, sqlite:PATH or redis://HOST: write file:{}",
                visible(text)
            )),
            _ => Err("a store is memory, file:PATH, sqlite:PATH or redis://HOST".to_owned()),
        }
    }
}

/// What a shell leaves as it is behind a colon: `~` is the home folder, and never the name of a new one.
fn at_home(path: &str) -> Result<PathBuf, String> {
    let below = match path.split_once('/').unwrap_or((path, "")) {
        ("~", below) => below,
        (user, _) if user.starts_with('~') => {
            return Err(format!("the folder {} has to be written in full", visible(user)));
        }
        _ => return Ok(path.into()),
    };
    let home = etcetera::home_dir().map_err(|_| "there is no home folder for ~".to_owned())?;
    Ok(home.join(below))
}

impl StoreSpec {
    /// As the variable has it, wherever that is read.
    pub(crate) fn as_variable(&self) -> OsString {
        match self {
            Self::Usual | Self::Unnamed => OsString::new(),
            Self::Memory => "memory".into(),
            Self::File(path) => named("file:", path),
            Self::Sqlite(path) => named("sqlite:", path),
            Self::Redis(place) => place.as_variable().unwrap_or_default().into(),
            Self::BadRedis(_) => OsString::new(),
        }
    }

    /// Makes way for a new store where the key of the one that is there is lost.
    pub(crate) async fn make_way(&self, timeout: Duration) -> Result<(), Failure> {
        let kept = match self {
            Self::Unnamed => return Err(environment::empty("B2AUTH_STORE")),
            Self::Memory => return Ok(()),
            Self::Redis(_) => return Err(Failure::wrong_call("redis_aside")),
            Self::BadRedis(error) => return Err(bad_redis(*error)),
            Self::Usual => file_store(usual_path()?, timeout)?.make_way().await?,
            Self::File(path) => file_store(path.clone(), timeout)?.make_way().await?,
            Self::Sqlite(path) => sqlite_store(path.clone(), timeout)?.make_way().await?,
        };
        let note = match kept {
            Some(kept) => Message::new("store-set-aside").with("file", kept.display()),
            None => Message::new("store-not-set-aside"),
        };
        output::note(format!("b2auth: {}", messages::say(&note)));
        Ok(())
    }

    /// Seals all of it anew with another key. Gives how many records there are.
    pub(crate) async fn rekey(&self, key: NewKey, timeout: Duration) -> Result<usize, Failure> {
        Ok(match self {
            Self::Unnamed => return Err(environment::empty("B2AUTH_STORE")),
            Self::Memory => return Err(Failure::wrong_call("rekey_memory")),
            Self::BadRedis(error) => return Err(bad_redis(*error)),
            Self::Redis(place) => match key {
                NewKey::Passphrase(passphrase) => {
                    let store = place.open(self::passphrase(timeout)?, timeout)?;
                    store.rekey(passphrase).await?;
                    store.keys().await?.len()
                }
                _ => return Err(Failure::wrong_call("redis_rekey")),
            },
            Self::Usual => file_store(usual_path()?, timeout)?.rekey(key).await?,
            Self::File(path) => file_store(path.clone(), timeout)?.rekey(key).await?,
            Self::Sqlite(path) => sqlite_store(path.clone(), timeout)?.rekey(key).await?,
        })
    }

    /// True if both name one place on the disk.
    pub(crate) fn is_same_place(&self, other: &Self) -> bool {
        let place = |spec: &Self| match spec {
            Self::File(path) | Self::Sqlite(path) => Some(
                path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.clone()),
            ),
            _ => None,
        };
        match (self, other) {
            (Self::Redis(here), Self::Redis(there)) => here.is_same_place(there),
            _ => place(self).is_some_and(|here| place(other) == Some(here)),
        }
    }

    /// The store. Nothing of it is read yet; its passphrase is waited for this long at most, where that comes through a pipe.
    pub(crate) fn open(&self, timeout: Duration) -> Result<Arc<dyn SessionStore>, Failure> {
        Ok(match self {
            Self::Memory => Arc::new(MemoryStore::new()),
            Self::Unnamed => return Err(environment::empty("B2AUTH_STORE")),
            Self::BadRedis(error) => return Err(bad_redis(*error)),
            Self::Redis(place) => Arc::new(place.open(passphrase(timeout)?, timeout)?),
            Self::Usual => Arc::new(file_store(usual_path()?, timeout)?),
            Self::File(path) => Arc::new(file_store(path.clone(), timeout)?),
            Self::Sqlite(path) => Arc::new(sqlite_store(path.clone(), timeout)?),
        })
    }
}

fn bad_redis(error: RedisUrlError) -> Failure {
    Failure::usage(error.to_string())
}

fn usual_path() -> Result<PathBuf, Failure> {
    let data = etcetera::choose_base_strategy().map(|user| user.data_dir());
    let data = data.map_err(|_| Failure::wrong_call("no_home"))?;
    Ok(data.join("b2auth").join("store"))
}

fn file_store(path: PathBuf, timeout: Duration) -> Result<FileStore, Failure> {
    let store = match passphrase(timeout)? {
        Some(passphrase) => FileStore::with_passphrase(path, passphrase),
        None => FileStore::with_key_file(path),
    };
    Ok(store.run_inline())
}

fn sqlite_store(path: PathBuf, timeout: Duration) -> Result<SqliteStore, Failure> {
    let store = match passphrase(timeout)? {
        Some(passphrase) => SqliteStore::with_passphrase(path, passphrase),
        None => SqliteStore::with_key_file(path),
    };
    Ok(store.run_inline())
}

/// A store as an option names it, from every folder.
fn named(kind: &str, path: &Path) -> OsString {
    let mut spec = OsString::from(kind);
    spec.push(std::path::absolute(path).unwrap_or_else(|_| path.to_owned()));
    spec
}

impl StoreSpec {
    /// True if it is at a server.
    pub(crate) fn has_server(&self) -> bool {
        matches!(self, Self::Redis(_))
    }

    /// True if a password is in the text itself.
    pub(crate) fn has_secret(&self) -> bool {
        matches!(self, Self::Redis(place) if place.has_secret())
    }
}

/// True if stores are sealed with a passphrase that is in the environment itself.
pub(crate) fn has_passphrase() -> bool {
    std::env::var_os(STORE_KEY).is_some()
}

/// True if they are sealed with a passphrase, wherever that is.
pub(crate) fn is_by_passphrase() -> bool {
    has_passphrase() || std::env::var_os(STORE_KEY_FILE).is_some()
}

fn passphrase(timeout: Duration) -> Result<Option<StorePassphrase>, Failure> {
    let file = std::env::var_os(STORE_KEY_FILE);
    if let Some(file) = &file {
        if has_passphrase() {
            return Err(Failure::wrong_call("two_store_keys"));
        }
        let text = secret_file::read(STORE_KEY_FILE, Path::new(file), timeout)?;
        return Ok(Some(StorePassphrase::new(text.as_str())));
    }
    match std::env::var(STORE_KEY) {
        Ok(text) if text.is_empty() => Err(environment::empty(STORE_KEY)),
        Ok(text) => Ok(Some(StorePassphrase::new(text))),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(Failure::wrong_call("store_key")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stores_are_named_by_kind() {
        assert_eq!("memory".parse(), Ok(StoreSpec::Memory));
        assert_eq!("file:/tmp/a:b".parse(), Ok(StoreSpec::File("/tmp/a:b".into())));
        assert_eq!("sqlite:/tmp/a:b".parse(), Ok(StoreSpec::Sqlite("/tmp/a:b".into())));
        assert_eq!("".parse(), Ok(StoreSpec::Unnamed));
        let home = etcetera::home_dir().unwrap();
        assert_eq!("file:~/a/b".parse(), Ok(StoreSpec::File(home.join("a/b"))));
        assert_eq!("file:./~/a".parse(), Ok(StoreSpec::File("./~/a".into())));
        assert!(matches!("rediss://h:1/2".parse(), Ok(StoreSpec::Redis(_))));
        for secret in ["redis://:marker@h/marker", "redis:marker", "redis+marker://x"] {
            let refused = secret.parse::<StoreSpec>();
            assert!(
                matches!(refused, Ok(StoreSpec::BadRedis(_))) && !format!("{refused:?}").contains("marker")
            );
        }
        for bad in [
            "file:~ann/x",
            "file:~ann",
            "file",
            "file:",
            "sqlite",
            "sqlite:",
            "sqlite:~ann/x",
            "/tmp/x",
            "memory:x",
        ] {
            assert!(bad.parse::<StoreSpec>().is_err(), "{bad}");
        }
    }
}
