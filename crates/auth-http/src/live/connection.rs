//! One connection, from its handshake to its end.

use super::{
    by_polling, by_websocket,
    end::End,
    progress::Progress,
    server::{Patience, Server},
    session::Session,
    wire::Conversation,
};
use auth_core::ports::{ChannelEvents, ChannelSubscription, ChannelTransports};
use reqwest::Client;
use tokio::time::Instant;

/// What is known of a connection that has ended.
pub(super) struct Ended {
    pub(super) end: End,
    /// Whether the server has greeted us.
    pub(super) greeted: bool,
    /// Since when the channel was subscribed to.
    pub(super) subscribed: Option<Instant>,
}

impl From<End> for Ended {
    fn from(end: End) -> Self {
        Self { end, greeted: false, subscribed: None }
    }
}

/// Connects, subscribes and reports until the connection ends. The client is this connection's alone, and its sockets close
/// with it.
pub(super) async fn run(
    client: Client,
    subscription: &ChannelSubscription,
    patience: Patience,
    events: &ChannelEvents,
) -> Ended {
    let progress = Progress::default();
    let Some(conversation) = Conversation::begin(subscription) else { return End::UNUSABLE.into() };
    let mut server = match Server::new(client, subscription, patience, progress.clone()) {
        Ok(server) => server,
        Err(end) => return end.into(),
    };
    let (socket, mut session) = if subscription.transports == ChannelTransports::WebSocket {
        match Box::pin(by_websocket::open(&server)).await {
            Ok((socket, open)) => (Ok(socket), Session::begin(events, conversation, &open, progress)),
            Err(end) => return end.into(),
        }
    } else {
        let (open, greeting) = match Box::pin(by_polling::open(&mut server)).await {
            Ok(greeted) => greeted,
            Err(end) => return end.into(),
        };
        let mut session = Session::begin(events, conversation, &open, progress);
        let upgrade = open.upgrade && subscription.transports == ChannelTransports::PollingThenWebSocket;
        (Box::pin(by_polling::run(&server, &mut session, &open, &greeting, upgrade)).await, session)
    };
    drop(server);
    let end = match socket {
        Ok(socket) => by_websocket::run(socket, &mut session).await,
        Err(end) => end,
    };
    Ended { end, greeted: true, subscribed: session.subscribed() }
}
