//! A keyring that does not have a store any more.

use auth_core::ports::StoreError;
use std::{error::Error, fmt};

/// The keyring does not have a store's entries any more, or has another store's: what lies behind such a [`StoreError::Unavailable`].
/// [`KeyringStore::make_way`](crate::KeyringStore::make_way) is the way out if they do not come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyringLost {
    /// It has none.
    Absent,
    /// It has another store's.
    Another,
}

impl fmt::Display for KeyringLost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Absent => ABSENT,
            Self::Another => ANOTHER,
        })
    }
}

impl Error for KeyringLost {}

const ABSENT: &str = "the keyring does not have this store's entries";
const ANOTHER: &str = "the keyring has another store's entries in their place";

pub(super) fn lost(how: KeyringLost) -> StoreError {
    let what = match how {
        KeyringLost::Absent => ABSENT,
        KeyringLost::Another => ANOTHER,
    };
    StoreError::unavailable(what).because(how)
}
