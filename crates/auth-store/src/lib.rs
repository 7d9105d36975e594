//! Where sessions, pending steps and counts of attempts are kept: [`MemoryStore`] and the encrypted [`FileStore`].
//!
//! Both implement [`auth_core::ports::SessionStore`] and pass its conformance suite. They need a tokio runtime with
//! time enabled; no call blocks the thread it is polled on.
//!
//! ```
//! use auth_core::{AccountKey, Host, Office, Profile};
//! use auth_core::ports::{SessionId, Guard, Record, RecordKey, SessionStore, RecordKind};
//! use auth_core::secret::SecretBytes;
//! use auth_store::FileStore;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! let store = FileStore::with_key_file(folder.path().join("b2auth.store"));
//! let host = Host::parse("https://broker.example")?;
//! let account = AccountKey { profile: Profile::default(), host, office: Office::Front };
//! let key = RecordKey { account, slot: RecordKind::Session };
//! let record = Record { epoch: SessionId(1), body: SecretBytes::new(b"tokens".to_vec()) };
//!
//! let lock = store.lock(&key).await?;
//! store.save(&key, &record, WriteCondition::Unconditional).await?;
//! drop(lock);
//! assert_eq!(store.load(&key).await?.map(|found| found.epoch), Some(SessionId(1)));
//! # Ok(())
//! # }
//! ```

mod file;
mod memory;
mod passphrase;
mod queue;

pub use file::FileStore;
pub use memory::MemoryStore;
pub use passphrase::StorePassphrase;
