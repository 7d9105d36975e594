//! What `load`, `save` and `remove` do to the file. All of it blocks; changes need the store's lock.

use super::{
    container::{self, Container, Reading},
    damage,
    key::KeySource,
    places::Places,
    seal::Keys,
};
use auth_core::ports::{Guard, Record, RecordKey, Slot, StoreError};
use std::sync::Arc;

/// What a look at a record shows.
pub(super) enum Look {
    Found(Record),
    Absent,
    DamagedStore(&'static str),
    DamagedRecord { container: Container, keys: Arc<Keys>, cause: &'static str },
}

/// Looks for a record and changes nothing.
pub(super) fn look(places: &Places, source: &KeySource, key: &RecordKey) -> Result<Look, StoreError> {
    let container = match container::read(places)? {
        Reading::Absent => return Ok(Look::Absent),
        Reading::Damaged(cause) => return Ok(Look::DamagedStore(cause)),
        Reading::Found(container) => container,
    };
    let keys = source.open(places, &container)?;
    Ok(match container.record(&keys, key) {
        None => Look::Absent,
        Some(Ok(record)) => Look::Found(record),
        Some(Err(cause)) => Look::DamagedRecord { container, keys, cause },
    })
}

/// Looks again, sets aside what is damaged and reports it.
pub(super) fn settle(
    places: &Places,
    source: &KeySource,
    key: &RecordKey,
) -> Result<Option<Record>, StoreError> {
    match look(places, source, key)? {
        Look::Found(record) => Ok(Some(record)),
        Look::Absent => Ok(None),
        Look::DamagedStore(cause) => {
            damage::set_aside(places, cause)?;
            Err(StoreError::Corrupt { cause })
        }
        Look::DamagedRecord { mut container, keys, cause } => {
            set_record_aside(places, &mut container, &keys, key, cause);
            container.write(places)?;
            Err(StoreError::Corrupt { cause })
        }
    }
}

/// Writes all of them, or none.
pub(super) fn save(
    places: &Places,
    source: &KeySource,
    records: &[(RecordKey, Record, Guard)],
) -> Result<(), StoreError> {
    let may_replace_anything = records.iter().all(|(_, _, guard)| *guard == Guard::Any);
    let found = match container::read(places)? {
        Reading::Absent => None,
        // What is damaged has no epoch. It stays where it is, for `load` to report.
        Reading::Damaged(_) if !may_replace_anything => return Err(StoreError::EpochMoved),
        Reading::Damaged(cause) => {
            damage::set_aside(places, cause)?;
            None
        }
        Reading::Found(container) => Some(container),
    };
    let (mut container, keys) = match found {
        Some(container) => {
            let keys = source.open(places, &container)?;
            (container, keys)
        }
        None if !may_replace_anything => return Err(StoreError::EpochMoved),
        None => {
            let (seal, keys) = source.begin(places)?;
            (Container::new(seal, &keys), keys)
        }
    };
    for (key, record, guard) in records {
        let there = container.record(&keys, key);
        let same = matches!(&there, Some(Ok(there)) if there.epoch == record.epoch);
        if *guard == Guard::SameEpoch && !same {
            return Err(StoreError::EpochMoved);
        }
        if let Some(Err(cause)) = there {
            set_record_aside(places, &mut container, &keys, key, cause);
        }
        container.put(&keys, key, record)?;
    }
    source.tighten(places);
    container.write(places)
}

pub(super) fn remove(places: &Places, source: &KeySource, key: &RecordKey) -> Result<(), StoreError> {
    match container::read(places)? {
        Reading::Absent => {}
        Reading::Damaged(cause) => damage::set_aside(places, cause)?,
        Reading::Found(mut container) => {
            let keys = source.open(places, &container)?;
            if container.remove(&keys, key) {
                source.tighten(places);
                container.write(places)?;
            }
        }
    }
    // Whose records a set-aside file held cannot be told; a sign-out, which ends a session, wipes them all.
    if key.slot == Slot::Session { damage::wipe(places) } else { Ok(()) }
}

/// The places of all records that say whose they are. A damaged one is left for a look at it to report.
pub(super) fn keys(places: &Places, source: &KeySource) -> Result<Vec<RecordKey>, StoreError> {
    match container::read(places)? {
        Reading::Absent => Ok(Vec::new()),
        Reading::Damaged(cause) => Err(StoreError::Unavailable { what: cause }),
        Reading::Found(container) => {
            let keys = source.open(places, &container)?;
            Ok(container.keys(&keys))
        }
    }
}

/// True if there is neither a store nor anything that was set aside.
pub(super) fn nothing_there(places: &Places) -> Result<bool, StoreError> {
    Ok(matches!(container::read(places)?, Reading::Absent) && !damage::anything_aside(places)?)
}

fn set_record_aside(
    places: &Places,
    container: &mut Container,
    keys: &Keys,
    key: &RecordKey,
    cause: &'static str,
) {
    container.set_aside(keys, key, cause);
    tracing::warn!(path = %places.store_file().display(), cause, "a damaged record was set aside");
}
