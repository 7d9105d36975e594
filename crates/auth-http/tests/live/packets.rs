//! Packets that are broken, strange or too large.

use crate::{
    server::{EchoServer, Rules},
    watcher::{CHANNEL, Watcher},
};
use auth_core::ports::ChannelTransports::{Polling, WebSocket};

const STRANGE: &[&str] = &[
    "42[\"ev\"",
    "9",
    "4",
    "42[null,\"private-qr.1\",{}]",
    "42[{\"a\":1},\"private-qr.1\",{}]",
    "42[5,\"private-qr.1\",{}]",
    "42[true,\"private-qr.1\",{}]",
    "42[null,\"private-qr.1\",\"\\u001b[90ms\\u001b[39m\"]",
    "42\"\u{1b}[90m\"",
    "42[\"approved\",\"private-qr.1\"]",
    "42[\"approved\",{\"private-qr.1\":1},{}]",
    "42[\"approved\",\"private-qr.2\",{}]",
    "42/admin,[\"approved\",\"private-qr.1\",{}]",
    "4212[\"approved\",\"private-qr.2\",{}]",
    "431[]",
    "44\"error\"",
    "40",
    "41/admin",
    "0{\"sid\":\"other\"}",
    "5",
    "6",
    "b4AAA=",
    "451-[\"approved\",\"private-qr.1\",{\"_placeholder\":true,\"num\":0}]",
];

#[tokio::test]
async fn strange_packets_are_skipped_and_the_next_event_arrives() {
    for transports in [Polling, WebSocket] {
        let server = EchoServer::start(Rules::default()).await;
        let mut watcher = Watcher::start(&server.url(), transports);
        watcher.expect(&["subscribed"]).await;
        for strange in STRANGE {
            server.push_all(&[strange, "427[\"approved\",\"private-qr.1\",7]"]);
            watcher.expect(&["approved 7"]).await;
        }
        server.push_all(STRANGE);
        server.push("42[\"disconnect\",\"private-qr.1\",null]");
        watcher.expect(&["disconnect null"]).await;
        assert_eq!(server.packets().len(), 1, "nothing but the subscription is sent");
    }
}

#[tokio::test]
async fn an_event_of_60_kib_is_delivered_and_one_of_129_kib_ends_the_connection() {
    for transports in [Polling, WebSocket] {
        let server = EchoServer::start(Rules::default()).await;
        let mut watcher = Watcher::start(&server.url(), transports);
        watcher.expect(&["subscribed"]).await;
        let event = |kib: usize| format!(r#"42["approved","{CHANNEL}","{}"]"#, "a".repeat(kib * 1024));
        server.push(&event(60));
        assert_eq!(watcher.next().await.len(), "approved \"\"".len() + 60 * 1024);
        server.push(&event(129));
        watcher.expect(&["interrupted protocol", "subscribed"]).await;
        server.push(&event(1));
        assert_eq!(watcher.next().await.len(), "approved \"\"".len() + 1024);
    }
}

#[tokio::test]
async fn the_server_s_ping_is_answered() {
    for transports in [Polling, WebSocket] {
        let server = EchoServer::start(Rules::default()).await;
        let mut watcher = Watcher::start(&server.url(), transports);
        watcher.expect(&["subscribed"]).await;
        server.push("2hello");
        server.received("3hello", 1).await;
    }
}
