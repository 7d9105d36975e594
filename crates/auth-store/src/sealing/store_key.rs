//! The key that seals records, and where it comes from.

use super::random::random;
use async_trait::async_trait;
use auth_core::ports::StoreError;
use std::fmt;
use zeroize::Zeroizing;

/// The 32 bytes that seal a store's records. Wiped when dropped; `Debug` does not print them.
#[derive(Clone)]
pub struct StoreKey(Zeroizing<[u8; 32]>);

impl StoreKey {
    /// Takes the bytes of a key that was made by [`generate`](Self::generate) or by another cryptographic generator. A
    /// passphrase is no key: derive one from it first.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A new random key. Keep its [bytes](Self::expose) where only this program can read them: without them, what it
    /// seals cannot be read.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the system has no random numbers.
    pub fn generate() -> Result<Self, StoreError> {
        random().map(Self)
    }

    /// The bytes in the clear.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreKey(..)")
    }
}

/// Gives the key of a [`SealedStore`](crate::SealedStore), such as from the system's keyring or a key service. A
/// [`StoreKey`] is a source that gives itself.
#[async_trait]
pub trait KeySource: Send + Sync {
    /// The key, the same every time. It is asked for when the store is first used, and not again once it was given.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the key cannot be had now, as while the keyring is locked. The store answers
    /// with this error, and asks again at its next use.
    async fn store_key(&self) -> Result<StoreKey, StoreError>;
}

#[async_trait]
impl KeySource for StoreKey {
    async fn store_key(&self) -> Result<StoreKey, StoreError> {
        Ok(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_key() {
        assert_eq!(format!("{:?}", StoreKey::from_bytes([7; 32])), "StoreKey(..)");
    }

    #[test]
    fn generated_keys_differ() {
        assert_ne!(StoreKey::generate().unwrap().expose(), StoreKey::generate().unwrap().expose());
    }
}
