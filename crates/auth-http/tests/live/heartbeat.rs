//! The heartbeat. The shortest that a server can ask for is a second, so these tests take two or three.

use crate::{
    server::{EchoServer, Rules},
    watcher::Watcher,
};
use auth_core::ports::ChannelTransports::{Polling, PollingThenWebSocket, WebSocket};

const QUICK: Rules = Rules {
    upgrades: true,
    websocket: crate::server::Websocket::Works,
    ping_interval: 1000,
    ping_timeout: 1000,
    pongs: true,
    slow: false,
    instead: std::collections::VecDeque::new(),
};

async fn answered_pings_keep_it_alive(transports: auth_core::ports::ChannelTransports) {
    let server = EchoServer::start(QUICK).await;
    let mut watcher = Watcher::start(&server.url(), transports);
    watcher.expect(&["subscribed"]).await;
    server.received("2", 3).await;
    server.push(r#"42["approved","private-qr.1",1]"#);
    watcher.expect(&["approved 1"]).await;
}

async fn a_missing_answer_ends_it(transports: auth_core::ports::ChannelTransports) {
    let server = EchoServer::start(Rules { pongs: false, ..QUICK }).await;
    let mut watcher = Watcher::start(&server.url(), transports);
    watcher.expect(&["subscribed", "interrupted unreachable", "subscribed"]).await;
}

#[tokio::test]
async fn a_connection_whose_pings_are_answered_lives() {
    tokio::join!(
        answered_pings_keep_it_alive(Polling),
        answered_pings_keep_it_alive(WebSocket),
        answered_pings_keep_it_alive(PollingThenWebSocket),
    );
}

#[tokio::test]
async fn a_connection_whose_pings_are_not_answered_is_given_up() {
    tokio::join!(
        a_missing_answer_ends_it(Polling),
        a_missing_answer_ends_it(WebSocket),
        a_missing_answer_ends_it(PollingThenWebSocket)
    );
}
