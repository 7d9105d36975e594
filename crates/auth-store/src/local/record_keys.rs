//! The keys of a store's records, and the names that they give them. How a record is written is its format's.

use crate::sealing::{Format, Keys, place};
use auth_core::ports::RecordKey;
use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
use zeroize::Zeroizing;

/// The keys of a store's records.
pub(crate) struct RecordKeys {
    pub(crate) keys: Keys,
    check: String,
}

impl RecordKeys {
    pub(crate) fn new(master: Zeroizing<[u8; 32]>) -> Self {
        let keys = Keys::new(master);
        let check = BASE64.encode(keys.check());
        Self { keys, check }
    }

    /// A value that tells this key from others and says nothing more about it.
    pub(crate) fn check(&self) -> &str {
        &self.check
    }

    /// What a record is called in a store: without the key nobody can tell whose it is.
    pub(crate) fn name_in(&self, format: Format, key: &RecordKey) -> [u8; 16] {
        self.keys.name(&place(format, key))
    }
}
