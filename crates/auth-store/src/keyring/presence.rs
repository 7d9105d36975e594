//! Whether the keyring has the store. That an entry is not found says little: a service that was stopped is started anew by whoever asks for
//! it, and may have none of the entries that it had. So `not found` counts only where no marker says otherwise.

use super::{
    entries::Entries,
    marker::Marker,
    root::{self, Reading, State},
};
use crate::local::paths::StorePaths;
use auth_core::ports::StoreError;
use std::{error::Error, fmt};
use zeroize::Zeroizing;

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

/// What can be told without the store's lock.
pub(super) enum Look {
    Absent,
    Found(State),
    /// Somebody may be changing it: only the lock's holder can tell.
    Unsure,
}

/// Looks without the lock.
pub(super) fn look(entries: &dyn Entries, paths: &StorePaths) -> Result<Look, StoreError> {
    // The keyring first: a store that goes loses its marker before its root.
    let reading = root::read(entries)?;
    let marker = Marker::read(paths)?;
    Ok(match (reading, marker) {
        (Reading::Found(state), Some(marker)) if marker.is_kept && marker.id == state.id => {
            Look::Found(state)
        }
        (Reading::Absent, None | Some(Marker { is_kept: false, .. })) => Look::Absent,
        _ => Look::Unsure,
    })
}

/// What is there for the lock's holder.
pub(super) enum Presence {
    Absent,
    Found(State),
    /// The root does not read.
    Damaged(Zeroizing<Vec<u8>>),
}

/// Looks with the lock, and marks a store that has no marker: that of another folder, or one that was cut off when it was new.
///
/// # Errors
/// [`StoreError::Unavailable`] if a marker says that there is a store and the keyring does not have it.
pub(super) fn find(entries: &dyn Entries, paths: &StorePaths) -> Result<Presence, StoreError> {
    let marker = Marker::read(paths)?;
    match (root::read(entries)?, marker) {
        (Reading::Absent, None | Some(Marker { is_kept: false, .. })) => Ok(Presence::Absent),
        (Reading::Absent, Some(_)) => Err(lost(KeyringLost::Absent)),
        (Reading::Incomplete(bytes), _) => Ok(Presence::Damaged(bytes)),
        (Reading::Found(state), Some(marker)) if marker.is_kept => {
            if marker.id == state.id {
                Ok(Presence::Found(state))
            } else {
                Err(lost(KeyringLost::Another))
            }
        }
        (Reading::Found(state), _) => {
            Marker::new(&state.id, true).write(paths)?;
            Ok(Presence::Found(state))
        }
    }
}

/// True if a marker speaks of a store that the keyring does not have.
pub(super) fn is_lost(entries: &dyn Entries, paths: &StorePaths) -> Result<bool, StoreError> {
    let Some(marker) = Marker::read(paths)?.filter(|marker| marker.is_kept) else { return Ok(false) };
    Ok(match root::read(entries)? {
        Reading::Absent => true,
        Reading::Found(state) => state.id != marker.id,
        Reading::Incomplete(_) => false,
    })
}
