//! A store in one encrypted file.
//!
//! | module | holds |
//! | --- | --- |
//! | `file_store` | the public store |
//! | `content` | load, save and remove, once the right to do so is held |
//! | `container` | the whole file in memory |
//! | `records` | its records, once the key is there: which of them are true |
//! | `table` | whose each record is, and which sealing of it |
//! | `size_note` | a word to the log about a file with very many records |
//! | `format` | the file's format |
//! | `record_sealing` | sealing of records and their table |
//! | `mark` | the mark that tells which files are ours |
//!
//! Its place, key and locks are in `local`.

mod container;
mod content;
mod file_store;
mod format;
mod mark;
mod record_sealing;
mod records;
mod size_note;
mod table;

pub use file_store::FileStore;
