//! Connections that end, and the ones after them.

use crate::{
    server::{EchoServer, Rules},
    watcher::{CHANNEL, Watcher},
};
use auth_core::ports::ChannelTransports::{self, Polling, PollingThenWebSocket, WebSocket};

const ALL: [ChannelTransports; 3] = [Polling, PollingThenWebSocket, WebSocket];

async fn start(transports: ChannelTransports) -> (EchoServer, Watcher) {
    let server = EchoServer::start(Rules::default()).await;
    let mut watcher = Watcher::start(&server.url(), transports);
    watcher.expect(&["subscribed"]).await;
    server.received("42[\"subscribe\"", 1).await;
    if transports == PollingThenWebSocket {
        server.received("5", 1).await;
    }
    (server, watcher)
}

async fn next_event_arrives(server: &EchoServer, watcher: &mut Watcher) {
    watcher.expect(&["subscribed"]).await;
    server.push(&format!(r#"42["approved","{CHANNEL}",1]"#));
    watcher.expect(&["approved 1"]).await;
    server.received("42[\"subscribe\"", 2).await;
    let subscriptions = server.packets().iter().filter(|packet| packet.starts_with("42")).count();
    assert_eq!(subscriptions, 2, "one subscription for each connection");
}

#[tokio::test]
async fn after_a_broken_connection_it_subscribes_again() {
    for transports in ALL {
        let (server, mut watcher) = start(transports).await;
        server.forget();
        watcher.expect(&["interrupted unreachable"]).await;
        next_event_arrives(&server, &mut watcher).await;
    }
}

#[tokio::test]
async fn after_the_server_has_ended_it_it_subscribes_again() {
    for transports in ALL {
        for packet in ["41", "1"] {
            let (server, mut watcher) = start(transports).await;
            server.push(packet);
            watcher.expect(&["interrupted unreachable"]).await;
            next_event_arrives(&server, &mut watcher).await;
        }
    }
}

#[tokio::test]
async fn a_session_that_the_server_does_not_know_is_replaced() {
    let (server, mut watcher) = start(Polling).await;
    server.forget_only();
    watcher.expect(&["interrupted unreachable"]).await;
    next_event_arrives(&server, &mut watcher).await;
}

#[tokio::test]
async fn dropping_the_future_closes_every_connection() {
    for transports in ALL {
        let (server, watcher) = start(transports).await;
        watcher.task.abort();
        server.deserted().await;
    }
}
