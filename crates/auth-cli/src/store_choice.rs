//! The store where none is named. It is the keyring if that works without asking anybody, else an encrypted file in the user's data folder.
//! Once chosen it stays: a keyring that is away later is not a reason to begin a new store, in which nobody is signed in.
//!
//! | what is there | chosen |
//! | --- | --- |
//! | a choice that was made before | that |
//! | the file, or its key file; a passphrase for stores | the file |
//! | no bus of a session, or a keyring that does not work | the file |
//! | a keyring that takes, gives and removes an entry | the keyring, from now on |

use crate::{
    environment,
    failure::Failure,
    own_file::Kind,
    store_opening::{self, folder},
    store_spec::{KeyringName, StoreSpec},
};
use auth_client::{
    ports::StoreError,
    store::trusted_file::{self, Access},
};
use std::{
    fs,
    io::{ErrorKind, Read},
    path::{Path, PathBuf},
    sync::Arc,
};

const MARK: &str = "b2auth-store: ";
const KEYRING: &str = "keyring";
const FILE: &str = "file";
const MAX_BYTES: u64 = 256;

/// The file that says what was chosen.
const CHOICE: Kind =
    Kind { option: "--store auto", mode: 0o600, is_ours: |bytes| bytes.starts_with(MARK.as_bytes()) };

/// The store that is meant: `auto` is one of the others.
pub(crate) fn resolved(spec: &StoreSpec) -> Result<StoreSpec, Failure> {
    match spec {
        StoreSpec::Unnamed => Err(environment::empty("B2AUTH_STORE")),
        StoreSpec::Auto => choose(),
        named => Ok(named.clone()),
    }
}

/// The store where none is named.
fn choose() -> Result<StoreSpec, Failure> {
    let folder = folder()?;
    if let Some(spec) = known(&folder)? {
        return Ok(spec);
    }
    let file = StoreSpec::File(file_in(&folder));
    if store_opening::is_sealed_by_passphrase() || !has_session_bus() {
        return Ok(file);
    }
    let name = KeyringName::default();
    match store_opening::keyring_store(&name)?.probe() {
        Ok(()) => {
            remember(&folder, KEYRING)?;
            Ok(StoreSpec::Keyring(name))
        }
        Err(error) => {
            tracing::info!(error = error.kind(), %error, "the keyring is not used");
            // Another process may have chosen meanwhile.
            Ok(known(&folder)?.unwrap_or(file))
        }
    }
}

/// Whoever has copied what is used where no store is named, goes on with the copy. Gives whether it is used from now on.
pub(crate) fn follow(copied: &StoreSpec, copy: &StoreSpec) -> Result<bool, Failure> {
    let folder = folder()?;
    let file = StoreSpec::File(file_in(&folder));
    let Some(used) = known(&folder)? else { return Ok(false) };
    let is = |one: &StoreSpec, other: &StoreSpec| one == other || one.is_same_place(other);
    if !is(&used, copied) {
        return Ok(false);
    }
    let chosen = match copy {
        StoreSpec::Keyring(name) if *name == KeyringName::default() => KEYRING,
        copy if is(copy, &file) => FILE,
        _ => return Ok(false),
    };
    remember(&folder, chosen)?;
    Ok(true)
}

/// What was chosen, or is in use: a file, which needs no choice.
fn known(folder: &Path) -> Result<Option<StoreSpec>, Failure> {
    let store = file_in(folder);
    match chosen(folder)?.as_deref() {
        Some(KEYRING) => Ok(Some(StoreSpec::Keyring(KeyringName::default()))),
        Some(_) => Ok(Some(StoreSpec::File(store))),
        None => {
            let is_there =
                [&store, &folder.join("store.key")].iter().any(|path| fs::symlink_metadata(path).is_ok());
            Ok(is_there.then_some(StoreSpec::File(store)))
        }
    }
}

/// What the choice's file says.
fn chosen(folder: &Path) -> Result<Option<String>, StoreError> {
    let path = choice_in(folder);
    let mut text = String::new();
    let read = trusted_file::open(&path, Access::Read)
        .and_then(|opened| opened.file.take(MAX_BYTES).read_to_string(&mut text));
    match read {
        Ok(0) => Ok(None),
        Ok(_) => match text.strip_prefix(MARK).map(str::trim_end) {
            Some(chosen @ (KEYRING | FILE)) => Ok(Some(chosen.to_owned())),
            _ => Err(StoreError::NotAStore { path }),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == ErrorKind::InvalidData => Err(StoreError::NotAStore { path }),
        Err(error) => Err(StoreError::Io { what: "reading a file", path, source: Arc::new(error) }),
    }
}

fn remember(folder: &Path, chosen: &str) -> Result<(), Failure> {
    let made = make_private(folder);
    made.map_err(|error| StoreError::Io {
        what: "making its directory",
        path: folder.to_owned(),
        source: Arc::new(error),
    })?;
    CHOICE.put(&choice_in(folder), format!("{MARK}{chosen}\n").as_bytes())
}

fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn choice_in(folder: &Path) -> PathBuf {
    folder.join("chosen-store")
}

fn file_in(folder: &Path) -> PathBuf {
    folder.join("store")
}

/// Where no bus is named nothing is tried: a script on a server has none. Of the keyrings of macOS and Windows nobody can tell whether they would ask
/// the user.
fn has_session_bus() -> bool {
    cfg!(all(unix, not(any(target_os = "macos", target_os = "ios", target_os = "android"))))
        && std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some_and(|address| !address.is_empty())
}
