//! Watching the live channel of one code.

use auth_core::ports::{ApprovalChannel, ChannelError, ChannelEvent, ChannelEvents, ChannelSubscription};
use std::sync::Arc;
use tokio::{sync::mpsc, task::JoinHandle};

/// The live channel of one code. It is left when this is dropped.
pub(super) struct LiveChannel {
    events: mpsc::UnboundedReceiver<Watched>,
    watching: Option<JoinHandle<()>>,
}

/// What a display learns of its channel.
pub(super) enum Watched {
    /// An event of the channel.
    Event(ChannelEvent),
    /// It cannot be watched any more.
    Ended(ChannelError),
}

impl LiveChannel {
    /// Begins to watch. Without a channel it counts as subscribed, and nothing ever happens there: the approval then comes by
    /// [`QrSignIn::complete`](super::QrSignIn::complete).
    pub(super) fn watch(
        channel: Option<&Arc<dyn ApprovalChannel>>,
        subscription: ChannelSubscription,
    ) -> Self {
        let (to, events) = mpsc::unbounded_channel();
        let Some(channel) = channel.cloned() else {
            let _received = to.send(Watched::Event(ChannelEvent::Subscribed));
            // The sender has to live: no other event follows, which is not the end.
            let watching = tokio::spawn(async move { to.closed().await });
            return Self { events, watching: Some(watching) };
        };
        let watching = tokio::spawn(async move {
            let sink = to.clone();
            let sink = ChannelEvents::new(move |event| {
                let _nobody_waits = sink.send(Watched::Event(event));
            });
            let error = channel.watch(subscription, sink).await;
            let _nobody_waits = to.send(Watched::Ended(error));
        });
        Self { events, watching: Some(watching) }
    }

    /// What happens next. Dropping the future loses nothing.
    pub(super) async fn next(&mut self) -> Watched {
        // It is closed without a word if the channel panicked.
        self.events.recv().await.unwrap_or(Watched::Ended(ChannelError::Failed))
    }
}

impl Drop for LiveChannel {
    fn drop(&mut self) {
        if let Some(watching) = self.watching.take() {
            watching.abort();
        }
    }
}
