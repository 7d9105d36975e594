//! What `load`, `save` and `remove` do to the entries. All of it blocks; changes need the store's lock.

use super::{
    entries::Entries,
    marker::{self, Marker},
    presence::{self, Look, Presence},
    root::{self, ROOT, State},
};
use crate::local::paths::StorePaths;
use auth_core::{
    ports::{Record, RecordKey, SessionId, StoreError, WriteCondition},
    secret::SecretBytes,
};
use std::collections::HashMap;

/// A root that did not read is kept under this name.
const DAMAGED_ROOT: &str = "damaged";
pub(super) const INCOMPLETE: &str =
    "parts of it are missing in the keyring, or are not the ones that were written";

/// What a read without the lock finds.
pub(super) enum Seen<T> {
    Now(T),
    /// Only the lock's holder can tell.
    Unsure,
}

/// Reads a record and changes nothing.
pub(super) fn read(
    entries: &dyn Entries,
    paths: &StorePaths,
    name: &str,
) -> Result<Seen<Option<Record>>, StoreError> {
    let state = match presence::look(entries, paths)? {
        Look::Absent => return Ok(Seen::Now(None)),
        Look::Unsure => return Ok(Seen::Unsure),
        Look::Found(state) => state,
    };
    Ok(match record(entries, &state, name)? {
        None => Seen::Now(None),
        Some(Ok(record)) => Seen::Now(Some(record)),
        Some(Err(_)) => Seen::Unsure,
    })
}

/// Reads again with the lock, sets aside what is damaged, and reports it.
pub(super) fn read_again(
    entries: &dyn Entries,
    paths: &StorePaths,
    name: &str,
) -> Result<Option<Record>, StoreError> {
    let mut state = match presence::find(entries, paths)? {
        Presence::Absent => return Ok(None),
        Presence::Damaged(bytes) => {
            quarantine_root(entries, paths, &bytes)?;
            return Err(StoreError::Corrupt { cause: root::DAMAGED });
        }
        Presence::Found(state) => state,
    };
    match record(entries, &state, name)?.transpose() {
        Ok(found) => Ok(found),
        Err(cause) => {
            let writer = state.begin(entries)?;
            if let Some(row) = state.table.records.get_mut(name) {
                row.is_damaged = true;
            }
            state.commit(writer, Vec::new(), entries, || Ok(()))?;
            tracing::warn!(cause, "a damaged record of the keyring was set aside");
            Err(StoreError::Corrupt { cause })
        }
    }
}

/// The record under a key, or what is wrong with it.
fn record(
    entries: &dyn Entries,
    state: &State,
    name: &str,
) -> Result<Option<Result<Record, &'static str>>, StoreError> {
    let Some(row) = state.table.records.get(name).filter(|row| !row.is_damaged) else {
        return Ok(None);
    };
    let body = row.body.read(entries)?;
    Ok(Some(match body {
        Some(mut body) => {
            let body = SecretBytes::new(std::mem::take(&mut *body));
            Ok(Record { session_id: SessionId(row.session_id), body })
        }
        None => Err(INCOMPLETE),
    }))
}

/// Writes all of them, or none.
pub(super) fn save(
    entries: &dyn Entries,
    paths: &StorePaths,
    records: &[(String, Record, WriteCondition)],
) -> Result<(), StoreError> {
    let (mut state, is_new) = match presence::find(entries, paths)? {
        Presence::Found(state) => (state, false),
        Presence::Absent => (State::new()?, true),
        // What is damaged has no session id. It stays where it is, for `load` to report.
        Presence::Damaged(_)
            if records.iter().any(|(_, _, condition)| *condition != WriteCondition::Unconditional) =>
        {
            return Err(StoreError::SessionReplaced);
        }
        Presence::Damaged(bytes) => {
            quarantine_root(entries, paths, &bytes)?;
            (State::beside_quarantine()?, true)
        }
    };
    check(&state, records)?;
    let mut writer = state.begin(entries)?;
    let mut replaced = Vec::new();
    for (name, record, _) in records {
        let body = writer.put(record.body.expose())?;
        let row = root::Row { session_id: record.session_id.0, body, is_damaged: false };
        replaced.extend(state.table.records.insert(name.clone(), row).map(|row| row.body));
    }
    let id = state.id.clone();
    state.commit(writer, replaced, entries, || {
        if is_new { Marker::new(&id, false).write(paths) } else { Ok(()) }
    })?;
    if is_new && let Err(error) = Marker::new(&id, true).write(paths) {
        // The records are there. Whoever comes next writes it.
        tracing::warn!(error = error.kind(), "the marker of the keyring's store could not be written");
    }
    Ok(())
}

/// Whether all may be written, one after the other.
fn check(state: &State, records: &[(String, Record, WriteCondition)]) -> Result<(), StoreError> {
    let rows = state.table.records.iter().filter(|(_, row)| !row.is_damaged);
    let mut there: HashMap<String, SessionId> =
        rows.map(|(name, row)| (name.clone(), SessionId(row.session_id))).collect();
    for (name, record, condition) in records {
        if !condition.allows(record.session_id, there.get(name).copied()) {
            return Err(StoreError::SessionReplaced);
        }
        there.insert(name.clone(), record.session_id);
    }
    Ok(())
}

