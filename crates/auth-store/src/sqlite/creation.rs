//! A new database. It is put together in memory and appears under its name complete, with its mark, owner and mode, or not at all.

use super::{
    companions,
    format::{APPLICATION_ID, SCHEMA, VERSION},
    network,
    trouble::Trouble,
};
use crate::local::{atomic_replace, error::io_error, paths::StorePaths, seal::Seal};
use auth_core::ports::StoreError;
use rusqlite::Connection;

/// Where SQLite's header says that a database has a write-ahead log, and how: once for whoever writes and once for whoever reads.
const LOG_AT: std::ops::Range<usize> = 18..20;
const WITH_LOG: u8 = 2;

/// Puts a new database where none lies, or an empty file. Needs the store's lock.
pub(super) fn create(paths: &StorePaths, seal: &Seal, check: &str) -> Result<(), Trouble> {
    network::check(paths.directory()).map_err(io_error("making a database", &paths.store_file()))?;
    companions::clear(paths)?;
    let bytes = database(seal, check)?;
    Ok(atomic_replace::replace(&paths.store_file(), &bytes)?)
}

fn database(seal: &Seal, check: &str) -> Result<Vec<u8>, Trouble> {
    let mut made = Connection::open_in_memory()?;
    made.pragma_update(None, "application_id", APPLICATION_ID)?;
    made.pragma_update(None, "user_version", VERSION)?;
    for (_, words) in SCHEMA {
        made.execute_batch(words)?;
    }
    let seal = serde_json::to_string(seal).map_err(|_| StoreError::failed())?;
    made.execute("INSERT INTO store (only, seal, key_check) VALUES (1, ?1, ?2)", [seal.as_str(), check])?;
    let mut bytes = made.serialize("main")?.to_vec();
    bytes.get_mut(LOG_AT).ok_or_else(StoreError::failed)?.fill(WITH_LOG);
    Ok(bytes)
}
