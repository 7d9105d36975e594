//! What the handles and streams of one QR sign-in share: its work, and what has come of it so far.

use super::{completion::Completion, display, state_log::StateLog};
use crate::{RequestError, session::AccountState};
use auth_core::ports::StoreError;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::{runtime::Handle, sync::mpsc, task::AbortHandle};

pub(super) struct Flow {
    pub(super) log: Arc<StateLog>,
    account: Arc<AccountState>,
    /// Taken when the work begins.
    tokens: Mutex<Option<mpsc::Receiver<Completion>>>,
    pub(super) completing: mpsc::Sender<Completion>,
    task: Mutex<Option<AbortHandle>>,
}

impl Flow {
    pub(super) fn new(account: Arc<AccountState>) -> Self {
        let (completing, tokens) = mpsc::channel(1);
        Self {
            log: Arc::default(),
            account,
            tokens: Mutex::new(Some(tokens)),
            completing,
            task: Mutex::default(),
        }
    }

    /// Starts the work, the first time.
    pub(super) fn begin(&self) {
        // Held until the task is known: a cancel at the same time comes before, or finds it.
        let mut task = lock(&self.task);
        if task.is_some() || lock(&self.tokens).is_none() {
            return;
        }
        let runtime = Handle::current();
        let Some(tokens) = lock(&self.tokens).take() else { return };
        let (account, log) = (self.account.clone(), CloseAtEnd(self.log.clone()));
        let work = async move {
            match display::run(&account, &log.0, tokens).await {
                Ok(()) => log.0.close(),
                Err(error) => {
                    tracing::info!(cause = error.cause.kind(), "the QR sign-in has ended");
                    log.0.push(Err(error));
                }
            }
        };
        *task = Some(runtime.spawn(work).abort_handle());
    }

    /// Ends the work. Readers find no other state.
    pub(super) fn cancel(&self) {
        let task = {
            let mut task = lock(&self.task);
            // Nothing is begun any more.
            lock(&self.tokens).take();
            task.take()
        };
        // First, so that the end of the task is not told as one that was cut off.
        self.log.close();
        if let Some(task) = task {
            task.abort();
        }
    }
}

impl Drop for Flow {
    fn drop(&mut self) {
        self.cancel();
    }
}

/// Readers do not wait for work that was cut off, such as by the end of its runtime: an error is their last word.
struct CloseAtEnd(Arc<StateLog>);

impl Drop for CloseAtEnd {
    fn drop(&mut self) {
        let what = "the program is shutting down";
        self.0.push(Err(RequestError::here(StoreError::unavailable(what))));
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AuthClient, Office};
    use async_trait::async_trait;
    use auth_core::{
        HttpRequest, HttpResponse,
        ports::{Transport, TransportFailure},
    };
    use std::sync::Barrier;

    struct Silent;

    #[async_trait]
    impl Transport for Silent {
        async fn send(&self, _: HttpRequest) -> Result<HttpResponse, TransportFailure> {
            std::future::pending().await
        }
    }

    #[tokio::test]
    async fn what_is_cancelled_while_it_begins_does_not_run() {
        let runtime = Handle::current();
        for round in 0..2000 {
            let client = AuthClient::builder("https://broker.example").transport(Silent).build().unwrap();
            let flow = Flow::new(client.account(Office::Front).clone());
            let both = Barrier::new(2);
            std::thread::scope(|threads| {
                threads.spawn(|| {
                    let _runtime = runtime.enter();
                    both.wait();
                    flow.begin();
                });
                both.wait();
                (0..round % 64).for_each(|_| std::hint::spin_loop());
                flow.cancel();
            });
            assert!(flow.log.is_closed() && lock(&flow.task).is_none(), "it runs in round {round}");
        }
    }
}
