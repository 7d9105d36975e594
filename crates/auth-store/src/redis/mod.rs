//! A store in a Redis or Valkey server, for services on several machines.
//!
//! | module | holds |
//! | --- | --- |
//! | `redis_store` | the public store |
//! | `redis_url`, `options` | where it is, and how it is spoken to |
//! | `target` | the client of the library for each kind of place |
//! | `link` | the connections, and which request is tried again |
//! | `request` | a request as the connections take it |
//! | `trouble` | what Redis's errors mean |
//! | `scripts` | the scripts that run in the server, each all or nothing |
//! | `key_ring` | the random keys that seal records, and their own sealed form |
//! | `redis_key` | what opens that form: a key or a passphrase |
//! | `marker` | that form in the server: reading, making and comparing it |
//! | `row` | a record and its place as a hash of Redis |
//! | `expiry` | how long each kind of record is kept |
//! | `content` | load, save and remove |
//! | `listing` | the places of all records, and all records |
//! | `lease` | locks between processes: leases with a fencing token |
//! | `rekey` | another key for all records |
//!
//! # What is in the server
//!
//! | key | type | holds |
//! | --- | --- | --- |
//! | `<prefix>:keys` | string | the marker: version, salt, check of the store's key, the key ring sealed by it |
//! | `<prefix>:{<account>}:<name>` | hash | a record: `s` session id, `b` sealed body, `p` sealed place, `t` highest token that wrote, `l` last token given |
//! | `…:lease` | string | the random value of whoever holds the record's lock; expires |
//! | `…:damaged` | hash | a record that did not open; expires |
//!
//! `<account>` and `<name>` are keyed hashes. What is in braces decides the slot of a cluster, so all records of an account are on one node.

mod content;
mod expiry;
mod key_ring;
mod lease;
mod link;
mod listing;
mod marker;
mod options;
mod redis_key;
mod redis_store;
mod redis_url;
mod rekey;
mod request;
mod row;
mod scripts;
mod target;
mod trouble;

pub use options::RedisOptions;
pub use redis_key::RedisKey;
pub use redis_store::RedisStore;
pub use redis_url::{RedisUrl, RedisUrlError};
