//! A store's file, opened with a key file.
//!
//! A first byte of `R` makes the rest the one record of a store of version 1 whose key is right, one of `T` all records of a store of
//! version 2 whose key and table are right; everything else is the file.

use auth_core::{
    AccountKey, Host, Office, Profile,
    ports::{Record, RecordKey, RecordKind, SessionId, SessionStore, StoreError, WriteCondition},
    secret::SecretBytes,
};
use auth_store::FileStore;
use std::{fs, path::Path, sync::LazyLock};
use tempfile::TempDir;
use tokio::runtime::Runtime;

const KEY: &str = include_str!("../../crates/auth-store/tests/store/fixtures/v1.key");
const GOOD: &str = include_str!("../../crates/auth-store/tests/store/fixtures/v1.store");
const WITH_TABLE: &str = include_str!("../../crates/auth-store/tests/store/fixtures/v2.store");
/// What these stores call their session.
const NAME: &str = "7334b1b0aa065cc09e13a6059ca099b9";

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime"));

/// In memory where the system has such a place: each input writes files.
static FOLDER: LazyLock<TempDir> = LazyLock::new(|| {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    folder.expect("a folder")
});

/// Puts the bytes where a store's file is, and uses it.
pub fn check(data: &[u8]) {
    let bytes = match data.split_first() {
        Some((b'R', record)) => with_record(record),
        Some((b'T', records)) => with_table(records),
        _ => data.to_vec(),
    };
    let folder = FOLDER.path();
    for entry in fs::read_dir(folder).expect("the folder").flatten() {
        let _gone = fs::remove_file(entry.path());
    }
    let path = folder.join("store");
    fs::write(folder.join("store.key"), KEY).expect("a key");
    fs::write(&path, &bytes).expect("a store");
    RUNTIME.block_on(used(&path, &bytes, data.first() == Some(&b'T')));
}

fn with_record(record: &[u8]) -> Vec<u8> {
    let good: serde_json::Value = serde_json::from_str(GOOD).expect("JSON");
    let check = &good["check"];
    let head = format!(
        r#"{{"format":"b2auth-store","version":1,"seal":{{"by":"key-file"}},"check":{check},"records":{{"{NAME}":"#
    );
    [head.as_bytes(), record, b"}}"].concat()
}

fn with_table(records: &[u8]) -> Vec<u8> {
    let good: serde_json::Value = serde_json::from_str(WITH_TABLE).expect("JSON");
    let (check, table) = (&good["check"], &good["table"]);
    let head = format!(
        r#"{{"format":"b2auth-store","version":2,"seal":{{"by":"key-file"}},"check":{check},"table":{table},"records":{{"#
    );
    [head.as_bytes(), records, b"}}"].concat()
}

fn session() -> RecordKey {
    let host = Host::parse("https://broker.example").expect("a host");
    let account = AccountKey { profile: Profile::default(), host, office: Office::Front };
    RecordKey { account, kind: RecordKind::Session }
}

async fn used(path: &Path, bytes: &[u8], has_table: bool) {
    let (store, key) = (FileStore::with_key_file(path), session());
    let untouched = || fs::read(path).is_ok_and(|there| there == bytes);
    match store.load(&key).await {
        // Only what was sealed with this key for this place opens.
        Ok(Some(record)) => {
            assert_eq!((record.session_id, record.body.expose()), (SessionId(1), &b"a session"[..]));
            assert!(untouched());
        }
        Ok(None) => {
            assert!(untouched());
            assert!(!has_table, "the table lists it");
        }
        Err(StoreError::WrongKey | StoreError::Newer { .. }) => {
            assert!(untouched(), "a store of others was changed");
            return;
        }
        Err(StoreError::NotAStore { .. }) => {
            let taken = store.remove(&key).await;
            assert!(matches!(taken, Err(StoreError::NotAStore { .. })), "{taken:?}");
            assert!(untouched(), "another program's file was changed");
            return;
        }
        Err(StoreError::Corrupt { cause }) => {
            assert!(!cause.is_empty());
            let again = store.load(&key).await;
            assert!(matches!(again, Ok(None)), "reported twice: {again:?}");
        }
        Err(other) => panic!("{other:?}"),
    }
    let record = Record { session_id: SessionId(7), body: SecretBytes::new(b"anew".to_vec()) };
    store.save(&key, &record, WriteCondition::Unconditional).await.expect("the store stays usable");
    let found = store.load(&key).await.expect("it reads").expect("it is there");
    assert_eq!((found.session_id, found.body.expose()), (SessionId(7), &b"anew"[..]));
    store.remove(&key).await.expect("it can be removed");
    let after = match store.load(&key).await {
        // Another record of version 1 that does not say whose it is: it could be this session's, and is reported once.
        Err(StoreError::Corrupt { .. }) if !has_table => store.load(&key).await,
        other => other,
    };
    assert!(matches!(after, Ok(None)), "{after:?}");
}
