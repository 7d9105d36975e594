//! Which thread reads and writes.

use auth_core::ports::StoreError;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
};

/// Where blocking work is done.
#[derive(Clone, Copy)]
pub(crate) enum Worker {
    /// On tokio's blocking threads: the caller's thread stays free.
    Pool,
    /// On the thread that asks.
    Caller,
}

impl Worker {
    /// Does the work. In the pool, once begun it runs to its end, even if nobody waits for it any more. If the runtime ends before
    /// that, or has no thread for it and gets none, it is done on the thread that asks.
    pub(crate) async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        match self {
            Self::Caller => work(),
            Self::Pool => {
                let work = Arc::new(Mutex::new(Some(work)));
                let taken = {
                    let work = work.clone();
                    move || take(&work).map(|work| work())
                };
                // Tokio panics where the system gives it no first thread.
                let Ok(begun) = catch_unwind(AssertUnwindSafe(|| tokio::task::spawn_blocking(taken))) else {
                    return take(&work).map_or(Err(StoreError::failed()), |work| work());
                };
                match begun.await {
                    Ok(done) => done.unwrap_or(Err(StoreError::failed())),
                    // The runtime ends before the work has begun. Others may wait for it on another runtime.
                    Err(error) if error.is_cancelled() => {
                        take(&work).map_or(Err(StoreError::failed()), |work| work())
                    }
                    Err(_) => Err(StoreError::failed()),
                }
            }
        }
    }
}

fn take<W>(work: &Mutex<Option<W>>) -> Option<W> {
    work.lock().unwrap_or_else(PoisonError::into_inner).take()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_end_of_another_runtime_is_no_error() {
        let ends = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        let handle = ends.handle().clone();
        ends.shutdown_background();
        let mut asked = Box::pin(Worker::Pool.run(|| Ok(7)));
        let done = std::future::poll_fn(|cx| {
            // As whoever was begun on that runtime.
            let _inside = handle.enter();
            asked.as_mut().poll(cx)
        });
        assert_eq!(done.await.unwrap(), 7);
    }
}
