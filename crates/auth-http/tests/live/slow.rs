//! A server that sends one byte at a time.

use crate::{
    server::{EchoServer, Rules},
    watcher::{CHANNEL, Watcher},
};
use auth_core::ports::ChannelTransports::{Polling, PollingThenWebSocket, WebSocket};

#[tokio::test]
async fn one_byte_at_a_time_is_enough() {
    for transports in [Polling, PollingThenWebSocket, WebSocket] {
        let server = EchoServer::start(Rules { slow: true, ..Rules::default() }).await;
        let mut watcher = Watcher::start(&server.url(), transports);
        watcher.expect(&["subscribed"]).await;
        for n in 0..20 {
            server.push(&format!(r#"42["approved","{CHANNEL}","ü😀{n}"]"#));
            watcher.expect(&[&format!("approved \"ü😀{n}\"")]).await;
        }
    }
}

#[tokio::test]
async fn an_event_that_takes_longer_than_the_heartbeat_is_delivered() {
    let rules = Rules { slow: true, ping_interval: 1000, ping_timeout: 1000, ..Rules::default() };
    let server = EchoServer::start(rules).await;
    let mut watcher = Watcher::start(&server.url(), WebSocket);
    watcher.expect(&["subscribed"]).await;
    server.push(&format!(r#"42["approved","{CHANNEL}","{}"]"#, "a".repeat(60 * 1024)));
    assert_eq!(watcher.next().await.len(), "approved \"\"".len() + 60 * 1024);
}
