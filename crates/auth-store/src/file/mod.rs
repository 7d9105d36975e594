//! A store in one encrypted file.
//!
//! | module | holds |
//! | --- | --- |
//! | `file_store` | the public store: who may work on the file when, and on which thread |
//! | `content` | load, save and remove, once the right to do so is held |
//! | `container` | the whole file in memory |
//! | `records` | its records, once the key is there: which of them are true |
//! | `table` | whose each record is, and which sealing of it |
//! | `format` | the file's format |
//! | `record_sealing` | sealing of records and their table, names of records |
//! | `key_source` | which key opens the file, the key check |
//! | `key_file`, `passphrase_key` | the two kinds of key |
//! | `without_modes` | file systems on which all files look as if others could write to them |
//! | `file_version` | whether the key file is still the one that was read |
//! | `mark` | which files are ours |
//! | `ownership` | whose a file is, and who may read it |
//! | `paths` | where the file and what belongs to it lie |
//! | `atomic_replace` | replacing a file wholly or not at all |
//! | `process_lock` | locks between processes |
//! | `quarantine` | keeping damaged files aside, wiping them |
//! | `make_way` | a store whose key is lost makes way for a new one |
//! | `sweep` | removing what killed processes have left |
//! | `worker` | which thread does the work |
//! | `error` | errors of the system |
//!
//! How files are opened, and whose they may be, is in `trusted_file`.

mod atomic_replace;
mod container;
mod content;
mod error;
mod file_store;
mod file_version;
mod format;
mod key_file;
mod key_source;
mod make_way;
mod mark;
mod ownership;
mod passphrase_key;
mod paths;
mod process_lock;
mod quarantine;
mod record_sealing;
mod records;
mod sweep;
mod table;
#[cfg(unix)]
mod without_modes;
mod worker;

pub use file_store::FileStore;
