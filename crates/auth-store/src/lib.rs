//! Where sessions, pending sign-in steps and counts of attempts are kept: stores that implement
//! [`SessionStore`](auth_core::ports::SessionStore), and what helps to write another one.
//!
//! | item | feature | for |
//! | --- | --- | --- |
//! | [`MemoryStore`] | none | tests, and programs that sign in anew at each start |
//! | `FileStore` | `file` (default) | programs and services on one machine: an encrypted file |
//! | `SqliteStore` | `sqlite` | services on one machine with thousands of accounts and more: an SQLite database |
//! | `RedisStore` | `redis` | services on several machines: a Redis or Valkey server, by itself, behind Sentinel or as a cluster |
//! | `KeyringStore` | `keyring` | programs of a user who has a desktop: the keyring of the system |
//! | `SealedStore` | `sealed` (part of all four) | encryption around any other store |
//! | [`conformance`], [`store_conformance!`] | none | the checks that every store passes, for the tests of your own |
//!
//! The stores need a tokio runtime with time enabled; no call blocks the thread it is polled on, but for
//! `run_inline` of a store, and `KeyringStore::probe`.
//!
//! ```
//! use auth_core::{AccountKey, Host, Office, Profile};
//! use auth_core::ports::{Record, RecordKey, RecordKind, SessionId, SessionStore, WriteCondition};
//! use auth_core::secret::SecretBytes;
//! use auth_store::MemoryStore;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let store = MemoryStore::new();
//! let host = Host::parse("https://broker.example")?;
//! let account = AccountKey { profile: Profile::default(), host, office: Office::Front };
//! let key = RecordKey { account, kind: RecordKind::Session };
//! let record = Record { session_id: SessionId(1), body: SecretBytes::new(b"tokens".to_vec()) };
//!
//! let lock = store.lock(&key).await?;
//! store.save(&key, &record, WriteCondition::Unconditional).await?;
//! drop(lock);
//! assert_eq!(store.load(&key).await?.map(|found| found.session_id), Some(SessionId(1)));
//! # Ok(())
//! # }
//! ```
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "file")]
mod file;
mod key_locks;
#[cfg(feature = "keyring")]
mod keyring;
#[cfg(feature = "local")]
#[cfg_attr(
    not(any(feature = "file", feature = "sqlite")),
    allow(
        dead_code,
        reason = "the keyring's store has the locks and a file that is replaced, but no key and no quarantine of its own"
    )
)]
mod local;
mod memory_store;
#[cfg(feature = "local")]
mod new_key;
#[cfg(feature = "passphrase")]
mod passphrase;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "sealed")]
mod sealed_store;
#[cfg(feature = "sealed")]
mod sealing;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(feature = "local")]
#[doc(hidden)]
pub mod trusted_file;

pub use auth_core::{conformance, store_conformance};
#[cfg(feature = "file")]
#[cfg_attr(docsrs, doc(cfg(feature = "file")))]
pub use file::FileStore;
#[cfg(feature = "keyring")]
#[cfg_attr(docsrs, doc(cfg(feature = "keyring")))]
pub use keyring::{KeyringKey, KeyringLost, KeyringStore};
pub use memory_store::MemoryStore;
#[cfg(feature = "local")]
#[cfg_attr(docsrs, doc(cfg(any(feature = "file", feature = "sqlite"))))]
pub use new_key::NewKey;
#[cfg(feature = "passphrase")]
#[cfg_attr(docsrs, doc(cfg(any(feature = "file", feature = "sqlite", feature = "redis"))))]
pub use passphrase::StorePassphrase;
#[cfg(feature = "redis")]
#[cfg_attr(docsrs, doc(cfg(feature = "redis")))]
pub use redis::{RedisKey, RedisOptions, RedisStore, RedisUrl, RedisUrlError};
#[cfg(feature = "sealed")]
#[cfg_attr(docsrs, doc(cfg(feature = "sealed")))]
pub use sealed_store::SealedStore;
#[cfg(feature = "sealed")]
#[cfg_attr(docsrs, doc(cfg(feature = "sealed")))]
pub use sealing::{KeySource, StoreKey};
#[cfg(feature = "sqlite")]
#[cfg_attr(docsrs, doc(cfg(feature = "sqlite")))]
pub use sqlite::SqliteStore;
