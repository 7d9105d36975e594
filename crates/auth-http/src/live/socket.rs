//! Frames of a websocket. The library is one that logs nothing: what comes here is secret.

use super::{end::End, progress::Counted, server::MAX_BYTES, wire::Outgoing};
use bytes::Bytes;
use futures_core::Stream;
use futures_sink::Sink;
use std::{future::poll_fn, pin::Pin, time::Duration};
use tokio::time::timeout;
use tokio_websockets::{ClientBuilder, Limits, Message, WebSocketStream};

/// How long the last packets of a connection may take.
const FAREWELL: Duration = Duration::from_secs(1);

/// An open websocket.
pub(super) struct Socket {
    stream: Box<WebSocketStream<Counted<reqwest::Upgraded>>>,
    /// How long a packet may take to be sent.
    patience: Duration,
}

impl Socket {
    pub(super) fn new(stream: Counted<reqwest::Upgraded>, patience: Duration) -> Self {
        let limits = Limits::default().max_payload_len(Some(MAX_BYTES));
        Self { stream: Box::new(ClientBuilder::new().limits(limits).take_over(stream)), patience }
    }

    /// The next packet that is text. It can be dropped while it waits; nothing is lost by it.
    pub(super) async fn next(&mut self) -> Result<Message, End> {
        loop {
            match poll_fn(|cx| Pin::new(&mut *self.stream).poll_next(cx)).await {
                Some(Ok(message)) if message.is_text() => return Ok(message),
                // The library answers a ping when it can. A server that takes no answers is not listened to: they would pile up.
                Some(Ok(message)) if message.is_ping() => {
                    timeout(self.patience, poll_fn(|cx| Pin::new(&mut *self.stream).poll_flush(cx)))
                        .await??;
                }
                // Parts of binary events.
                Some(Ok(message)) if !message.is_close() => {}
                Some(Err(error)) => return Err(error.into()),
                Some(Ok(_)) | None => return Err(End::BROKEN),
            }
        }
    }

    /// Sends a packet.
    pub(super) async fn send(&mut self, packet: &Outgoing) -> Result<(), End> {
        let message = Message::text(Bytes::copy_from_slice(packet.text().as_bytes()));
        let patience = self.patience;
        let stream = &mut *self.stream;
        timeout(patience, async {
            poll_fn(|cx| Pin::new(&mut *stream).poll_ready(cx)).await?;
            Pin::new(&mut *stream).start_send(message)?;
            poll_fn(|cx| Pin::new(&mut *stream).poll_flush(cx)).await?;
            Ok(())
        })
        .await?
    }

    /// Leaves, if that can be done soon.
    pub(super) async fn leave(mut self) {
        let _gone_anyway = timeout(FAREWELL, async {
            self.send(&Outgoing::leave()).await?;
            poll_fn(|cx| Pin::new(&mut *self.stream).poll_close(cx)).await?;
            Ok::<_, End>(())
        })
        .await;
    }
}
