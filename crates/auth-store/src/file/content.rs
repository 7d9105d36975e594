//! What `load`, `save` and `remove` do to the file. All of it blocks; changes need the store's lock.

use super::{
    container::{self, Container, Reading},
    records::Records,
};
use crate::{
    NewKey,
    local::{key_source::LocalKeySource, make_way, paths::StorePaths, quarantine, record_keys::RecordKeys},
};
use auth_core::{
    ports::{Record, RecordKey, RecordKind, StoreError, WriteCondition},
    visible,
};
use std::{path::PathBuf, sync::Arc};

/// What a read of a record finds.
pub(super) enum Found {
    Record(Record),
    Absent,
    DamagedStore(&'static str),
    DamagedRecord { records: Box<Records>, cause: &'static str },
}

/// Reads a record and changes nothing.
pub(super) fn read(
    paths: &StorePaths,
    source: &LocalKeySource,
    key: &RecordKey,
) -> Result<Found, StoreError> {
    let records = match read_all(paths, source, [key])? {
        Whole::Absent => return Ok(Found::Absent),
        Whole::Damaged(cause) => return Ok(Found::DamagedStore(cause)),
        Whole::Records(records) => records,
    };
    Ok(match records.record(key) {
        None => Found::Absent,
        Some(Ok(record)) => Found::Record(record),
        Some(Err(cause)) => Found::DamagedRecord { records, cause },
    })
}

/// The file as a whole.
enum Whole {
    Absent,
    Damaged(&'static str),
    Records(Box<Records>),
}

/// The file with its keys.
enum Opened {
    Absent,
    Damaged(&'static str),
    Found(Container, Arc<RecordKeys>),
}

fn open(paths: &StorePaths, source: &LocalKeySource) -> Result<Opened, StoreError> {
    Ok(match container::read(paths)? {
        Reading::Absent => Opened::Absent,
        Reading::Damaged(cause) => Opened::Damaged(cause),
        Reading::Found(container) => {
            let keys = source.open(paths, &container.seal, &container.check)?;
            Opened::Found(container, keys)
        }
    })
}

/// Reads the file in which these records are looked for.
fn read_all<'a>(
    paths: &StorePaths,
    source: &LocalKeySource,
    keys: impl IntoIterator<Item = &'a RecordKey>,
) -> Result<Whole, StoreError> {
    let opened = match open(paths, source) {
        // It may have been sealed anew between the look at it and that at its key.
        Err(StoreError::WrongKey | StoreError::KeyMissing { .. }) => open(paths, source),
        opened => opened,
    };
    Ok(match opened? {
        Opened::Absent => Whole::Absent,
        Opened::Damaged(cause) => Whole::Damaged(cause),
        Opened::Found(container, record_keys) => match Records::open(container, record_keys) {
            Err(cause) => Whole::Damaged(cause),
            Ok(records) if keys.into_iter().any(|key| records.has_lost_its_table(key)) => {
                Whole::Damaged("the table of its records was taken away")
            }
            Ok(records) => Whole::Records(Box::new(records)),
        },
    })
}

/// Reads again, puts what is damaged into quarantine and reports it.
pub(super) fn load_damaged(
    paths: &StorePaths,
    source: &LocalKeySource,
    key: &RecordKey,
) -> Result<Option<Record>, StoreError> {
    match read(paths, source, key)? {
        Found::Record(record) => Ok(Some(record)),
        Found::Absent => Ok(None),
        Found::DamagedStore(cause) => {
            quarantine::quarantine_file(paths, cause)?;
            Err(StoreError::Corrupt { cause })
        }
        Found::DamagedRecord { mut records, cause } => {
            quarantine_record(paths, &mut records, key, cause);
            records.write(paths)?;
            Err(StoreError::Corrupt { cause })
        }
    }
}

/// Writes all of them, or none. Gives how many records there are then.
pub(super) fn save(
    paths: &StorePaths,
    source: &LocalKeySource,
    records: &[(RecordKey, Record, WriteCondition)],
) -> Result<usize, StoreError> {
    let may_replace_anything =
        records.iter().all(|(_, _, condition)| *condition == WriteCondition::Unconditional);
    let mut kept = match read_all(paths, source, records.iter().map(|(key, ..)| key))? {
        Whole::Records(kept) => kept,
        // What is damaged has no session id. It stays where it is, for `load` to report.
        Whole::Absent | Whole::Damaged(_) if !may_replace_anything => {
            return Err(StoreError::SessionReplaced);
        }
        other => {
            if let Whole::Damaged(cause) = other {
                quarantine::quarantine_file(paths, cause)?;
            }
            let (seal, keys) = source.begin(paths)?;
            Box::new(Records::new(seal, keys))
        }
    };
    for (key, record, condition) in records {
        let there = kept.record(key);
        let of = there.as_ref().and_then(|there| there.as_ref().ok()).map(|there| there.session_id);
        if !condition.allows(record.session_id, of) {
            return Err(StoreError::SessionReplaced);
        }
        if let Some(Err(cause)) = there {
            quarantine_record(paths, &mut kept, key, cause);
        }
        kept.put(key, record)?;
    }
    source.settle(paths, || Some(kept.check().to_owned()));
    source.tighten(paths);
    let records = kept.len();
    kept.write(paths)?;
    Ok(records)
}

/// Seals all of the store with another key. Gives how many records there are.
pub(super) fn rekey(paths: &StorePaths, source: &LocalKeySource, key: &NewKey) -> Result<usize, StoreError> {
    let mut records = match read_all(paths, source, [])? {
        Whole::Absent => return Ok(0),
        Whole::Damaged(cause) => return Err(StoreError::Corrupt { cause }),
        Whole::Records(records) => records,
    };
    let (seal, keys) = key.begin(paths, records.check())?;
    let sealed = records.rekey(seal, keys)?;
    records.write(paths)?;
    key.finish(paths);
    Ok(sealed)
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
    source: &LocalKeySource,
    key: &RecordKey,
    removal: Removal<'_>,
) -> Result<(), StoreError> {
    match read_all(paths, source, [key])? {
        Whole::Absent => {}
        Whole::Damaged(cause) => quarantine::quarantine_file(paths, cause)?,
        Whole::Records(mut records) => {
            if let Removal::Unchanged(read) = removal
                && let Some(there) = records.record(key)
                && !there.is_ok_and(|there| Record::is_unchanged(Some(&there), read))
            {
                return Err(StoreError::SessionReplaced);
            }
            if records.remove(key) {
                source.settle(paths, || Some(records.check().to_owned()));
                source.tighten(paths);
                records.write(paths)?;
            }
        }
    }
    // Whose records a file in quarantine held cannot be told; a sign-out, which ends a session, wipes them all.
    if key.kind == RecordKind::Session { quarantine::wipe(paths) } else { Ok(()) }
}

/// The places of all records, also of those that are damaged or missing. Whatever is wrong is left for `load` to set aside: a list is
/// no reason to take it away from a process that may mend it.
pub(super) fn keys(paths: &StorePaths, source: &LocalKeySource) -> Result<Vec<RecordKey>, StoreError> {
    match read_all(paths, source, [])? {
        Whole::Absent => Ok(Vec::new()),
        Whole::Damaged(cause) => Err(StoreError::Corrupt { cause }),
        Whole::Records(records) => records.places().map_err(|cause| StoreError::Corrupt { cause }),
    }
}

/// All records, as they are at one instant, but for those that the oldest programs wrote and nobody since.
pub(super) fn load_all(
    paths: &StorePaths,
    source: &LocalKeySource,
) -> Result<Vec<(RecordKey, Record)>, StoreError> {
    let damaged = |cause| StoreError::Corrupt { cause };
    let records = match read_all(paths, source, [])? {
        Whole::Absent => return Ok(Vec::new()),
        Whole::Damaged(cause) => return Err(damaged(cause)),
        Whole::Records(records) => records,
    };
    let mut all = Vec::new();
    for key in records.places().map_err(damaged)? {
        if let Some(record) = records.record(&key) {
            all.push((key, record.map_err(damaged)?));
        }
    }
    Ok(all)
}

/// True if there is neither a store nor anything in quarantine.
pub(super) fn nothing_there(paths: &StorePaths) -> Result<bool, StoreError> {
    Ok(matches!(container::read(paths)?, Reading::Absent) && !quarantine::has_quarantine(paths)?)
}

/// Moves the store aside if this source cannot open it.
pub(super) fn make_way(paths: &StorePaths, source: &LocalKeySource) -> Result<Option<PathBuf>, StoreError> {
    let (opened, has_store) = match container::read(paths)? {
        Reading::Found(found) => (source.open(paths, &found.seal, &found.check).map(drop), true),
        // What is damaged is put into quarantine by whoever reads it.
        Reading::Absent | Reading::Damaged(_) => (source.check(paths), false),
    };
    make_way::make_way(paths, opened, has_store)
}

fn quarantine_record(paths: &StorePaths, records: &mut Records, key: &RecordKey, cause: &'static str) {
    records.quarantine(key, cause);
    tracing::warn!(path = %visible(&paths.store_file().to_string_lossy()), cause, "a damaged record was put into quarantine");
}
