//! Sealing a whole database with another key, in one transaction. Blocks, and needs the store's lock.

use super::{
    content::{self, CHANGE, Whole, empty_log, transact},
    pool::Pool,
};
use crate::{
    NewKey,
    local::{local_store::Shared, paths::StorePaths},
};
use auth_core::ports::StoreError;

/// Seals all records with another key. Gives how many there are.
pub(super) fn rekey(shared: &Shared<Pool>, paths: &StorePaths, key: &NewKey) -> Result<usize, StoreError> {
    // Whether it opens, before a key is made for it.
    let check = match transact(shared, paths, CHANGE, |records| Ok(records.check().to_owned()))? {
        Whole::Absent => return Ok(0),
        Whole::Damaged(cause) => return Err(StoreError::Corrupt { cause }),
        Whole::Done(check) => check,
    };
    let (seal, keys) = key.begin(paths, &check)?;
    let sealed = transact(shared, paths, CHANGE, |records| {
        records.rekey(&seal, &keys, |key, cause| content::quarantine_record(paths, records, key, cause))
    });
    let Whole::Done(sealed) = sealed? else { return Err(StoreError::failed()) };
    key.finish(paths);
    // It holds what was sealed with the old key.
    empty_log(shared, paths)?;
    Ok(sealed)
}
