//! Sealing of records, for every store that seals: the encrypted file and [`SealedStore`](crate::SealedStore).
//!
//! | module | holds |
//! | --- | --- |
//! | `associated_data` | what a sealed record is bound to, as bytes |
//! | `derivation` | a key from a passphrase |
//! | `keys` | the keys derived from the store's key, encryption with XChaCha20-Poly1305 |
//! | `random` | random bytes from the system |
//! | `store_key` | the store's key, and where it comes from |
//! | `wiped_stack` | no block of a text stays on the stack of the thread that sealed it |

mod associated_data;
#[cfg(feature = "passphrase")]
mod derivation;
mod keys;
mod random;
mod store_key;
mod wiped_stack;

#[cfg(any(feature = "local", feature = "redis"))]
pub(crate) use associated_data::place;
#[cfg(any(feature = "file", feature = "sqlite", feature = "redis"))]
pub(crate) use associated_data::read_place;
pub(crate) use associated_data::{Format, bound_to};
#[cfg(feature = "file")]
pub(crate) use associated_data::{next_part, part};
#[cfg(feature = "passphrase")]
pub(crate) use derivation::Derivation;
#[cfg(any(feature = "local", feature = "redis"))]
pub(crate) use keys::hex;
pub(crate) use keys::{CHECK, Keys, NONCE};
#[cfg(any(feature = "local", feature = "redis"))]
pub(crate) use random::random;
pub use store_key::{KeySource, StoreKey};
