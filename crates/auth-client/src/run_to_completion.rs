//! Work that was begun and is done to its end, whatever becomes of the caller.

use std::{
    panic::resume_unwind,
    pin::Pin,
    task::{Context, Poll, Waker},
};
use tokio::task::JoinError;

/// Does the work to its end: dropping the returned future does not end it. It runs in a task of its own only if it has to wait
/// for something. `None` if the runtime was shut down before it was done.
pub(crate) async fn run_to_completion<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Option<T> {
    let mut work: Pin<Box<dyn Future<Output = T> + Send>> = Box::pin(work);
    // Nobody is woken yet: the task that takes it over polls again.
    if let Poll::Ready(done) = work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        return Some(done);
    }
    join(tokio::spawn(work)).await
}

/// The result of a task; `None` if its runtime was shut down. A panic goes on here.
pub(crate) async fn join<T>(task: tokio::task::JoinHandle<T>) -> Option<T> {
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
        let mut running = Box::pin(run_to_completion(async { 7 }));
        let polled = running.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert_eq!(polled, Poll::Ready(Some(7)));
    }

    #[tokio::test]
    async fn work_that_waits_goes_on_without_its_caller() {
        let (go, done) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let work = {
            let (go, done) = (go.clone(), done.clone());
            async move {
                go.notified().await;
                done.notify_one();
            }
        };
        let mut running = Box::pin(run_to_completion(work));
        assert!(running.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        drop(running);
        go.notify_one();
        done.notified().await;
    }
}
