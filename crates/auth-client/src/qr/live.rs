//! Watching the live channel of one code.

use auth_core::ports::{
    ApprovalChannel, ChannelError, ChannelEvent, ChannelEvents, ChannelFailure, ChannelSubscription,
};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use tokio::{sync::mpsc, task::JoinHandle};

/// So many events wait to be looked at.
const MAX_WAITING: usize = 64;
/// Larger data than this, in bytes, are no approval.
const MAX_DATA: usize = 128 * 1024;

/// The live channel of one code. It is left when this is dropped.
pub(super) struct LiveChannel {
    events: mpsc::Receiver<Watched>,
    /// Events came faster than they were looked at.
    overflowed: Arc<AtomicBool>,
    watching: Option<JoinHandle<()>>,
}

/// What a display learns of its channel.
pub(super) enum Watched {
    /// An event of the channel.
    Event(ChannelEvent),
    /// It cannot be watched any more.
    Ended(ChannelFailure),
}

impl LiveChannel {
    /// Begins to watch. Without a channel it counts as subscribed, and nothing ever happens there: the approval then comes by
    /// [`QrSignIn::complete`](super::QrSignIn::complete).
    pub(super) fn watch(
        channel: Option<&Arc<dyn ApprovalChannel>>,
        subscription: ChannelSubscription,
    ) -> Self {
        let (to, events) = mpsc::channel(MAX_WAITING);
        let Some(channel) = channel.cloned() else {
            let _received = to.try_send(Watched::Event(ChannelEvent::Subscribed));
            // The sender has to live: no other event follows, which is not the end.
            let watching = tokio::spawn(async move { to.closed().await });
            return Self { events, overflowed: Arc::default(), watching: Some(watching) };
        };
        let overflowed = Arc::new(AtomicBool::new(false));
        let overflow = overflowed.clone();
        let watching = tokio::spawn(async move {
            let sink = to.clone();
            let sink = ChannelEvents::new(move |event| {
                let is_small =
                    !matches!(&event, ChannelEvent::Message { data, .. } if data.expose().len() > MAX_DATA);
                // What does not fit any more is missed: that is an interruption.
                if is_small && sink.try_send(Watched::Event(event)).is_err() {
                    overflow.store(true, Ordering::Release);
                }
            });
            let failure = channel.watch(subscription, sink).await;
            let _nobody_waits = to.send(Watched::Ended(failure)).await;
        });
        Self { events, overflowed, watching: Some(watching) }
    }

    /// What happens next. Dropping the future loses nothing.
    pub(super) async fn next(&mut self) -> Watched {
        if self.overflowed.swap(false, Ordering::AcqRel) {
            return Watched::Event(ChannelEvent::Interrupted(ChannelError::Failed));
        }
        // It is closed without a word if the channel panicked.
        self.events.recv().await.unwrap_or(Watched::Ended(ChannelError::Failed.into()))
    }
}

impl Drop for LiveChannel {
    fn drop(&mut self) {
        if let Some(watching) = self.watching.take() {
            watching.abort();
        }
    }
}
