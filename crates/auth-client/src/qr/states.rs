//! The states of a QR sign-in as a stream.

use super::{
    flow::Flow,
    state_log::{Next, QrResult},
};
use futures_core::Stream;
use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::sync::watch;

/// The states of a QR sign-in, from the newest one on: a [`Stream`], and an async method [`next`](Self::next) for those who need
/// no stream. It ends after a final state or an error. Each reader has its own, and misses none
/// unless it is far behind: the last 16 are kept.
#[must_use = "streams do nothing unless polled"]
pub struct QrStates {
    flow: Arc<Flow>,
    at: u64,
    waiting: Option<Waiting>,
}

type Waiting = Pin<Box<dyn Future<Output = ()> + Send>>;

impl QrStates {
    pub(super) fn of(flow: Arc<Flow>) -> Self {
        let at = flow.log.newest();
        Self { flow, at, waiting: None }
    }

    /// The next state; `None` after the last. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<QrResult> {
        poll_fn(|cx| self.poll_state(cx)).await
    }

    fn poll_state(&mut self, cx: &mut Context<'_>) -> Poll<Option<QrResult>> {
        self.flow.begin();
        loop {
            if let Some(waiting) = &mut self.waiting {
                std::task::ready!(waiting.as_mut().poll(cx));
                self.waiting = None;
            }
            // Before the log is read, so that no change between the two is missed.
            let changes = self.flow.log.changes();
            match self.flow.log.read(&mut self.at) {
                Next::State(state) => return Poll::Ready(Some(*state)),
                Next::End => return Poll::Ready(None),
                Next::NotYet => self.waiting = Some(Box::pin(changed(changes))),
            }
        }
    }
}

async fn changed(mut changes: watch::Receiver<u64>) {
    let _closed = changes.changed().await;
}

impl Stream for QrStates {
    type Item = QrResult;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<QrResult>> {
        self.get_mut().poll_state(cx)
    }
}

impl fmt::Debug for QrStates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("QrStates")
    }
}
