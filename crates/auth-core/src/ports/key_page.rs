//! Walking all records of a store in pages, with bounded memory.

use super::RecordKey;

/// A place in a store's own order of its records, for [`keys_page`](super::SessionStore::keys_page). Nothing can be read from it
/// but by the store that gave it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoreCursor(Vec<u8>);

impl StoreCursor {
    /// Before the first record.
    #[must_use]
    pub fn start() -> Self {
        Self::default()
    }

    /// The place behind these bytes in the store's order. Random bytes are a random place: a store whose order is that of random
    /// names begins there, and any other one answers with no keys.
    #[must_use]
    pub fn after(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// Its bytes, for the store. Empty at the start.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Some of a store's keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyPage {
    /// The keys, each record's once in a whole walk.
    pub keys: Vec<RecordKey>,
    /// Where the next page begins. `None`: these were the last ones.
    pub next: Option<StoreCursor>,
}

impl KeyPage {
    /// A page.
    #[must_use]
    pub fn new(keys: Vec<RecordKey>, next: Option<StoreCursor>) -> Self {
        Self { keys, next }
    }
}
