//! The table of a file's records: whose each is, and which sealing of it. Without it somebody who cannot open a record could still
//! take it away, give it another name, or put an earlier one back, and nobody would see it.
//!
//! A sealing is known by its nonce. That is random and used once, and whoever lacks the key can make no other record that opens with
//! it. So a record is what was last written under its name if it opens and has the nonce of the table. The table itself is sealed
//! anew with each write.

use super::format::{FORMAT, VERSION, of_version};
use crate::sealing::{next_part, part, place, read_place};
use auth_core::ports::RecordKey;
use std::collections::BTreeMap;

/// What the table says of a record.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The nonce as it is in the file; none if what is there never was a record.
    pub(super) nonce: Option<String>,
    /// The version of the format that it was sealed in.
    pub(super) version: u32,
    pub(super) place: Place,
}

/// Whose a record is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Known(RecordKey),
    /// The oldest programs did not say it.
    Unsaid,
    /// It should have been said in a file of version 1, and does not read.
    Damaged,
}

const UNSAID: &[u8] = b"";
const DAMAGED: &[u8] = b"?";

/// The entries by the names of the records.
#[derive(Debug, Default)]
pub(super) struct Table(pub(super) BTreeMap<String, Entry>);

impl Table {
    /// What a sealed table is bound to.
    pub(super) fn bound_to() -> Vec<u8> {
        let mut bound = Vec::new();
        part(&mut bound, FORMAT.name.as_bytes());
        part(&mut bound, &VERSION.to_le_bytes());
        part(&mut bound, b"table");
        bound
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (name, Entry { nonce, version, place: whose }) in &self.0 {
            part(&mut bytes, name.as_bytes());
            part(&mut bytes, nonce.as_deref().unwrap_or_default().as_bytes());
            part(&mut bytes, &version.to_le_bytes());
            match whose {
                Place::Known(key) => part(&mut bytes, &place(of_version(VERSION), key)),
                Place::Unsaid => part(&mut bytes, UNSAID),
                Place::Damaged => part(&mut bytes, DAMAGED),
            }
        }
        bytes
    }

    /// The table from its bytes; nothing if they are none.
    pub(super) fn decode(mut bytes: &[u8]) -> Option<Self> {
        let mut entries = BTreeMap::new();
        while !bytes.is_empty() {
            let mut next = || next_part(&mut bytes);
            let text = |part: &[u8]| String::from_utf8(part.to_vec()).ok();
            let (name, nonce) = (text(next()?)?, text(next()?)?);
            let version = u32::from_le_bytes(next()?.try_into().ok()?);
            let place = match next()? {
                UNSAID => Place::Unsaid,
                DAMAGED => Place::Damaged,
                known => Place::Known(read_place(of_version(VERSION), known)?),
            };
            let nonce = Some(nonce).filter(|nonce| !nonce.is_empty());
            entries.insert(name, Entry { nonce, version, place });
        }
        Some(Self(entries))
    }
}
