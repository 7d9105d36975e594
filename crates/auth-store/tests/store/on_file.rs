//! The encrypted file.

#[path = "binding.rs"]
mod binding;
#[path = "fixture.rs"]
mod fixture;
#[path = "file/keys_in_file.rs"]
mod keys_in_file;
#[path = "file/large_and_wide.rs"]
mod large_and_wide;
#[path = "quarantine.rs"]
mod quarantine;
#[cfg(unix)]
#[path = "shared_folder.rs"]
mod shared_folder;
#[path = "table.rs"]
mod table;

#[path = "conformance.rs"]
mod conformance;
#[path = "foreign.rs"]
mod foreign;
#[path = "keys.rs"]
mod keys;
#[path = "locks.rs"]
mod locks;
#[path = "make_way.rs"]
mod make_way;
#[cfg(unix)]
#[path = "ownership.rs"]
mod ownership;
#[path = "paths.rs"]
mod paths;
#[path = "processes.rs"]
mod processes;
#[path = "rekey.rs"]
mod rekey;
#[path = "sweep.rs"]
mod sweep;

use crate::*;
use auth_store::FileStore;
use serde_json::Value;

type Store = FileStore;
type Place = crate::Place<FileStore>;

/// What a record's session id is called in the file.
const SESSION_ID: &str = "epoch";

impl Kept for FileStore {
    const DEFAULT_NAME: &str = "b2auth.store";
    const BEGINNING: &[u8] = br#"{"format":"b2a"#;

    fn by_key_file(path: PathBuf) -> Self {
        Self::with_key_file(path)
    }

    fn by_passphrase(path: PathBuf, passphrase: StorePassphrase) -> Self {
        Self::with_passphrase(path, passphrase)
    }

    fn forge_session_id(path: &Path, id: u64) {
        edit(path, |json| only_record(json)[SESSION_ID] = id.into());
    }

    fn set_seal(path: &Path, seal: &str) {
        edit(path, |json| json["seal"] = serde_json::from_str(seal).unwrap());
    }

    fn head(path: &Path) -> Value {
        serde_json::from_slice(&content(path)).unwrap()
    }

    fn damaged(path: &Path) -> usize {
        let json: Value = serde_json::from_slice(&content(path)).unwrap();
        json["damaged"].as_array().map_or(0, Vec::len)
    }
}

impl Place {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes()).unwrap()
    }

    /// Changes the file as JSON.
    fn edit(&self, change: impl FnOnce(&mut Value)) {
        edit(&self.path(), change);
    }
}

fn edit(path: &Path, change: impl FnOnce(&mut Value)) {
    let mut json = serde_json::from_slice(&content(path)).unwrap();
    change(&mut json);
    fs::write(path, serde_json::to_vec(&json).unwrap()).unwrap();
}

/// The first record of a store's file, whatever its name.
fn only_record(json: &mut Value) -> &mut Value {
    json["records"].as_object_mut().unwrap().values_mut().next().unwrap()
}
