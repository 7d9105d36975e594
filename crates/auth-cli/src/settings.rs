//! What the options come to: host, limits, store.

use crate::{
    args::Global,
    environment::{STORE_CA_FILE, STORE_KEY_FILE},
    failure::Failure,
    store_choice, store_opening,
    store_spec::StoreSpec,
};
use auth_client::Limits;
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

impl Global {
    /// # Errors
    /// What is signed in here would be lost at once: the store ends with this process.
    pub(crate) fn keeps_sessions(&self) -> Result<(), Failure> {
        match self.store {
            Some(StoreSpec::Memory) => Err(Failure::wrong_call("memory_store")),
            _ => Ok(()),
        }
    }

    /// The options of this call as the variables of another one, which may be made from another folder.
    pub(crate) fn as_variables(&self) -> Vec<(OsString, OsString)> {
        let mut variables = self.given.clone();
        if let Some(store @ (StoreSpec::File(_) | StoreSpec::Sqlite(_) | StoreSpec::Redis(_))) = &self.store {
            variables.push(("B2AUTH_STORE".into(), store.as_variable()));
        }
        if let Some(file) = std::env::var_os(STORE_CA_FILE) {
            variables.push((STORE_CA_FILE.into(), absolute(Path::new(&file)).into()));
        }
        if let Some(file) = std::env::var_os(STORE_KEY_FILE) {
            variables.push((STORE_KEY_FILE.into(), absolute(Path::new(&file)).into()));
        }
        if let Some(file) = &self.ca_file {
            variables.push(("B2AUTH_CA_FILE".into(), absolute(file).into()));
        }
        variables
    }

    /// The host, if one is named.
    pub(crate) fn host(&self) -> Option<&str> {
        self.host.as_deref().filter(|host| !host.is_empty())
    }

    /// The host's limits, where they are not the default. The number of refreshes that stands alone wins.
    pub(crate) fn limits(&self) -> Option<Limits> {
        let limits = self.limits.map(|limits| limits.0);
        match self.refresh_limit.and_then(|limit| limit.0) {
            Some(refresh) => Some(Limits { refresh, ..limits.unwrap_or_default() }),
            None => limits,
        }
    }

    /// Makes way for a new store where the key of the one that the options name is lost.
    pub(crate) async fn set_store_aside(&self) -> Result<(), Failure> {
        store_opening::make_way(&self.store()?, self.timeout).await
    }

    /// The store that the options name, found out if they name none.
    pub(crate) fn store(&self) -> Result<StoreSpec, Failure> {
        store_choice::resolved(self.store.as_ref().unwrap_or(&StoreSpec::Auto))
    }
}

/// The same path from every folder.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
