//! The file's format, version 2: JSON with the way the key is found, a value that only the right key gives, the sealed
//! records, and a sealed table of them.
//!
//! ```json
//! { "format": "b2auth-store", "version": 2,
//!   "seal": { "by": "passphrase", "kdf": "argon2id", "m_kib": 19456, "t": 2, "p": 1, "salt": "…" },
//!   "check": "…",
//!   "table": { "nonce": "…", "sealed": "…" },
//!   "records": { "<name>": { "epoch": 7, "nonce": "…", "sealed": "…" } },
//!   "damaged": [ { "name": "…", "cause": "…", "record": … } ] }
//! ```
//!
//! `by` is `passphrase` or `key-file`; bytes are base64. A record's name is a keyed hash of its place, so the file
//! does not say whose accounts it holds; the [table](super::table) says it to the key's owner, and which sealing each record has.
//! If `check` or `seal` is changed to something that could be right, the key looks wrong, and then nothing is touched. Any change
//! that an older program could not carry along when it rewrites the file raises the version.
//!
//! Version 1 had no table: each record said in `whose` itself whose it is, bound to its name, and the oldest ones did not even that.
//! Such a file is read, and becomes one of version 2 when it is next written. It is no way around the table: a record of version 2 does not
//! open in it, and tells that the table was taken away, and where a record does not say whose it is there is no list.

use crate::sealing::Format;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The format's name; and the version that is in the names of records and locks, which stay as they are.
pub(super) const FORMAT: Format = Format { name: "b2auth-store", version: 1 };
/// The version that is written.
pub(super) const VERSION: u32 = 2;

/// What records of a version are bound to: one of version 2 does not open in a file of version 1, which has no table.
pub(super) fn of_version(version: u32) -> Format {
    Format { version, ..FORMAT }
}

/// A record as it lies in the file.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SealedRecord {
    /// The session id; the file calls it `epoch`.
    #[serde(rename = "epoch")]
    pub(super) session_id: u64,
    pub(super) nonce: String,
    pub(super) sealed: String,
    /// In version 1 only: whose it is.
    #[serde(default, skip_serializing)]
    pub(super) whose: Option<SealedText>,
}

/// A text for whoever has the key.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SealedText {
    pub(super) nonce: String,
    pub(super) sealed: String,
}

/// A record that does not open, kept as it was found.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct DamagedRecord {
    pub(super) name: String,
    pub(super) cause: String,
    pub(super) record: Box<RawValue>,
}

/// What tells versions apart, before the rest is looked at.
#[derive(Deserialize)]
pub(super) struct Head {
    pub(super) version: u64,
}
