//! A record and its place as bytes of a row: a nonce, and what was sealed with it.

use super::format::FORMAT;
use crate::{
    local::record_keys::RecordKeys,
    sealing::{NONCE, bound_to, place, read_place},
};
use auth_core::{
    ports::{Record, RecordKey, SessionId, StoreError},
    secret::SecretBytes,
};

/// What a record is called.
pub(super) type Name = [u8; 16];

pub(super) fn name(keys: &RecordKeys, key: &RecordKey) -> Name {
    keys.name_in(FORMAT, key)
}

pub(super) fn seal(keys: &RecordKeys, key: &RecordKey, record: &Record) -> Result<Vec<u8>, StoreError> {
    encrypt(keys, record.body.expose(), &bound_to(FORMAT, key, record.session_id))
}

/// The record, if it was sealed with this key for this place and session id; else what is wrong with it.
pub(super) fn open(
    keys: &RecordKeys,
    key: &RecordKey,
    session_id: SessionId,
    body: &[u8],
) -> Result<Record, &'static str> {
    let body = decrypt(keys, body, &bound_to(FORMAT, key, session_id))?;
    Ok(Record { session_id, body })
}

pub(super) fn seal_place(keys: &RecordKeys, key: &RecordKey, name: &Name) -> Result<Vec<u8>, StoreError> {
    encrypt(keys, &place(FORMAT, key), name)
}

/// Whose the record of this name is.
pub(super) fn open_place(keys: &RecordKeys, whose: &[u8], name: &[u8]) -> Option<RecordKey> {
    read_place(FORMAT, decrypt(keys, whose, name).ok()?.expose())
}

fn encrypt(keys: &RecordKeys, text: &[u8], bound_to: &[u8]) -> Result<Vec<u8>, StoreError> {
    let encrypted = keys.keys.encrypt(text, bound_to)?;
    Ok([&encrypted.nonce[..], &encrypted.ciphertext].concat())
}

fn decrypt(keys: &RecordKeys, bytes: &[u8], bound_to: &[u8]) -> Result<SecretBytes, &'static str> {
    let (nonce, ciphertext) =
        bytes.split_first_chunk::<NONCE>().ok_or("it is not in the form of a record")?;
    keys.keys.decrypt(*nonce, ciphertext.to_vec(), bound_to)
}
