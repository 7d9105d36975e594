//! Work that was begun and is done to its end, whatever becomes of the caller.

use crate::host::WorkRuntime;
use std::{
    panic::resume_unwind,
    pin::Pin,
    task::{Context, Poll, Waker},
};
use tokio::task::JoinError;
use tracing::instrument::WithSubscriber;

/// Does the work to its end: dropping the returned future does not end it. It runs in a task of its own only if it has to wait
/// for something. `None` if the runtime was shut down before it was done.
pub(crate) async fn run_to_completion<T: Send + 'static>(
    runtime: &WorkRuntime,
    work: impl Future<Output = T> + Send + 'static,
) -> Option<T> {
    let runtime = runtime.of_call();
    let mut work: Pin<Box<dyn Future<Output = T> + Send>> = Box::pin(work.with_current_subscriber());
    {
        // What it opens belongs to the runtime that goes on with it.
        let _inside = runtime.enter();
        // Nobody is woken yet: the task that takes it over polls again.
        if let Poll::Ready(done) = work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return Some(done);
        }
    }
    join(runtime.spawn(work)).await
}

/// The result of a task; `None` if its runtime was shut down. A panic goes on here.
async fn join<T>(task: tokio::task::JoinHandle<T>) -> Option<T> {
    match task.await.map_err(JoinError::try_into_panic) {
        Ok(done) => Some(done),
        Err(Ok(panic)) => resume_unwind(panic),
        Err(Err(_)) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use tokio::sync::Notify;

    #[test]
    fn work_that_waits_for_nothing_needs_no_runtime() {
        let runtime = WorkRuntime::own().unwrap();
        let mut running = Box::pin(run_to_completion(&runtime, async { 7 }));
        let polled = running.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert_eq!(polled, Poll::Ready(Some(7)));
    }

    /// Whoever began it neither waits for it nor drives its runtime any more.
    #[test]
    fn work_that_waits_goes_on_without_its_caller_and_the_callers_runtime() {
        let (go, (done, is_done)) = (Arc::new(Notify::new()), std::sync::mpsc::channel());
        let work = {
            let go = go.clone();
            async move {
                go.notified().await;
                done.send(()).expect("the test waits");
            }
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let own = WorkRuntime::own().unwrap();
            let mut running = Box::pin(run_to_completion(&own, work));
            assert!(running.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        });
        go.notify_one();
        is_done.recv().expect("it is done, on a thread of its own");
        drop(runtime);
    }
}
