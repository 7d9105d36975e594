//! Where work runs that must come to its end, whatever becomes of its caller and of the caller's runtime: a refresh that was
//! begun holds the store's lock, and its answer is the only one that names the new tokens.

use super::SharedRuntime;
use std::io;
use tokio::runtime::{Handle, RuntimeFlavor};

/// The runtime that was given to the builder, or one with a thread of our own. It is there before anything is begun, so that no
/// thread has to be had in the middle of work.
#[derive(Clone)]
pub(crate) struct WorkRuntime {
    handle: Handle,
    is_given: bool,
}

impl WorkRuntime {
    pub(crate) fn new(given: Option<Handle>) -> io::Result<Self> {
        given.map_or_else(Self::own, |handle| Ok(Self { handle, is_given: true }))
    }

    /// A thread of our own. A port may block in place there.
    pub(crate) fn own() -> io::Result<Self> {
        Ok(Self { handle: own_thread()?, is_given: false })
    }

    /// For work that many callers share: the end of one caller's runtime must not end it.
    pub(crate) fn of_shared_work(&self) -> Handle {
        self.handle.clone()
    }

    /// For work of a single caller. The caller's runtime does it if it has threads of its own; one that runs on the caller's
    /// thread may stand still as soon as the call is given up.
    pub(crate) fn of_call(&self) -> Handle {
        let current =
            || Handle::try_current().ok().filter(|h| h.runtime_flavor() == RuntimeFlavor::MultiThread);
        self.given().cloned().or_else(current).unwrap_or_else(|| self.handle.clone())
    }

    /// The runtime of shared work if the program has to drive it, so that it may stand still.
    pub(crate) fn given(&self) -> Option<&Handle> {
        Some(&self.handle).filter(|_| self.is_given)
    }
}

/// One for all clients, started with the first. It ends with the process.
fn own_thread() -> io::Result<Handle> {
    static OWN: SharedRuntime = SharedRuntime::new(1);
    Ok(OWN.get()?.handle().clone())
}
