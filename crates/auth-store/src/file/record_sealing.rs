//! Sealing the records of the file and their table.

use super::{
    format::{FORMAT, SealedRecord, SealedText, VERSION, of_version},
    table::Table,
};
use crate::{
    local::record_keys::RecordKeys,
    sealing::{NONCE, bound_to, hex, read_place},
};
use auth_core::{
    ports::{Record, RecordKey, SessionId, StoreError},
    secret::SecretBytes,
};
use base64::{Engine, prelude::BASE64_STANDARD as BASE64};

impl RecordKeys {
    /// What a record is called in the file.
    pub(super) fn name(&self, key: &RecordKey) -> String {
        hex(&self.name_in(FORMAT, key))
    }

    /// The record for this place, in the version that is written.
    pub(super) fn seal(&self, key: &RecordKey, record: &Record) -> Result<SealedRecord, StoreError> {
        let bound_to = bound_to(of_version(VERSION), key, record.session_id);
        let SealedText { nonce, sealed } = self.encrypt(record.body.expose(), &bound_to)?;
        Ok(SealedRecord { session_id: record.session_id.0, nonce, sealed, whose: None })
    }

    /// The record, if it was sealed with this key in this version for this place and session id.
    pub(super) fn open(
        &self,
        version: u32,
        key: &RecordKey,
        sealed: &SealedRecord,
    ) -> Result<Record, &'static str> {
        let session_id = SessionId(sealed.session_id);
        let bound_to = bound_to(of_version(version), key, session_id);
        let body = self.decrypt(&sealed.nonce, &sealed.sealed, &bound_to)?;
        Ok(Record { session_id, body })
    }

    pub(super) fn seal_table(&self, table: &Table) -> Result<SealedText, StoreError> {
        self.encrypt(&table.encode(), &Table::bound_to())
    }

    /// The table, if this key has sealed it.
    pub(super) fn open_table(&self, sealed: &SealedText) -> Option<Table> {
        let bytes = self.decrypt(&sealed.nonce, &sealed.sealed, &Table::bound_to()).ok()?;
        Table::decode(bytes.expose())
    }

    /// Whose the record of this name is in a file of version 1, if that can be told.
    pub(super) fn open_place(&self, name: &str, whose: &SealedText) -> Option<RecordKey> {
        let place = self.decrypt(&whose.nonce, &whose.sealed, name.as_bytes()).ok()?;
        read_place(FORMAT, place.expose())
    }

    fn encrypt(&self, text: &[u8], bound_to: &[u8]) -> Result<SealedText, StoreError> {
        let encrypted = self.keys.encrypt(text, bound_to)?;
        let (nonce, sealed) = (BASE64.encode(encrypted.nonce), BASE64.encode(&*encrypted.ciphertext));
        Ok(SealedText { nonce, sealed })
    }

    fn decrypt(&self, nonce: &str, sealed: &str, bound_to: &[u8]) -> Result<SecretBytes, &'static str> {
        const FORM: &str = "it is not in the form of a record";
        let nonce = BASE64.decode(nonce).map_err(|_| FORM)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| FORM)?;
        self.keys.decrypt(nonce, BASE64.decode(sealed).map_err(|_| FORM)?, bound_to)
    }
}
