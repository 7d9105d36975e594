//! Opening the store that is meant, once it is known which one that is.

use crate::{
    environment::{self, STORE_KEY, STORE_KEY_FILE},
    failure::Failure,
    messages, output, secret_file,
    store_spec::{KeyringName, StoreSpec},
};
use auth_client::{
    ports::SessionStore,
    store::{FileStore, KeyringStore, MemoryStore, NewKey, RedisUrlError, SqliteStore, StorePassphrase},
};
use auth_messages::Message;
use etcetera::BaseStrategy;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// The store. Nothing of it is read yet; its passphrase is waited for this long at most, where that comes through a pipe.
pub(crate) fn open(spec: &StoreSpec, timeout: Duration) -> Result<Arc<dyn SessionStore>, Failure> {
    Ok(match spec {
        // Which one that is was found out before.
        StoreSpec::Auto | StoreSpec::Unnamed => return Err(environment::empty("B2AUTH_STORE")),
        StoreSpec::Memory => Arc::new(MemoryStore::new()),
        StoreSpec::File(path) => Arc::new(file_store(path, timeout)?),
        StoreSpec::Sqlite(path) => Arc::new(sqlite_store(path, timeout)?),
        StoreSpec::Keyring(name) => Arc::new(keyring_store(name)?),
        StoreSpec::Redis(place) => Arc::new(place.open(passphrase(timeout)?, &folder()?, timeout)?),
        StoreSpec::BadRedis(error) => return Err(bad_redis(*error)),
    })
}

/// Makes way for a new store where the key of the one that is there is lost, or the keyring has lost it.
pub(crate) async fn make_way(spec: &StoreSpec, timeout: Duration) -> Result<(), Failure> {
    let kept = match spec {
        StoreSpec::Auto | StoreSpec::Unnamed => return Err(environment::empty("B2AUTH_STORE")),
        StoreSpec::Memory => return Ok(()),
        StoreSpec::Redis(_) => return Err(Failure::wrong_call("redis_aside")),
        StoreSpec::BadRedis(error) => return Err(bad_redis(*error)),
        StoreSpec::File(path) => file_store(path, timeout)?.make_way().await?,
        StoreSpec::Sqlite(path) => sqlite_store(path, timeout)?.make_way().await?,
        StoreSpec::Keyring(name) => {
            if keyring_store(name)?.make_way().await? {
                output::note(format!("b2auth: {}", messages::say(&Message::new("keyring-given-up"))));
                return Ok(());
            }
            None
        }
    };
    let note = match kept {
        Some(kept) => Message::new("store-set-aside").with("file", kept.display()),
        None => Message::new("store-not-set-aside"),
    };
    output::note(format!("b2auth: {}", messages::say(&note)));
    Ok(())
}

/// Seals all of it anew with another key. Gives how many records there are.
pub(crate) async fn rekey(spec: &StoreSpec, key: NewKey, timeout: Duration) -> Result<usize, Failure> {
    Ok(match spec {
        StoreSpec::Auto | StoreSpec::Unnamed => return Err(environment::empty("B2AUTH_STORE")),
        StoreSpec::Memory => return Err(Failure::wrong_call("rekey_memory")),
        StoreSpec::Keyring(_) => return Err(Failure::wrong_call("rekey_keyring")),
        StoreSpec::BadRedis(error) => return Err(bad_redis(*error)),
        StoreSpec::Redis(place) => match key {
            NewKey::Passphrase(new) => {
                let store = place.open(passphrase(timeout)?, &folder()?, timeout)?;
                store.rekey(new).await?;
                store.keys().await?.len()
            }
            _ => return Err(Failure::wrong_call("redis_rekey")),
        },
        StoreSpec::File(path) => file_store(path, timeout)?.rekey(key).await?,
        StoreSpec::Sqlite(path) => sqlite_store(path, timeout)?.rekey(key).await?,
    })
}

fn bad_redis(error: RedisUrlError) -> Failure {
    Failure::usage(error.to_string())
}

/// The folder of the user's stores.
pub(crate) fn folder() -> Result<PathBuf, Failure> {
    let data = etcetera::choose_base_strategy().map(|user| user.data_dir());
    let data = data.map_err(|_| Failure::wrong_call("no_home"))?;
    Ok(data.join("b2auth"))
}

/// The store of a name in the user's keyring.
pub(crate) fn keyring_store(name: &KeyringName) -> Result<KeyringStore, Failure> {
    let marker = folder()?.join(name.after("keyring"));
    Ok(KeyringStore::new(name.to_string(), marker).run_inline())
}

fn file_store(path: &Path, timeout: Duration) -> Result<FileStore, Failure> {
    let store = match passphrase(timeout)? {
        Some(passphrase) => FileStore::with_passphrase(path, passphrase),
        None => FileStore::with_key_file(path),
    };
    Ok(store.run_inline())
}

fn sqlite_store(path: &Path, timeout: Duration) -> Result<SqliteStore, Failure> {
    let store = match passphrase(timeout)? {
        Some(passphrase) => SqliteStore::with_passphrase(path, passphrase),
        None => SqliteStore::with_key_file(path),
    };
    Ok(store.run_inline())
}

/// True if stores are sealed with a passphrase.
pub(crate) fn is_sealed_by_passphrase() -> bool {
    has_passphrase() || std::env::var_os(STORE_KEY_FILE).is_some()
}

/// True if stores are sealed with a passphrase that is in the environment itself.
pub(crate) fn has_passphrase() -> bool {
    std::env::var_os(STORE_KEY).is_some()
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
