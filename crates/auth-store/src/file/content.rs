//! What `load`, `save` and `remove` do to the file. All of it blocks; changes need the store's lock.

use super::{
    container::{self, Container, Reading},
    key::KeySource,
    paths::StorePaths,
    quarantine,
    seal::Keys,
};
use auth_core::ports::{Record, RecordKey, RecordKind, StoreError, WriteCondition};
use std::sync::Arc;

/// What a look at a record shows.
pub(super) enum Look {
    Found(Record),
    Absent,
    DamagedStore(&'static str),
    DamagedRecord { container: Container, keys: Arc<Keys>, cause: &'static str },
}

/// Looks for a record and changes nothing.
pub(super) fn look(paths: &StorePaths, source: &KeySource, key: &RecordKey) -> Result<Look, StoreError> {
    let container = match container::read(paths)? {
        Reading::Absent => return Ok(Look::Absent),
        Reading::Damaged(cause) => return Ok(Look::DamagedStore(cause)),
        Reading::Found(container) => container,
    };
    let keys = source.open(paths, &container)?;
    Ok(match container.record(&keys, key) {
        None => Look::Absent,
        Some(Ok(record)) => Look::Found(record),
        Some(Err(cause)) => Look::DamagedRecord { container, keys, cause },
    })
}

/// Looks again, sets aside what is damaged and reports it.
pub(super) fn settle(
    paths: &StorePaths,
    source: &KeySource,
    key: &RecordKey,
) -> Result<Option<Record>, StoreError> {
    match look(paths, source, key)? {
        Look::Found(record) => Ok(Some(record)),
        Look::Absent => Ok(None),
        Look::DamagedStore(cause) => {
            quarantine::quarantine(paths, cause)?;
            Err(StoreError::Corrupt { cause })
        }
        Look::DamagedRecord { mut container, keys, cause } => {
            set_record_aside(paths, &mut container, &keys, key, cause);
            container.write(paths)?;
            Err(StoreError::Corrupt { cause })
        }
    }
}

/// Writes all of them, or none.
pub(super) fn save(
    paths: &StorePaths,
    source: &KeySource,
    records: &[(RecordKey, Record, WriteCondition)],
) -> Result<(), StoreError> {
    let may_replace_anything =
        records.iter().all(|(_, _, condition)| *condition == WriteCondition::Unconditional);
    let found = match container::read(paths)? {
        Reading::Absent => None,
        // What is damaged has no epoch. It stays where it is, for `load` to report.
        Reading::Damaged(_) if !may_replace_anything => return Err(StoreError::SessionReplaced),
        Reading::Damaged(cause) => {
            quarantine::quarantine(paths, cause)?;
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
        let same = matches!(&there, Some(Ok(there)) if there.session_id == record.session_id);
        if *condition == WriteCondition::SameSession && !same {
            return Err(StoreError::SessionReplaced);
        }
        if let Some(Err(cause)) = there {
            set_record_aside(paths, &mut container, &keys, key, cause);
        }
        container.put(&keys, key, record)?;
    }
    source.tighten(paths);
    container.write(paths)
}

pub(super) fn remove(paths: &StorePaths, source: &KeySource, key: &RecordKey) -> Result<(), StoreError> {
    match container::read(paths)? {
        Reading::Absent => {}
        Reading::Damaged(cause) => quarantine::quarantine(paths, cause)?,
        Reading::Found(mut container) => {
            let keys = source.open(paths, &container)?;
            if container.remove(&keys, key) {
                source.tighten(paths);
                container.write(paths)?;
            }
        }
    }
    // Whose records a set-aside file held cannot be told; a sign-out, which ends a session, wipes them all.
    if key.kind == RecordKind::Session { quarantine::wipe(paths) } else { Ok(()) }
}

/// The places of all records that say whose they are. A damaged one is left for a look at it to report.
pub(super) fn keys(paths: &StorePaths, source: &KeySource) -> Result<Vec<RecordKey>, StoreError> {
    match container::read(paths)? {
        Reading::Absent => Ok(Vec::new()),
        Reading::Damaged(cause) => Err(StoreError::Unavailable { what: cause }),
        Reading::Found(container) => {
            let keys = source.open(paths, &container)?;
            Ok(container.keys(&keys))
        }
    }
}

/// True if there is neither a store nor anything that was set aside.
pub(super) fn nothing_there(paths: &StorePaths) -> Result<bool, StoreError> {
    Ok(matches!(container::read(paths)?, Reading::Absent) && !quarantine::anything_aside(paths)?)
}

fn set_record_aside(
    paths: &StorePaths,
    container: &mut Container,
    keys: &Keys,
    key: &RecordKey,
    cause: &'static str,
) {
    container.quarantine(keys, key, cause);
    tracing::warn!(path = %paths.store_file().display(), cause, "a damaged record was set aside");
}
