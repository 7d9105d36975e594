//! Sealing the records of the file, and the hashes that stand for their names.

use super::format::{FORMAT, SealedPlace, SealedRecord};
use crate::sealing::{Keys, NONCE, bound_to, place, read_place};
use auth_core::{
    ports::{Record, RecordKey, SessionId, StoreError},
    secret::SecretBytes,
};
use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
use zeroize::Zeroizing;

/// The keys of the file's records.
pub(super) struct RecordKeys {
    keys: Keys,
    check: String,
}

impl RecordKeys {
    pub(super) fn new(master: Zeroizing<[u8; 32]>) -> Self {
        let keys = Keys::new(master);
        let check = BASE64.encode(keys.check());
        Self { keys, check }
    }

    /// A value that tells this key from others and says nothing more about it.
    pub(super) fn check(&self) -> &str {
        &self.check
    }

    /// What a record is called in the file: without the key nobody can tell whose it is.
    pub(super) fn name(&self, key: &RecordKey) -> String {
        self.keys.name(&place(FORMAT, key))
    }

    /// The record for this place, which has this name.
    pub(super) fn seal(
        &self,
        key: &RecordKey,
        name: &str,
        record: &Record,
    ) -> Result<SealedRecord, StoreError> {
        let (nonce, sealed) =
            self.encrypt(record.body.expose(), &bound_to(FORMAT, key, record.session_id))?;
        let whose = self.encrypt(&place(FORMAT, key), name.as_bytes())?;
        let whose = Some(SealedPlace { nonce: whose.0, sealed: whose.1 });
        Ok(SealedRecord { session_id: record.session_id.0, nonce, sealed, whose })
    }

    /// The record, if it was sealed with this key for this place and session id.
    pub(super) fn open(&self, key: &RecordKey, sealed: &SealedRecord) -> Result<Record, &'static str> {
        let session_id = SessionId(sealed.session_id);
        let body = self.decrypt(&sealed.nonce, &sealed.sealed, &bound_to(FORMAT, key, session_id))?;
        Ok(Record { session_id, body })
    }

    /// Whose the record of this name is, if that can be told.
    pub(super) fn open_place(&self, name: &str, whose: &SealedPlace) -> Option<RecordKey> {
        let place = self.decrypt(&whose.nonce, &whose.sealed, name.as_bytes()).ok()?;
        read_place(FORMAT, place.expose())
    }

    fn encrypt(&self, text: &[u8], bound_to: &[u8]) -> Result<(String, String), StoreError> {
        let encrypted = self.keys.encrypt(text, bound_to)?;
        Ok((BASE64.encode(encrypted.nonce), BASE64.encode(&*encrypted.ciphertext)))
    }

    fn decrypt(&self, nonce: &str, sealed: &str, bound_to: &[u8]) -> Result<SecretBytes, &'static str> {
        const FORM: &str = "it is not in the form of a record";
        let nonce = BASE64.decode(nonce).map_err(|_| FORM)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| FORM)?;
        self.keys.decrypt(nonce, BASE64.decode(sealed).map_err(|_| FORM)?, bound_to)
    }
}
