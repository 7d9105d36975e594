//! The database's format, version 1. Its mark is SQLite's own header with our `application_id`; its version is `user_version`.
//!
//! | table | holds |
//! | --- | --- |
//! | `store` | one row: how the key is found, and a value that only the right key gives, as in the encrypted file |
//! | `records` | a row a record: a keyed hash of its place, its session id, nonce and ciphertext; the place and the id are bound in |
//! | `places` | a row a record: the same hash, and whose the record is, sealed: a list of all places reads no record |
//! | `damaged` | what did not open, with its cause, as it was found |
//!
//! A record has a row number beside its name because rows are long: an index of short names stays flat, and a new record goes to the end.

use super::companions;
use crate::{local::kind::StoreKind, sealing::Format, trusted_file::Opened};
use std::io::{self, Read, Seek};

/// The format's name, and its version.
pub(super) const FORMAT: Format = Format { name: "b2auth-sqlite", version: VERSION };
/// The version that is written.
pub(super) const VERSION: u32 = 1;
/// `b2au`: `file` and other tools show it.
pub(super) const APPLICATION_ID: i32 = i32::from_be_bytes(*b"b2au");

pub(super) const KIND: StoreKind = StoreKind {
    default_name: "b2auth.sqlite",
    format: FORMAT,
    companions: &companions::ENDS,
    look: super::open_files::look,
    is_marked: |opened| Ok(read_head(opened)?.is_some()),
    may_begin,
};

/// The tables and indexes by their names, in the words in which a database must have them.
pub(super) const SCHEMA: [(&str, &str); 5] = [
    (
        "store",
        "CREATE TABLE store (only INTEGER PRIMARY KEY CHECK (only = 1), seal TEXT NOT NULL, key_check TEXT NOT NULL) STRICT",
    ),
    (
        "records",
        "CREATE TABLE records (id INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE, session_id INTEGER NOT NULL, body BLOB NOT NULL) STRICT",
    ),
    ("places", "CREATE TABLE places (name BLOB PRIMARY KEY, whose BLOB NOT NULL) STRICT, WITHOUT ROWID"),
    (
        "damaged",
        "CREATE TABLE damaged (id INTEGER PRIMARY KEY, name BLOB NOT NULL, cause TEXT NOT NULL, session_id ANY, body ANY) STRICT",
    ),
    ("damaged_by_name", "CREATE INDEX damaged_by_name ON damaged (name)"),
];

const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// Where the header has `user_version` and `application_id`.
const VERSION_AT: usize = 60;
const APPLICATION_AT: usize = 68;
/// Up to the end of `application_id`.
const HEAD: usize = 72;

/// What is read of a file before SQLite is let near it.
pub(super) struct Head {
    pub(super) version: u32,
}

/// The head of a database of ours; nothing if the file is none.
pub(super) fn read_head(Opened { file, .. }: &Opened) -> io::Result<Option<Head>> {
    let mut file = file;
    file.rewind()?;
    let mut bytes = Vec::with_capacity(HEAD);
    file.take(HEAD as u64).read_to_end(&mut bytes)?;
    Ok(head_in(&bytes))
}

fn head_in(bytes: &[u8]) -> Option<Head> {
    let number = |at: usize| bytes.get(at..at + 4)?.try_into().ok();
    let is_ours =
        bytes.starts_with(MAGIC) && number(APPLICATION_AT).map(i32::from_be_bytes) == Some(APPLICATION_ID);
    let version = number(VERSION_AT).map(u32::from_be_bytes)?;
    is_ours.then_some(Head { version })
}

fn may_begin(bytes: &[u8]) -> bool {
    if bytes.len() < HEAD {
        bytes.starts_with(MAGIC) || MAGIC.starts_with(bytes)
    } else {
        head_in(bytes).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_of_another_application_is_none_of_ours() {
        let mut bytes = [0; 100];
        bytes[..16].copy_from_slice(MAGIC);
        assert!(head_in(&bytes).is_none() && !may_begin(&bytes));
        bytes[APPLICATION_AT..HEAD].copy_from_slice(b"b2au");
        bytes[VERSION_AT + 3] = 7;
        assert_eq!(head_in(&bytes).map(|head| head.version), Some(7));
        assert!((0..bytes.len()).all(|end| may_begin(&bytes[..end])));
        assert!(head_in(&bytes[..HEAD - 1]).is_none() && !may_begin(b"my notes"));
    }
}
