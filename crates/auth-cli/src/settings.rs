//! What the options come to: host, limits, store.

use crate::{args::Global, failure::Failure, store_spec::StoreSpec};
use auth_client::{Limits, ports::SessionStore};
use std::sync::Arc;

impl Global {
    /// True if a step that is kept can be gone on from after this process.
    pub(crate) fn store_lasts(&self) -> bool {
        self.store != Some(StoreSpec::Memory)
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

    /// The store that the options name. Nothing is read yet.
    pub(crate) fn open_store(&self) -> Result<Arc<dyn SessionStore>, Failure> {
        self.store.as_ref().unwrap_or(&StoreSpec::Usual).open()
    }
}
