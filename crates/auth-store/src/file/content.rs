//! What `load`, `save` and `remove` do to the file. All of it blocks; changes need the store's lock.

use super::{
    container::{self, Container, Reading},
    key_source::FileKeySource,
    paths::StorePaths,
    quarantine,
    record_sealing::RecordKeys,
};
use auth_core::{
    ports::{Record, RecordKey, RecordKind, StoreError, WriteCondition},
    visible,
};
use std::sync::Arc;

/// What a read of a record finds.
pub(super) enum Found {
    Record(Record),
    Absent,
    DamagedStore(&'static str),
    DamagedRecord { container: Container, keys: Arc<RecordKeys>, cause: &'static str },
}

/// Reads a record and changes nothing.
pub(super) fn read(paths: &StorePaths, source: &FileKeySource, key: &RecordKey) -> Result<Found, StoreError> {
    let container = match container::read(paths)? {
        Reading::Absent => return Ok(Found::Absent),
        Reading::Damaged(cause) => return Ok(Found::DamagedStore(cause)),
        Reading::Found(container) => container,
    };
    let keys = source.open(paths, &container)?;
    Ok(match container.record(&keys, key) {
        None => Found::Absent,
        Some(Ok(record)) => Found::Record(record),
        Some(Err(cause)) => Found::DamagedRecord { container, keys, cause },
    })
}

/// Reads again, puts what is damaged into quarantine and reports it.
pub(super) fn load_damaged(
    paths: &StorePaths,
    source: &FileKeySource,
    key: &RecordKey,
) -> Result<Option<Record>, StoreError> {
    match read(paths, source, key)? {
        Found::Record(record) => Ok(Some(record)),
        Found::Absent => Ok(None),
        Found::DamagedStore(cause) => {
            quarantine::quarantine_file(paths, cause)?;
            Err(StoreError::Corrupt { cause })
        }
        Found::DamagedRecord { mut container, keys, cause } => {
            quarantine_record(paths, &mut container, &keys, key, cause);
            container.write(paths)?;
            Err(StoreError::Corrupt { cause })
        }
    }
}

/// Writes all of them, or none.
pub(super) fn save(
    paths: &StorePaths,
    source: &FileKeySource,
    records: &[(RecordKey, Record, WriteCondition)],
) -> Result<(), StoreError> {
    let may_replace_anything =
        records.iter().all(|(_, _, condition)| *condition == WriteCondition::Unconditional);
    let found = match container::read(paths)? {
        Reading::Absent => None,
        // What is damaged has no session id. It stays where it is, for `load` to report.
        Reading::Damaged(_) if !may_replace_anything => return Err(StoreError::SessionReplaced),
        Reading::Damaged(cause) => {
            quarantine::quarantine_file(paths, cause)?;
            None
        }
        Reading::Found(container) => Some(container),
    };
    let (mut container, keys) = match found {
        Some(container) => {
            let keys = source.open(paths, &container)?;
            (container, keys)
        }
        None if !may_replace_anything => return Err(StoreError::SessionReplaced),
        None => {
            let (seal, keys) = source.begin(paths)?;
            (Container::new(seal, &keys), keys)
        }
    };
    for (key, record, condition) in records {
        let there = container.record(&keys, key);
        let of = there.as_ref().and_then(|there| there.as_ref().ok()).map(|there| there.session_id);
        if !condition.allows(record.session_id, of) {
            return Err(StoreError::SessionReplaced);
        }
        if let Some(Err(cause)) = there {
            quarantine_record(paths, &mut container, &keys, key, cause);
        }
        container.put(&keys, key, record)?;
    }
    source.tighten(paths);
    container.write(paths)
}

/// Which record is to be removed.
pub(super) enum Removal<'a> {
    /// Whichever is there.
    Any,
    /// The one that was read, or none.
    Unchanged(Option<&'a Record>),
}

/// Removes a record, and at the end of a session all of the quarantine.
pub(super) fn remove(
    paths: &StorePaths,
    source: &FileKeySource,
    key: &RecordKey,
    removal: Removal<'_>,
) -> Result<(), StoreError> {
    match container::read(paths)? {
        Reading::Absent => {}
        Reading::Damaged(cause) => quarantine::quarantine_file(paths, cause)?,
        Reading::Found(mut container) => {
            let keys = source.open(paths, &container)?;
            if let Removal::Unchanged(read) = removal
                && let Some(there) = container.record(&keys, key)
                && !there.is_ok_and(|there| Record::is_unchanged(Some(&there), read))
            {
                return Err(StoreError::SessionReplaced);
            }
            if container.remove(&keys, key) {
                source.tighten(paths);
                container.write(paths)?;
            }
        }
    }
    // Whose records a file in quarantine held cannot be told; a sign-out, which ends a session, wipes them all.
    if key.kind == RecordKind::Session { quarantine::wipe(paths) } else { Ok(()) }
}

/// The places of all records that say whose they are. A damaged one, or a damaged file, is left for `load` to set aside: a list is
/// no reason to take it away from a process that may mend it.
pub(super) fn keys(paths: &StorePaths, source: &FileKeySource) -> Result<Vec<RecordKey>, StoreError> {
    match container::read(paths)? {
        Reading::Absent => Ok(Vec::new()),
        Reading::Damaged(cause) => Err(StoreError::Corrupt { cause }),
        Reading::Found(container) => {
            let keys = source.open(paths, &container)?;
            Ok(container.keys(&keys))
        }
    }
}

/// True if there is neither a store nor anything in quarantine.
pub(super) fn nothing_there(paths: &StorePaths) -> Result<bool, StoreError> {
    Ok(matches!(container::read(paths)?, Reading::Absent) && !quarantine::has_quarantine(paths)?)
}

fn quarantine_record(
    paths: &StorePaths,
    container: &mut Container,
    keys: &RecordKeys,
    key: &RecordKey,
    cause: &'static str,
) {
    container.quarantine(keys, key, cause);
    tracing::warn!(path = %visible(&paths.store_file().to_string_lossy()), cause, "a damaged record was put into quarantine");
}
