//! The one tokio runtime, and futures that are polled on the caller's thread.

use std::{
    future::Future,
    pin::Pin,
    sync::OnceLock,
    task::{Context, Poll},
};
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

/// Polls a future on the caller's thread in the context of our runtime, where its timers and tasks then run. That saves a
/// thread switch.
pub(crate) struct Inline<F>(Option<Pin<Box<F>>>);

pub(crate) fn inline<F: Future>(future: F) -> Inline<F> {
    Inline(Some(Box::pin(future)))
}

impl<F: Future> Future for Inline<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let _inside = runtime().enter();
        self.0.as_mut().expect("it is there until it is dropped").as_mut().poll(context)
    }
}

impl<F> Drop for Inline<F> {
    fn drop(&mut self) {
        let _inside = runtime().enter();
        self.0 = None;
    }
}
