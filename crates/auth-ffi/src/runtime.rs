//! The one tokio runtime.

use std::sync::OnceLock;
use tokio::runtime::{Builder, Runtime};

/// Runs timers, sockets and spawned tasks. The second worker keeps the timers going while the first is blocked.
pub(crate) fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(2).thread_name("b2core-auth").enable_all();
        builder.build().expect("a process that cannot start two threads cannot do anything")
    })
}
