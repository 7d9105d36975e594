//! Whether the keyring has the store. That an entry is not found says little: a service that was stopped is started anew by whoever asks for
//! it, and may have none of the entries that it had. So `not found` counts only where no marker says otherwise.

use super::{
    entries::Entries,
    lost::{KeyringLost, lost},
    marker::Marker,
    root::{self, Reading, State},
};
use crate::local::paths::StorePaths;
use auth_core::ports::StoreError;
use zeroize::Zeroizing;

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
