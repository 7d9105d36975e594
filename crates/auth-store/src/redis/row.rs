//! A record and its place as a hash of Redis.
//!
//! A sealed body is, in this order: the version (one byte), the id of the key that sealed it (8 bytes), the nonce (24 bytes), and the
//! ciphertext. A sealed place is a nonce and a ciphertext.

use super::key_ring::{ID, KeyRing};
use crate::sealing::{Format, Keys, NONCE, bound_to, hex, place, read_place};
use auth_core::{
    ports::{Record, RecordKey, RecordKind, SessionId, StoreError},
    secret::SecretBytes,
};

/// The version that is written.
pub(super) const VERSION: u8 = 1;
const FORMAT: Format = Format { name: "b2auth-redis", version: VERSION as u32 };
const ACCOUNT: Format = Format { name: "b2auth-redis-account", version: VERSION as u32 };

/// What a body is.
pub(super) enum Opened {
    Record(Record),
    /// Sealed with a key that is not in the ring.
    UnknownKey,
    Newer(u8),
    Damaged(&'static str),
}

/// What a record is called: without the keys nobody can tell whose it is.
pub(super) fn name(prefix: &str, ring: &KeyRing, key: &RecordKey) -> String {
    let account = RecordKey { account: key.account.clone(), kind: RecordKind::Session };
    let account = hex(&ring.names.name(&place(ACCOUNT, &account)));
    let record = hex(&ring.names.name(&place(FORMAT, key)));
    format!("{prefix}:{{{account}}}:{record}")
}

pub(super) fn lease(name: &str) -> String {
    format!("{name}:lease")
}

pub(super) fn damaged(name: &str) -> String {
    format!("{name}:damaged")
}

pub(super) fn seal(ring: &KeyRing, key: &RecordKey, record: &Record) -> Result<Vec<u8>, StoreError> {
    let (id, keys) = ring.current();
    let encrypted = keys.encrypt(record.body.expose(), &bound_to(FORMAT, key, record.session_id))?;
    Ok([&[VERSION][..], id, &encrypted.nonce, &encrypted.ciphertext].concat())
}

/// The record, if it was sealed for this place and session id.
pub(super) fn open(ring: &KeyRing, key: &RecordKey, session_id: Option<&[u8]>, body: &[u8]) -> Opened {
    let rest = match body {
        [VERSION, rest @ ..] => rest,
        [newer, ..] if *newer > VERSION => return Opened::Newer(*newer),
        _ => return Opened::Damaged("it has no format"),
    };
    let Some((id, sealed)) = rest.split_first_chunk::<ID>() else { return Opened::Damaged(CUT_OFF) };
    let Some(session_id) = session_id.and_then(read_session_id) else {
        return Opened::Damaged("it does not say which session's it is");
    };
    let Some(keys) = ring.find(*id) else { return Opened::UnknownKey };
    match decrypt(keys, sealed, &bound_to(FORMAT, key, session_id)) {
        Ok(body) => Opened::Record(Record { session_id, body }),
        Err(cause) => Opened::Damaged(cause),
    }
}

/// Which key of the ring has sealed it: 0 is the one in use. Nothing if it is none of them, or of a newer version.
pub(super) fn age(ring: &KeyRing, body: &[u8]) -> Option<usize> {
    match body {
        [VERSION, rest @ ..] => ring.position(*rest.first_chunk::<ID>()?),
        _ => None,
    }
}

pub(super) fn seal_place(ring: &KeyRing, key: &RecordKey, name: &str) -> Result<Vec<u8>, StoreError> {
    let encrypted = ring.names.encrypt(&place(FORMAT, key), name.as_bytes())?;
    Ok([&encrypted.nonce[..], &encrypted.ciphertext].concat())
}

/// Whose the record of this name is.
pub(super) fn open_place(ring: &KeyRing, sealed: &[u8], name: &str) -> Option<RecordKey> {
    read_place(FORMAT, decrypt(&ring.names, sealed, name.as_bytes()).ok()?.expose())
}

fn read_session_id(text: &[u8]) -> Option<SessionId> {
    std::str::from_utf8(text).ok()?.parse().ok().map(SessionId)
}

fn decrypt(keys: &Keys, sealed: &[u8], bound_to: &[u8]) -> Result<SecretBytes, &'static str> {
    let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE>().ok_or(CUT_OFF)?;
    keys.decrypt(*nonce, ciphertext.to_vec(), bound_to)
}

const CUT_OFF: &str = "it is cut off";