/// Which record is to be removed.
pub(super) enum Removal {
    /// Whichever is there.
    Any,
    /// The one that was read, or none.
    Unchanged(Option<Record>),
}

/// Removes a record. The store goes with its last one, so that nothing of it is left.
pub(super) fn remove(
    entries: &dyn Entries,
    paths: &StorePaths,
    name: &str,
    removal: &Removal,
) -> Result<(), StoreError> {
    match presence::find(entries, paths)? {
        Presence::Absent => Ok(()),
        Presence::Damaged(bytes) => quarantine_root(entries, paths, &bytes),
        Presence::Found(state) => remove_from(state, entries, paths, name, removal),
    }
}

fn remove_from(
    mut state: State,
    entries: &dyn Entries,
    paths: &StorePaths,
    name: &str,
    removal: &Removal,
) -> Result<(), StoreError> {
    if let Removal::Unchanged(read) = removal
        && let Some(there) = record(entries, &state, name)?
        && !there.is_ok_and(|there| Record::is_unchanged(Some(&there), read.as_ref()))
    {
        return Err(StoreError::SessionReplaced);
    }
    if let Some(row) = state.table.records.remove(name) {
        let writer = state.begin(entries)?;
        state = state.commit(writer, vec![row.body], entries, || Ok(()))?;
    }
    // Here it must be gone, not only unnamed.
    state.remove_spent(entries)?;
    if state.table.records.is_empty() {
        // The marker first: a store without one is found, a marker without a store is a loss.
        marker::remove(paths)?;
        entries.remove(ROOT)?;
    }
    Ok(())
}

/// The names of all records. Whatever is wrong is left for `load` to set aside.
pub(super) fn keys(state: &State) -> Result<Vec<RecordKey>, StoreError> {
    let rows = state.table.records.iter().filter(|(_, row)| !row.is_damaged);
    let names = rows.map(|(name, _)| name.parse().map_err(|_| StoreError::Corrupt { cause: root::DAMAGED }));
    names.collect()
}

/// All records, as they are at one instant.
///
/// # Errors
/// [`StoreError::Corrupt`] if one does not read; without the lock, it may be one that is just being replaced.
pub(super) fn load_all(entries: &dyn Entries, state: &State) -> Result<Vec<(RecordKey, Record)>, StoreError> {
    let mut all = Vec::new();
    for key in keys(state)? {
        if let Some(record) = record(entries, state, &key.to_string())? {
            all.push((key, record.map_err(|cause| StoreError::Corrupt { cause })?));
        }
    }
    Ok(all)
}

/// Does something with the store as it is, without the lock.
pub(super) fn with<T: Default>(
    entries: &dyn Entries,
    paths: &StorePaths,
    work: impl FnOnce(&State) -> Result<T, StoreError>,
) -> Result<Seen<T>, StoreError> {
    match presence::look(entries, paths)? {
        Look::Absent => Ok(Seen::Now(T::default())),
        Look::Unsure => Ok(Seen::Unsure),
        Look::Found(state) => match work(&state) {
            Err(StoreError::Corrupt { .. }) => Ok(Seen::Unsure),
            done => done.map(Seen::Now),
        },
    }
}

/// The same with the lock.
pub(super) fn with_lock<T: Default>(
    entries: &dyn Entries,
    paths: &StorePaths,
    work: impl FnOnce(&State) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    match presence::find(entries, paths)? {
        Presence::Absent => Ok(T::default()),
        Presence::Damaged(_) => Err(StoreError::Corrupt { cause: root::DAMAGED }),
        Presence::Found(state) => work(&state),
    }
}

/// Forgets a store that the keyring does not have. True if there was one to forget.
pub(super) fn make_way(entries: &dyn Entries, paths: &StorePaths) -> Result<bool, StoreError> {
    let is_lost = presence::is_lost(entries, paths)?;
    if is_lost {
        marker::remove(paths)?;
        tracing::warn!("a store that the keyring does not have any more was given up");
    }
    Ok(is_lost)
}

/// Keeps a root that does not read under another name; the parts that it named stay where they are.
fn quarantine_root(entries: &dyn Entries, paths: &StorePaths, bytes: &[u8]) -> Result<(), StoreError> {
    entries.set(DAMAGED_ROOT, bytes)?;
    marker::remove(paths)?;
    entries.remove(ROOT)?;
    tracing::warn!("a damaged store of the keyring was set aside");
    Ok(())
}

/// Removes a root that did not read, and where the keyring can list its entries all parts that the present store does not name.
pub(super) fn wipe_quarantine(entries: &dyn Entries) -> Result<(), StoreError> {
    if entries.get(DAMAGED_ROOT)?.is_none() {
        return Ok(());
    }
    let named = match root::read(entries)? {
        root::Reading::Found(state) => state.part_names(),
        root::Reading::Absent => Vec::new(),
        root::Reading::Incomplete(_) => return Ok(()),
    };
    for name in entries.names()? {
        if name.starts_with("part-") && !named.contains(&name) {
            entries.remove(&name)?;
        }
    }
    entries.remove(DAMAGED_ROOT)
}
