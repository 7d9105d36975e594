//! A store in the keyring of the system: the Secret Service on Linux and the BSDs, the keychain of macOS, the credential manager of Windows.
//!
//! | module | holds |
//! | --- | --- |
//! | `keyring_store` | the public store |
//! | `keyring_key` | a key for another store, kept in the keyring |
//! | `content` | load, save and remove, once the right to do so is held |
//! | `lost` | the error of a keyring that does not have a store any more |
//! | `presence` | whether the keyring has the store, lost it, or never had it |
//! | `root` | the format: the entry that names everything else |
//! | `parts` | bytes of any length in entries of a small size |
//! | `marker` | the file that says that a keyring has the store |
//! | `entries` | what a keyring has to do |
//! | `interrupted` | tests: changes that are cut off at any step |
//! | `secret_service`, `native` | the keyrings of the systems |
//! | `trouble` | what their errors mean |
//!
//! Locks between processes, and the file that they lie beside, are in `local`.
//!
//! # How a change is made
//! The entry `store` is the root. It names the generation of the store and lists the records, here or in parts of its own; each record lies
//! in parts `part-<generation>-<n>`. A change writes its parts under the next generation, then the root, in one entry: that is the
//! instant at which it counts. Then it removes the parts that the new root does not name. Before that instant all that was there is there, after it
//! all that is new. Parts of a change that was cut off are contiguous from number 0, so the next change, which has the same generation, finds
//! and removes them; parts that were to be removed are listed in the root until the next change.

mod content;
mod entries;
#[cfg(test)]
mod interrupted;
mod keyring_key;
mod keyring_store;
mod lost;
mod marker;
#[cfg(any(target_os = "macos", windows))]
mod native;
mod parts;
mod presence;
mod root;
#[cfg(any(
    target_os = "linux",
    target_os = "freebsd",
    target_os = "openbsd",
    target_os = "netbsd",
    target_os = "dragonfly"
))]
mod secret_service;
mod system;
#[cfg(any(
    target_os = "linux",
    target_os = "freebsd",
    target_os = "openbsd",
    target_os = "netbsd",
    target_os = "dragonfly"
))]
mod trouble;

pub use keyring_key::KeyringKey;
pub use keyring_store::KeyringStore;
pub use lost::KeyringLost;
