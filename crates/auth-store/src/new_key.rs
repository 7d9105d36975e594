//! What a store is sealed with from now on.

use crate::StorePassphrase;

/// The new key of a `FileStore` or an `SqliteStore`, for its `rekey`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum NewKey {
    /// A new random key in the key file beside the store, whose old content is replaced.
    KeyFile,
    /// A key that is derived from this passphrase (Argon2id). A key file beside the store is removed.
    Passphrase(StorePassphrase),
}
