//! What SQLite's errors mean: damage, a wait that was in vain, the system's refusal.

use crate::local::error::io_error;
use auth_core::ports::StoreError;
use rusqlite::{Error, ErrorCode};
use std::{io, path::Path};

/// Why something could not be done to a database.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The database is damaged as a whole.
    Damaged(&'static str),
    /// Its records are not.
    Store(StoreError),
    /// As SQLite says it.
    Sqlite(Error),
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Sqlite(error)
    }
}

impl Trouble {
    /// The cause of damage, or another error of the store in this file.
    pub(super) fn sort(self, store: &Path) -> Result<&'static str, StoreError> {
        let error = match self {
            Self::Damaged(cause) => return Ok(cause),
            Self::Store(error) => return Err(error),
            Self::Sqlite(error) => error,
        };
        let Some(code) = error.sqlite_error_code() else {
            return match error {
                // Its tables are in our words, so no row is missing and no column of another type.
                Error::QueryReturnedNoRows
                | Error::InvalidColumnType(..)
                | Error::FromSqlConversionFailure(..) => Ok("the database is not in the form of a store"),
                error => Err(StoreError::failed().because(error)),
            };
        };
        let refused = |kind: Option<io::ErrorKind>| {
            let said = kind.map_or_else(|| io::Error::other(words(&error)), io::Error::from);
            Err(io_error("using its database", store)(said))
        };
        match code {
            ErrorCode::DatabaseCorrupt => Ok("the database is damaged"),
            ErrorCode::NotADatabase => Ok("the database is not in SQLite's form"),
            ErrorCode::SchemaChanged | ErrorCode::Unknown => Ok("the database is not in the form of a store"),
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed => {
                Err(StoreError::unavailable("another program holds the database").because(error))
            }
            ErrorCode::DiskFull => refused(Some(io::ErrorKind::StorageFull)),
            ErrorCode::ReadOnly => refused(Some(io::ErrorKind::ReadOnlyFilesystem)),
            ErrorCode::PermissionDenied => refused(Some(io::ErrorKind::PermissionDenied)),
            ErrorCode::CannotOpen | ErrorCode::SystemIoFailure => refused(None),
            _ => Err(StoreError::failed().because(error)),
        }
    }
}

/// SQLite's own words for its error, which name no record.
fn words(error: &Error) -> String {
    match error {
        Error::SqliteFailure(failure, _) => rusqlite::ffi::code_to_str(failure.extended_code).to_lowercase(),
        error => error.to_string(),
    }
}
