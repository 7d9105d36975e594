//! Where work runs that must come to its end, whatever becomes of its caller and of the caller's runtime: a refresh that was
//! begun holds the store's lock, and its answer is the only one that names the new tokens.

use std::sync::OnceLock;
use tokio::runtime::{Builder, Handle, Runtime, RuntimeFlavor};

/// The runtime that was given to the builder, or none.
#[derive(Clone, Default)]
pub(crate) struct WorkRuntime(Option<Handle>);

impl WorkRuntime {
    pub(crate) fn new(given: Option<Handle>) -> Self {
        Self(given)
    }

    /// For work that many callers share: the end of one caller's runtime must not end it.
    pub(crate) fn of_shared_work(&self) -> Handle {
        self.0.clone().unwrap_or_else(own_thread)
    }

    /// For work of a single caller. The caller's runtime does it if it has threads of its own; one that runs on the caller's
    /// thread may stand still as soon as the call is given up.
    pub(crate) fn of_call(&self) -> Handle {
        let current =
            || Handle::try_current().ok().filter(|h| h.runtime_flavor() == RuntimeFlavor::MultiThread);
        self.0.clone().or_else(current).unwrap_or_else(own_thread)
    }

    /// The runtime of shared work if the program has to drive it, so that it may stand still.
    pub(crate) fn given(&self) -> Option<&Handle> {
        self.0.as_ref()
    }
}

/// A runtime with a thread of our own, started when it is first needed. It ends with the process. A port may block in place there.
fn own_thread() -> Handle {
    static OWN: OnceLock<Runtime> = OnceLock::new();
    let start = || {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(1).enable_all().thread_name("b2core-auth");
        builder.build().expect("a process that cannot start a thread cannot do anything")
    };
    OWN.get_or_init(start).handle().clone()
}
