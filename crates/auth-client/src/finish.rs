//! Work that has been begun and is finished whatever becomes of the caller.

use std::{
    panic::resume_unwind,
    pin::Pin,
    task::{Context, Poll, Waker},
};

/// Does the work to its end, in a task of its own if it has to wait for anything: dropping this future does not end it.
/// Where it does not wait, as with a store in memory, no task is needed.
pub(crate) async fn finish<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    let mut work: Pin<Box<dyn Future<Output = T> + Send>> = Box::pin(work);
    // Nobody is woken yet: the task that takes it over asks again.
    if let Poll::Ready(done) = work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        return done;
    }
    match tokio::spawn(work).await {
        Ok(done) => done,
        Err(panicked) => resume_unwind(panicked.into_panic()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use tokio::sync::Notify;

    #[test]
    fn work_that_waits_for_nothing_needs_no_runtime() {
        let mut finishing = Box::pin(finish(async { 7 }));
        let polled = finishing.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert_eq!(polled, Poll::Ready(7));
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
        let mut finishing = Box::pin(finish(work));
        assert!(finishing.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        drop(finishing);
        go.notify_one();
        done.notified().await;
    }
}
