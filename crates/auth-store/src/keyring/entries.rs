//! What a keyring has to do: keep small secrets by name.

use auth_core::ports::StoreError;
use zeroize::Zeroizing;

/// The most bytes that are put into one entry. Windows takes 2,560; one size for all systems, so that what is tested on one holds on the others.
pub(super) const MAX_ENTRY_BYTES: usize = 2048;

/// The entries of one service in a keyring. All calls block, for a bounded time unless the user is asked.
pub(super) trait Entries: Send + Sync {
    /// The secret under a name; nothing if there is none.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if that cannot be told: the keyring is locked, gone, or does not answer.
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError>;

    /// Writes a secret of at most [`MAX_ENTRY_BYTES`], wholly or not at all.
    fn set(&self, name: &str, secret: &[u8]) -> Result<(), StoreError>;

    /// Removes a secret. None is no error.
    fn remove(&self, name: &str) -> Result<(), StoreError>;

    /// The names of all entries, where the system can list them; else none.
    fn names(&self) -> Result<Vec<String>, StoreError>;
}
