//! The login keychain of macOS and the credential manager of Windows, by `keyring-core`'s crates. Both ask the user themselves where they want to, and
//! offer no way to forbid it.

use auth_core::ports::StoreError;
use keyring_core::{Entry, Error, api::CredentialStoreApi};
use zeroize::Zeroizing;

#[cfg(target_os = "macos")]
use apple_native_keyring_store::keychain::Store;
#[cfg(windows)]
use windows_native_keyring_store::Store;

/// The entries of one service.
pub(super) struct Native {
    service: String,
}

impl Native {
    pub(super) fn new(service: &str, _bus: Option<&str>) -> Self {
        Self { service: service.to_owned() }
    }

    fn entry(&self, name: &str) -> Result<Entry, StoreError> {
        let store = Store::new().map_err(unavailable)?;
        store.build(&self.service, name, None).map_err(unavailable)
    }

    pub(super) fn get(&self, name: &str, _: bool) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        match self.entry(name)?.get_secret() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(unavailable(error)),
        }
    }

    pub(super) fn set(&self, name: &str, secret: &[u8], _: bool) -> Result<(), StoreError> {
        self.entry(name)?.set_secret(secret).map_err(unavailable)
    }

    pub(super) fn remove(&self, name: &str, _: bool) -> Result<(), StoreError> {
        match self.entry(name)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(unavailable(error)),
        }
    }

    /// They are not listed here.
    pub(super) fn names(&self, _: bool) -> Result<Vec<String>, StoreError> {
        Ok(Vec::new())
    }
}

/// The error is not passed on as it is: some of its variants hold the secret.
fn unavailable(error: Error) -> StoreError {
    match error {
        Error::NoStorageAccess(_) => {
            StoreError::unavailable("the keyring is locked, or lets nobody in; unlock it")
        }
        Error::TooLong(..) | Error::Invalid(..) => {
            StoreError::unavailable("the keyring does not take entries of this name")
        }
        _ => StoreError::unavailable("the keyring did not do what was asked"),
    }
}
