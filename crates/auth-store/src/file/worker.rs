//! Which thread reads and writes.

use auth_core::ports::StoreError;

/// Where blocking work is done.
#[derive(Clone, Copy)]
pub(super) enum Worker {
    /// On tokio's blocking threads: the caller's thread stays free.
    Pool,
    /// On the thread that asks.
    Caller,
}

impl Worker {
    /// Does the work. In the pool, once begun it runs to its end, even if nobody waits for it any more.
    pub(super) async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        match self {
            Self::Caller => work(),
            Self::Pool => match tokio::task::spawn_blocking(work).await {
                Ok(done) => done,
                Err(error) if error.is_cancelled() => {
                    Err(StoreError::Unavailable { what: "the program is shutting down" })
                }
                Err(_) => Err(StoreError::Failed),
            },
        }
    }
}
