//! The store that `--store` names.

use crate::failure::Failure;
use auth_client::{
    ports::SessionStore,
    store::{FileStore, MemoryStore, StorePassphrase},
};
use etcetera::BaseStrategy;
use std::{path::PathBuf, str::FromStr, sync::Arc};

/// Where sessions are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StoreSpec {
    /// A file in the user's data folder.
    Usual,
    Memory,
    File(PathBuf),
}

impl FromStr for StoreSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text.is_empty() => Ok(Self::Usual),
            None if text == "memory" => Ok(Self::Memory),
            Some(("file", path)) if !path.is_empty() => Ok(Self::File(path.into())),
            _ => Err("a store is memory or file:PATH".to_owned()),
        }
    }
}

impl StoreSpec {
    /// The store. Nothing is read yet.
    pub(crate) fn open(&self) -> Result<Arc<dyn SessionStore>, Failure> {
        Ok(match self {
            Self::Memory => Arc::new(MemoryStore::new()),
            Self::Usual => Arc::new(file_store(usual_path()?)?),
            Self::File(path) => Arc::new(file_store(path.clone())?),
        })
    }
}

fn usual_path() -> Result<PathBuf, Failure> {
    let data = etcetera::choose_base_strategy().map(|user| user.data_dir());
    let data = data.map_err(|_| Failure::wrong_call("no_home"))?;
    Ok(data.join("b2auth").join("store"))
}

fn file_store(path: PathBuf) -> Result<FileStore, Failure> {
    let store = match passphrase()? {
        Some(passphrase) => FileStore::with_passphrase(path, passphrase),
        None => FileStore::with_key_file(path),
    };
    Ok(store.run_inline())
}

fn passphrase() -> Result<Option<StorePassphrase>, Failure> {
    match std::env::var("B2AUTH_STORE_KEY") {
        Ok(text) if !text.is_empty() => Ok(Some(StorePassphrase::new(text))),
        Ok(_) | Err(std::env::VarError::NotPresent) => Ok(None),
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
        for bad in ["file", "file:", "redis://x", "/tmp/x", "memory:x"] {
            assert!(bad.parse::<StoreSpec>().is_err(), "{bad}");
        }
    }
}
