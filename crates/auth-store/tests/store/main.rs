//! The stores from outside: the conformance suite, and what it cannot know about files.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests too")]
#![allow(clippy::duplicate_mod, reason = "one set of tests for each of the stores on disk")]

mod memory;
mod on_file;
#[cfg(feature = "sqlite")]
mod on_sqlite;

use auth_core::{
    AccountKey, Host, Office,
    ports::{Record, RecordKey, RecordKind, SessionId, SessionStore, StoreError, WriteCondition},
    secret::SecretBytes,
};
use auth_store::StorePassphrase;
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// A store on this machine's disk, whatever its format.
trait Kept: SessionStore + Clone + std::fmt::Debug + 'static {
    /// The file's name where only a directory was given.
    const DEFAULT_NAME: &str;
    /// The first bytes of every file that was written.
    const BEGINNING: &[u8];

    fn by_key_file(path: PathBuf) -> Self;
    fn by_passphrase(path: PathBuf, passphrase: StorePassphrase) -> Self;
    /// Changes the session id of the first record, as somebody without the key would.
    fn forge_session_id(path: &Path, id: u64);
    /// Changes what is said of how the key is found.
    fn set_seal(path: &Path, seal: &str);
    /// How the key is found (`seal`), and the value that only the right one gives (`check`).
    fn head(path: &Path) -> serde_json::Value;
    /// How many damaged records are kept aside.
    fn damaged(path: &Path) -> usize;
}

/// A directory of its own with the path of a store in it.
struct Place<S> {
    folder: TempDir,
    kind: std::marker::PhantomData<S>,
}

impl<S: Kept> Place<S> {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), kind: std::marker::PhantomData }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    /// A new instance on the same file, as another process would have one.
    fn open(&self) -> S {
        S::by_key_file(self.path())
    }

    fn open_with(&self, passphrase: &str) -> S {
        S::by_passphrase(self.path(), StorePassphrase::new(passphrase))
    }

    fn beside(&self, suffix: &str) -> PathBuf {
        self.folder.path().join(format!("store{suffix}"))
    }

    fn bytes(&self) -> Vec<u8> {
        content(&self.path())
    }
}

fn key_of(profile: &str, kind: RecordKind) -> RecordKey {
    let host = Host::parse("https://broker.example").unwrap();
    RecordKey { account: AccountKey { profile: profile.parse().unwrap(), host, office: Office::Front }, kind }
}

fn session() -> RecordKey {
    key_of("default", RecordKind::Session)
}

fn record(session_id: u64, body: &str) -> Record {
    Record { session_id: SessionId(session_id), body: SecretBytes::new(body.as_bytes().to_vec()) }
}

async fn put(store: &impl SessionStore, key: &RecordKey, session_id: u64, body: &str) {
    store.save(key, &record(session_id, body), WriteCondition::Unconditional).await.unwrap();
}

async fn body(store: &impl SessionStore, key: &RecordKey) -> Option<String> {
    let found = store.load(key).await.unwrap()?;
    Some(String::from_utf8(found.body.expose().to_vec()).unwrap())
}

/// All files below a directory, with their content, but for those that SQLite has beside a database while it is open.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if !["-wal", "-shm"].iter().any(|end| path.to_string_lossy().ends_with(end)) {
            found.push((path.clone(), content(&path)));
        }
    }
    found
}

/// The content of a file. Another process reads it: one that has a database open and closes its file gives SQLite's locks back.
fn content(path: &Path) -> Vec<u8> {
    if cfg!(all(unix, feature = "sqlite")) {
        std::process::Command::new("cat").arg(path).output().unwrap().stdout
    } else {
        fs::read(path).unwrap()
    }
}

fn is_corrupt(outcome: &Result<Option<Record>, StoreError>) -> bool {
    matches!(outcome, Err(StoreError::Corrupt { .. }))
}
