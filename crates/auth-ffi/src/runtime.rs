//! The one tokio runtime.

use std::{future::Future, sync::OnceLock};
use tokio::{
    runtime::{Builder, Handle, Runtime},
    task::JoinHandle,
};

/// Starts a task that goes on whatever becomes of the caller: on the runtime where this is called, which is ours but in tests.
pub(crate) fn spawn<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
    Handle::try_current().unwrap_or_else(|_| runtime().handle().clone()).spawn(work)
}

/// Runs timers, sockets and spawned tasks. The second worker keeps the timers going while the first is blocked.
pub(crate) fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(2).thread_name("b2core-auth").enable_all();
        builder.build().expect("a process that cannot start two threads cannot do anything")
    })
}
