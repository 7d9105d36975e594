//! A store as its owner can open it: every record, in the clear.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use auth_client::ports::{Record, RecordKey, RecordKind, SessionStore, StoreError};
use auth_client::store::{FileStore, SqliteStore};
use base64::{Engine, prelude::BASE64_STANDARD};

use crate::past::block_on;

/// All records of a store with a key file: an encrypted file, or a database.
///
/// # Errors
/// If one of them, or the store, does not open.
pub fn records(path: &Path) -> Result<Vec<(RecordKey, Record)>, StoreError> {
    if is_database(path) {
        block_on(SqliteStore::with_key_file(path).load_all())
    } else {
        block_on(FileStore::with_key_file(path).load_all())
    }
}

fn is_database(path: &Path) -> bool {
    let mut head = [0; 6];
    File::open(path).is_ok_and(|mut file| file.read_exact(&mut head).is_ok()) && head == *b"SQLite"
}

/// How many records of this kind a store has.
#[track_caller]
pub fn count(path: &Path, kind: RecordKind) -> usize {
    records(path).expect("the store opens").iter().filter(|(key, _)| key.kind == kind).count()
}

/// True if this text is anywhere in the opened records, as it is or in base64 inside of one.
#[track_caller]
pub fn holds(path: &Path, text: &str) -> bool {
    let records = records(path).expect("the store opens");
    records.iter().any(|(_, record)| mentions(record.body.expose(), text))
}

/// Looks into base64 too: a list of sessions carries them so.
fn mentions(bytes: &[u8], text: &str) -> bool {
    let plain = String::from_utf8_lossy(bytes);
    plain.contains(text)
        || plain.split('"').filter(|part| part.len() > 40).any(|part| {
            BASE64_STANDARD.decode(part).is_ok_and(|inner| String::from_utf8_lossy(&inner).contains(text))
        })
}
