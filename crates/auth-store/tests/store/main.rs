//! The stores from outside: the conformance suite, and what it cannot know about files.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests too")]

mod binding;
mod conformance;
mod fixture;
mod foreign;
mod keys;
mod locks;
mod make_way;
#[cfg(unix)]
mod ownership;
mod paths;
mod processes;
mod quarantine;
#[cfg(unix)]
mod shared_folder;
mod sweep;
mod table;

use auth_core::{
    AccountKey, Host, Office,
    ports::{Record, RecordKey, RecordKind, SessionId, SessionStore, StoreError, WriteCondition},
    secret::SecretBytes,
};
use auth_store::{FileStore, StorePassphrase};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// What a record's session id is called in the file.
const SESSION_ID: &str = "epoch";

/// A directory of its own with the path of a store in it.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    /// A new instance on the same file, as another process would have one.
    fn open(&self) -> FileStore {
        FileStore::with_key_file(self.path())
    }

    fn open_with(&self, passphrase: &str) -> FileStore {
        FileStore::with_passphrase(self.path(), StorePassphrase::new(passphrase))
    }

    fn beside(&self, suffix: &str) -> PathBuf {
        self.folder.path().join(format!("store{suffix}"))
    }

    fn bytes(&self) -> Vec<u8> {
        fs::read(self.path()).unwrap()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes()).unwrap()
    }

    /// Changes the file as JSON.
    fn edit(&self, change: impl FnOnce(&mut Value)) {
        let mut json = self.json();
        change(&mut json);
        fs::write(self.path(), serde_json::to_vec(&json).unwrap()).unwrap();
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

async fn put(store: &FileStore, key: &RecordKey, session_id: u64, body: &str) {
    store.save(key, &record(session_id, body), WriteCondition::Unconditional).await.unwrap();
}

async fn body(store: &FileStore, key: &RecordKey) -> Option<String> {
    let found = store.load(key).await.unwrap()?;
    Some(String::from_utf8(found.body.expose().to_vec()).unwrap())
}

/// All files below a directory, with their content.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.clone(), fs::read(path).unwrap()));
        }
    }
    found
}

/// The first record of a store's file, whatever its name.
fn only_record(json: &mut Value) -> &mut Value {
    json["records"].as_object_mut().unwrap().values_mut().next().unwrap()
}

fn is_corrupt(outcome: &Result<Option<Record>, StoreError>) -> bool {
    matches!(outcome, Err(StoreError::Corrupt { .. }))
}
