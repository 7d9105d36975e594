//! A store in one SQLite database, for services with very many accounts.
//!
//! | module | holds |
//! | --- | --- |
//! | `sqlite_store` | the public store |
//! | `content` | load, save and remove, once the right to do so is held |
//! | `records` | the rows of a database, in a transaction |
//! | `rekey` | sealing a whole database with another key |
//! | `row` | a record and its place as bytes of a row |
//! | `format` | the format: mark, version, schema |
//! | `creation` | a new database, which appears complete |
//! | `database` | a connection: opening one with its settings |
//! | `pool` | connections that wait for their next use |
//! | `open_files` | looking at a database's file without taking SQLite's locks away |
//! | `companions` | the files that SQLite has beside a database |
//! | `private_mode` | the mode of a database's file |
//! | `network` | file systems on which a database cannot be shared |
//! | `trouble` | what SQLite's errors mean |
//!
//! Its place, key and locks are in `local`.

mod companions;
mod content;
mod creation;
mod database;
mod format;
mod network;
mod open_files;
mod pool;
mod private_mode;
mod records;
mod rekey;
mod row;
mod sqlite_store;
mod trouble;

pub use sqlite_store::SqliteStore;
