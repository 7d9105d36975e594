//! The passphrase of a file store.

use secrecy::{ExposeSecret, SecretString};
use std::fmt;

/// What the user types to open a store. It is taken as it is: no trimming, no Unicode normalisation.
#[derive(Clone)]
pub struct StorePassphrase(SecretString);

impl StorePassphrase {
    /// Takes the passphrase over.
    pub fn new(passphrase: impl Into<String>) -> Self {
        Self(SecretString::from(passphrase.into()))
    }

    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for StorePassphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StorePassphrase(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_passphrase() {
        assert_eq!(format!("{:?}", StorePassphrase::new("hunter2")), "StorePassphrase(..)");
    }
}
