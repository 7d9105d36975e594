//! A connection to a database: opened only if the file is ours, with settings that trust nothing in it.

use super::{
    companions,
    format::{APPLICATION_ID, SCHEMA, VERSION, read_head},
    network,
    open_files::{Connected, FileId},
    trouble::Trouble,
};
use crate::local::{
    error::{io_error, not_a_store},
    paths::StorePaths,
};
use auth_core::ports::StoreError;
use rusqlite::{Connection, OpenFlags, config::DbConfig};
use std::{io, time::Duration};

/// How long SQLite waits for whoever holds the database beside us: our own processes wait for each other's changes elsewhere.
const BUSY_WAIT: Duration = Duration::from_secs(5);
/// Pages that a connection keeps, in KiB.
const CACHE_KIB: i32 = 1024;

pub(super) struct Database {
    /// Closed before the other is dropped: fields are dropped in this order.
    pub(super) connection: Connection,
    connected: Connected,
}

impl Database {
    /// Opens the store's database; nothing if none is there, or an empty file.
    pub(super) fn open(paths: &StorePaths) -> Result<Option<Self>, Trouble> {
        let store = paths.store_file();
        let failed = io_error("opening its database", &store);
        let looked = paths.kind().look_at(&store, |opened| Ok((opened.found.len(), read_head(opened)?)));
        match looked {
            Ok((0, _)) => return Ok(None),
            Ok((_, None)) => return Err(not_a_store(&store).into()),
            Ok((_, Some(head))) => is_readable(head.version)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error).into()),
        }
        network::check(paths.directory()).map_err(&failed)?;
        companions::check(paths)?;
        let connected = Connected::to(&store).map_err(&failed)?;
        // No mutex of SQLite's: whoever has the connection has it alone.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&store, flags)?;
        let database = Self { connection, connected };
        database.set_up()?;
        database.check()?;
        if database.is_at(paths) {
            Ok(Some(database))
        } else {
            Err(StoreError::unavailable("the database was replaced meanwhile").into())
        }
    }

    /// True if the file of this connection still has the store's name.
    pub(super) fn is_at(&self, paths: &StorePaths) -> bool {
        FileId::at(&paths.store_file()).is_ok_and(|id| id == self.connected.id)
    }

    /// Writes the log into the database and empties it, so that no old page stays in it. It is left for later if somebody reads.
    pub(super) fn empty_log(&self) -> Result<(), Trouble> {
        self.connection.busy_timeout(Duration::ZERO)?;
        let emptied =
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
        self.connection.busy_timeout(BUSY_WAIT)?;
        match emptied {
            Ok(0) => Ok(()),
            Ok(_) => {
                tracing::debug!("the database's log is in use, and is emptied later");
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    fn set_up(&self) -> Result<(), Trouble> {
        let connection = &self.connection;
        connection.busy_timeout(BUSY_WAIT)?;
        // What a database brings along is not run: nothing of ours needs it.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
        connection.pragma_update(None, "cell_size_check", true)?;
        // What is removed is overwritten.
        connection.pragma_update(None, "secure_delete", true)?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
        connection.pragma_update(None, "temp_store", "memory")?;
        // A save outlives a power cut, on Apple's systems too.
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "fullfsync", true)?;
        connection.pragma_update(None, "checkpoint_fullfsync", true)?;
        let mode: String = connection.query_row("PRAGMA journal_mode = wal", [], |row| row.get(0))?;
        if mode == "wal" {
            Ok(())
        } else {
            Err(StoreError::unavailable("the database cannot have a write-ahead log here").into())
        }
    }

    /// Whether the database is in the form of a store of this version.
    fn check(&self) -> Result<(), Trouble> {
        let number =
            |pragma: &str| self.connection.pragma_query_value(None, pragma, |row| row.get::<_, i32>(0));
        is_readable(number("user_version")?.cast_unsigned())?;
        if number("application_id")? != APPLICATION_ID {
            return Err(Trouble::Damaged("the database has another mark inside"));
        }
        let mut words = self.connection.prepare("SELECT sql FROM sqlite_schema WHERE name = ?1")?;
        for (name, ours) in SCHEMA {
            let found = words.query_row([name], |row| row.get::<_, String>(0));
            if !found.is_ok_and(|found| found == ours) {
                return Err(Trouble::Damaged("the database is not in the form of a store"));
            }
        }
        Ok(())
    }
}

fn is_readable(version: u32) -> Result<(), Trouble> {
    match version {
        VERSION => Ok(()),
        0 => Err(Trouble::Damaged("the database has no version")),
        found => Err(StoreError::Newer { found, supported: VERSION }.into()),
    }
}
