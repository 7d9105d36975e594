//! The store that `--store` names.

use crate::redis_place::RedisPlace;
use auth_client::store::RedisUrlError;
use auth_core::visible;
use std::{
    ffi::OsString,
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

/// Where sessions are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StoreSpec {
    /// The keyring where it works, else a file in the user's data folder: `store_choice` finds out.
    Auto,
    /// An empty text. It is refused when it is opened: an option may stand in the place of the variable that is empty.
    Unnamed,
    Memory,
    File(PathBuf),
    Sqlite(PathBuf),
    Redis(Box<RedisPlace>),
    /// A Redis URL that does not read. It is refused when it is opened: where an option is refused its text is shown, and a password
    /// may be in it.
    BadRedis(RedisUrlError),
    Keyring(KeyringName),
}

/// Which of the user's stores in the keyring. The usual one has no name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct KeyringName(Option<String>);

impl KeyringName {
    /// A name that can be one of a file, too.
    fn named(name: &str) -> Result<Self, String> {
        let is_fit = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if !name.is_empty() && name.len() <= MAX_NAME && name.chars().all(is_fit) {
            return Ok(Self(Some(name.to_owned())));
        }
        Err("the name of a keyring's store has up to 64 letters, digits, - and _".to_owned())
    }

    /// What its entries and its marker are called, after what comes first in both.
    pub(crate) fn after(&self, first: &str) -> String {
        self.0.as_ref().map_or_else(|| first.to_owned(), |name| format!("{first}-{name}"))
    }
}

impl fmt::Display for KeyringName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.after("b2auth"))
    }
}

const MAX_NAME: usize = 64;

impl FromStr for StoreSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some((scheme, _)) if scheme.starts_with("redis") => {
                Ok(text.parse().map_or_else(Self::BadRedis, |place| Self::Redis(Box::new(place))))
            }
            None if text.is_empty() => Ok(Self::Unnamed),
            None if text == "memory" => Ok(Self::Memory),
            None if text == "auto" => Ok(Self::Auto),
            None if text == "keyring" => Ok(Self::Keyring(KeyringName::default())),
            Some(("keyring", name)) => Ok(Self::Keyring(KeyringName::named(name)?)),
            Some(("file", path)) if !path.is_empty() => Ok(Self::File(at_home(path)?)),
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(at_home(path)?)),
            None if text.starts_with(['/', '.', '~']) => {
                Err(format!("{KINDS}: write file:{}", visible(text)))
            }
            _ => Err(KINDS.to_owned()),
        }
    }
}

const KINDS: &str = "a store is auto, memory, file:PATH, keyring, sqlite:PATH or redis://HOST";

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
            Self::Unnamed => OsString::new(),
            Self::Auto => "auto".into(),
            Self::Memory => "memory".into(),
            Self::Keyring(KeyringName(None)) => "keyring".into(),
            Self::Keyring(KeyringName(Some(name))) => format!("keyring:{name}").into(),
            Self::File(path) => named("file:", path),
            Self::Sqlite(path) => named("sqlite:", path),
            Self::Redis(place) => place.as_variable().unwrap_or_default().into(),
            Self::BadRedis(_) => OsString::new(),
        }
    }

    /// True if both, resolved, are one place.
    pub(crate) fn is_same_place(&self, other: &Self) -> bool {
        let place = |spec: &Self| match spec {
            Self::File(path) | Self::Sqlite(path) => Some(
                path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.clone()),
            ),
            _ => None,
        };
        match (self, other) {
            (Self::Keyring(here), Self::Keyring(there)) => here == there,
            (Self::Redis(here), Self::Redis(there)) => here.is_same_place(there),
            _ => place(self).is_some_and(|here| place(other) == Some(here)),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stores_are_named_by_kind() {
        assert_eq!("memory".parse(), Ok(StoreSpec::Memory));
        assert_eq!("file:/tmp/a:b".parse(), Ok(StoreSpec::File("/tmp/a:b".into())));
        assert_eq!("sqlite:/tmp/a:b".parse(), Ok(StoreSpec::Sqlite("/tmp/a:b".into())));
        assert_eq!("".parse(), Ok(StoreSpec::Unnamed));
        assert_eq!("auto".parse(), Ok(StoreSpec::Auto));
        assert_eq!("keyring".parse(), Ok(StoreSpec::Keyring(KeyringName(None))));
        assert_eq!("keyring:work".parse(), Ok(StoreSpec::Keyring(KeyringName(Some("work".to_owned())))));
        for spec in ["auto", "memory", "keyring", "keyring:work", "file:/a", "sqlite:/a"] {
            assert_eq!(spec.parse::<StoreSpec>().unwrap().as_variable(), spec);
        }
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
            "auto:x",
            "keyring:",
            "keyring:../x",
            "keyring:a b",
        ] {
            assert!(bad.parse::<StoreSpec>().is_err(), "{bad}");
        }
    }
}
