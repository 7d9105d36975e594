//! What stores on this machine's disk are made of, whatever their format: the encrypted file and the SQLite database.
//!
//! | module | holds |
//! | --- | --- |
//! | `local_store` | a store's place, key and locks: who may work on it when, and on which thread |
//! | `kind` | what tells the files of one kind of store from those of other programs |
//! | `record_keys` | the keys that seal records, and the names that they give them |
//! | `seal` | how a store's key is found |
//! | `key_source` | which key opens a store, the key check |
//! | `key_file` | a key in a file; how one is made from a passphrase is in `sealing` |
//! | `next_key` | a key file and its successor while a store is sealed anew |
//! | `without_modes` | file systems on which all files look as if others could write to them |
//! | `file_version` | whether the key file is still the one that was read |
//! | `ownership` | whose a file is, and who may read it |
//! | `paths` | where a store and what belongs to it lie |
//! | `atomic_replace` | replacing a file wholly or not at all |
//! | `process_lock` | locks between processes |
//! | `quarantine` | keeping damaged files aside, wiping them |
//! | `make_way` | a store whose key is lost makes way for a new one |
//! | `sweep` | removing what killed processes have left |
//! | `worker` | which thread does the work |
//! | `error` | errors of the system |
//!
//! How files are opened, and whose they may be, is in `trusted_file`.

pub(crate) mod atomic_replace;
pub(crate) mod error;
mod file_version;
mod key_file;
pub(crate) mod key_source;
pub(crate) mod kind;
pub(crate) mod local_store;
pub(crate) mod make_way;
mod next_key;
mod ownership;
pub(crate) mod paths;
mod process_lock;
pub(crate) mod quarantine;
pub(crate) mod record_keys;
pub(crate) mod seal;
mod sweep;
#[cfg(unix)]
mod without_modes;
mod worker;
