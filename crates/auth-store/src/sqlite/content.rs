//! What `load`, `save` and `remove` do to the database. All of it blocks; changes need the store's lock.

use super::{
    creation,
    database::Database,
    pool::Pool,
    private_mode::tighten,
    records::{self, Records},
    trouble::Trouble,
};
use crate::local::{local_store::Shared, make_way, paths::StorePaths, quarantine, record_keys::RecordKeys};
use auth_core::{
    ports::{KeyPage, Record, RecordKey, RecordKind, StoreCursor, StoreError, WriteCondition},
    visible,
};
use rusqlite::{Transaction, TransactionBehavior};
use std::{path::PathBuf, sync::Arc};

/// What a read of a record finds.
pub(super) enum Found {
    Record(Record),
    Absent,
    Damaged,
}

/// The database as a whole, or what was done with it.
pub(super) enum Whole<T> {
    Absent,
    Damaged(&'static str),
    Done(T),
}

const READ: TransactionBehavior = TransactionBehavior::Deferred;
pub(super) const CHANGE: TransactionBehavior = TransactionBehavior::Immediate;

/// Does work in one transaction of the database that is there, once the key has opened it.
pub(super) fn transact<T>(
    shared: &Shared<Pool>,
    paths: &StorePaths,
    behavior: TransactionBehavior,
    work: impl FnOnce(&Records<'_>) -> Result<T, Trouble>,
) -> Result<Whole<T>, StoreError> {
    let done = shared.format.take(paths).and_then(|taken| {
        let Some(database) = taken else { return Ok(None) };
        let done = in_transaction(&database, shared, paths, behavior, work)?;
        Ok(Some((done, database)))
    });
    match done {
        Ok(Some((done, database))) => {
            shared.format.give_back(database);
            Ok(Whole::Done(done))
        }
        Ok(None) => Ok(Whole::Absent),
        Err(trouble) => {
            let cause = trouble.sort(&paths.store_file())?;
            shared.format.clear();
            // Another program may have written over it.
            paths.kind().check(&paths.store_file())?;
            Ok(Whole::Damaged(cause))
        }
    }
}

fn in_transaction<T>(
    database: &Database,
    shared: &Shared<Pool>,
    paths: &StorePaths,
    behavior: TransactionBehavior,
    work: impl FnOnce(&Records<'_>) -> Result<T, Trouble>,
) -> Result<T, Trouble> {
    let (transaction, keys) = match open(database, shared, paths, behavior) {
        Ok(opened) => opened,
        // It may have been sealed anew between the look at it and that at its key.
        Err(Trouble::Store(StoreError::WrongKey | StoreError::KeyMissing { .. })) => {
            open(database, shared, paths, behavior)?
        }
        Err(trouble) => return Err(trouble),
    };
    let done = work(&Records::new(&transaction, &keys))?;
    transaction.commit()?;
    Ok(done)
}

/// A transaction, and the keys of the database as it is in it.
fn open<'a>(
    database: &'a Database,
    shared: &Shared<Pool>,
    paths: &StorePaths,
    behavior: TransactionBehavior,
) -> Result<(Transaction<'a>, Arc<RecordKeys>), Trouble> {
    // Unchecked, since it takes the connection shared: whoever has taken it from the pool has it alone.
    let transaction = Transaction::new_unchecked(&database.connection, behavior)?;
    let (seal, check) = records::seal(&transaction)?;
    let keys = shared.key.open(paths, &seal, &check)?;
    Ok((transaction, keys))
}

/// The check of the keys that the database is sealed with; nothing if that cannot be told.
fn check(shared: &Shared<Pool>, paths: &StorePaths) -> Option<String> {
    match transact(shared, paths, READ, |records| Ok(records.check().to_owned())) {
        Ok(Whole::Done(check)) => Some(check),
        _ => None,
    }
}

/// Reads a record and changes nothing.
pub(super) fn read(shared: &Shared<Pool>, paths: &StorePaths, key: &RecordKey) -> Result<Found, StoreError> {
    Ok(match transact(shared, paths, READ, |records| records.record(key))? {
        Whole::Absent | Whole::Done(None) => Found::Absent,
        Whole::Done(Some(Ok(record))) => Found::Record(record),
        Whole::Damaged(_) | Whole::Done(Some(Err(_))) => Found::Damaged,
    })
}

/// Reads again, puts what is damaged into quarantine and reports it.
pub(super) fn load_damaged(
    shared: &Shared<Pool>,
    paths: &StorePaths,
    key: &RecordKey,
) -> Result<Option<Record>, StoreError> {
    let looked = transact(shared, paths, CHANGE, |records| {
        let there = records.record(key)?;
        if let Some(Err(cause)) = there {
            quarantine_record(paths, records, key, cause)?;
        }
        Ok(there)
    });
    match looked? {
        Whole::Absent => Ok(None),
        Whole::Damaged(cause) => {
            quarantine::quarantine_file(paths, cause)?;
            Err(StoreError::Corrupt { cause })
        }
        Whole::Done(None) => Ok(None),
        Whole::Done(Some(Ok(record))) => Ok(Some(record)),
        Whole::Done(Some(Err(cause))) => Err(StoreError::Corrupt { cause }),
    }
}

/// Writes all of them, or none.
pub(super) fn save(
    shared: &Shared<Pool>,
    paths: &StorePaths,
    records: &[(RecordKey, Record, WriteCondition)],
) -> Result<(), StoreError> {
    tighten(paths);
    shared.key.tighten(paths);
    let write = |kept: &Records<'_>| {
        for (key, record, condition) in records {
            let there = kept.record(key)?;
            let of = there.as_ref().and_then(|there| there.as_ref().ok()).map(|there| there.session_id);
            if !condition.allows(record.session_id, of) {
                return Err(StoreError::SessionReplaced.into());
            }
            if let Some(Err(cause)) = there {
                quarantine_record(paths, kept, key, cause)?;
            }
            kept.put(key, record)?;
        }
        Ok(())
    };
    match transact(shared, paths, CHANGE, write)? {
        Whole::Done(()) => {
            shared.key.settle(paths, || check(shared, paths));
            return Ok(());
        }
        // What is damaged has no session id. It stays where it is, for `load` to report.
        _ if !records.iter().all(|(_, _, condition)| *condition == WriteCondition::Unconditional) => {
            return Err(StoreError::SessionReplaced);
        }
        Whole::Damaged(cause) => quarantine::quarantine_file(paths, cause)?,
        Whole::Absent => {}
    }
    let (seal, keys) = shared.key.begin(paths)?;
    let made = creation::create(paths, &seal, keys.check());
    made.or_else(|trouble| trouble.sort(&paths.store_file()).and(Err(StoreError::failed())))?;
    match transact(shared, paths, CHANGE, write)? {
        Whole::Done(()) => Ok(()),
        Whole::Absent | Whole::Damaged(_) => Err(StoreError::failed()),
    }
}

/// Which record is to be removed.
pub(super) enum Removal {
    /// Whichever is there.
    Any,
    /// The one that was read, or none.
    Unchanged(Option<Record>),
}

/// Removes a record, and at the end of a session all of the quarantine.
pub(super) fn remove(
    shared: &Shared<Pool>,
    paths: &StorePaths,
    key: &RecordKey,
    removal: &Removal,
) -> Result<(), StoreError> {
    let removed = transact(shared, paths, CHANGE, |records| {
        if let Removal::Unchanged(read) = removal
            && let Some(there) = records.record(key)?
            && !there.is_ok_and(|there| Record::is_unchanged(Some(&there), read.as_ref()))
        {
            return Err(StoreError::SessionReplaced.into());
        }
        records.remove(key)
    });
    match removed? {
        Whole::Absent | Whole::Done(false) => {}
        Whole::Damaged(cause) => quarantine::quarantine_file(paths, cause)?,
        Whole::Done(true) => {
            shared.key.settle(paths, || check(shared, paths));
            tighten(paths);
            empty_log(shared, paths)?;
        }
    }
    // Whose records a file in quarantine held cannot be told; a sign-out, which ends a session, wipes them all.
    if key.kind == RecordKind::Session { quarantine::wipe(paths) } else { Ok(()) }
}

/// The places of all records. Whatever is wrong is left for `load` to set aside.
pub(super) fn keys(shared: &Shared<Pool>, paths: &StorePaths) -> Result<Vec<RecordKey>, StoreError> {
    match transact(shared, paths, READ, |records| records.places())? {
        Whole::Absent => Ok(Vec::new()),
        Whole::Damaged(cause) | Whole::Done(Err(cause)) => Err(StoreError::Corrupt { cause }),
        Whole::Done(Ok(places)) => Ok(places),
    }
}

/// Some of the places behind a name.
pub(super) fn keys_page(
    shared: &Shared<Pool>,
    paths: &StorePaths,
    after: &StoreCursor,
    at_most: usize,
) -> Result<KeyPage, StoreError> {
    match transact(shared, paths, READ, |records| records.places_after(after.as_bytes(), at_most.max(1)))? {
        Whole::Absent => Ok(KeyPage::default()),
        Whole::Damaged(cause) => Err(StoreError::Corrupt { cause }),
        Whole::Done(page) => Ok(page),
    }
}

/// All records, as they are at one instant.
pub(super) fn load_all(
    shared: &Shared<Pool>,
    paths: &StorePaths,
) -> Result<Vec<(RecordKey, Record)>, StoreError> {
    let read = transact(shared, paths, READ, |records| {
        let places = records.places()?.map_err(|cause| StoreError::Corrupt { cause })?;
        let mut all = Vec::with_capacity(places.len());
        for key in places {
            if let Some(record) = records.record(&key)? {
                all.push((key, record.map_err(|cause| StoreError::Corrupt { cause })?));
            }
        }
        Ok(all)
    });
    match read? {
        Whole::Absent => Ok(Vec::new()),
        Whole::Damaged(cause) => Err(StoreError::Corrupt { cause }),
        Whole::Done(all) => Ok(all),
    }
}

/// True if there is neither a store nor anything in quarantine.
pub(super) fn nothing_there(shared: &Shared<Pool>, paths: &StorePaths) -> Result<bool, StoreError> {
    let taken = match shared.format.take(paths) {
        Ok(taken) => taken,
        Err(trouble) => return trouble.sort(&paths.store_file()).map(|_| false),
    };
    match taken {
        Some(database) => {
            shared.format.give_back(database);
            Ok(false)
        }
        None => Ok(!quarantine::has_quarantine(paths)?),
    }
}

/// Moves the store aside if its key cannot be had.
pub(super) fn make_way(shared: &Shared<Pool>, paths: &StorePaths) -> Result<Option<PathBuf>, StoreError> {
    let (opened, has_store) = match transact(shared, paths, READ, |_| Ok(())) {
        // What is damaged is put into quarantine by whoever reads it.
        Ok(Whole::Absent | Whole::Damaged(_)) => (shared.key.check(paths), false),
        Ok(Whole::Done(())) => return Ok(None),
        Err(error @ (StoreError::WrongKey | StoreError::KeyMissing { .. })) => {
            // A file that is kept is complete without its log.
            empty_log(shared, paths)?;
            shared.format.clear();
            (Err(error), true)
        }
        Err(error) => return Err(error),
    };
    make_way::make_way(paths, opened, has_store)
}

pub(super) fn empty_log(shared: &Shared<Pool>, paths: &StorePaths) -> Result<(), StoreError> {
    let emptied = shared.format.take(paths).and_then(|taken| {
        let Some(database) = taken else { return Ok(()) };
        database.empty_log()?;
        shared.format.give_back(database);
        Ok(())
    });
    // What is damaged is found by the next one.
    emptied.or_else(|trouble| trouble.sort(&paths.store_file()).map(drop))
}

pub(super) fn quarantine_record(
    paths: &StorePaths,
    records: &Records<'_>,
    key: &RecordKey,
    cause: &'static str,
) -> Result<(), Trouble> {
    records.quarantine(key, cause)?;
    tracing::warn!(path = %visible(&paths.store_file().to_string_lossy()), cause, "a damaged record was put into quarantine");
    Ok(())
}
