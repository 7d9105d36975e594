//! The SQLite database.

#[path = "sqlite/binding.rs"]
mod binding;
#[path = "sqlite/changes.rs"]
mod changes;
#[path = "sqlite/databases.rs"]
mod databases;
#[cfg(unix)]
#[path = "sqlite/quarantine.rs"]
mod quarantine;

#[path = "conformance.rs"]
mod conformance;
#[path = "foreign.rs"]
mod foreign;
#[path = "keys.rs"]
mod keys;
#[path = "locks.rs"]
mod locks;
#[path = "make_way.rs"]
mod make_way;
#[cfg(unix)]
#[path = "ownership.rs"]
mod ownership;
#[path = "paths.rs"]
mod paths;
#[path = "processes.rs"]
mod processes;
#[path = "rekey.rs"]
mod rekey;
#[path = "sweep.rs"]
mod sweep;

use crate::*;
use auth_store::SqliteStore;
use rusqlite::{Connection, params};

type Store = SqliteStore;
type Place = crate::Place<SqliteStore>;

impl Kept for SqliteStore {
    const DEFAULT_NAME: &str = "b2auth.sqlite";
    const BEGINNING: &[u8] = b"SQLite format 3";

    fn by_key_file(path: PathBuf) -> Self {
        Self::with_key_file(path)
    }

    fn by_passphrase(path: PathBuf, passphrase: StorePassphrase) -> Self {
        Self::with_passphrase(path, passphrase)
    }

    fn forge_session_id(path: &Path, id: u64) {
        let id = id.cast_signed();
        sql(path, "UPDATE records SET session_id = ?1 WHERE id = (SELECT min(id) FROM records)", params![id]);
    }

    fn set_seal(path: &Path, seal: &str) {
        sql(path, "UPDATE store SET seal = ?1", params![seal]);
    }

    fn head(path: &Path) -> serde_json::Value {
        let read = |row: &rusqlite::Row<'_>| {
            let (seal, check): (String, String) = (row.get(0)?, row.get(1)?);
            let seal: serde_json::Value = serde_json::from_str(&seal).unwrap();
            Ok(serde_json::json!({ "seal": seal, "check": check }))
        };
        Connection::open(path).unwrap().query_row("SELECT seal, key_check FROM store", [], read).unwrap()
    }

    fn damaged(path: &Path) -> usize {
        count(path, "damaged")
    }
}

/// Changes a database as anybody can who may write to it.
fn sql(path: &Path, statement: &str, values: &[&dyn rusqlite::ToSql]) {
    Connection::open(path).unwrap().execute(statement, values).unwrap();
}

fn count(path: &Path, table: &str) -> usize {
    let count = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
    let counted =
        Connection::open(path).unwrap().query_row(&format!("SELECT count(*) FROM {table}"), [], count);
    usize::try_from(counted.unwrap()).unwrap()
}
