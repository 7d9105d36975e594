//! Subscriptions that the host does not allow, or not now.

use crate::{
    server::{EchoServer, Rules},
    watcher::{CHANNEL, Watcher},
};
use auth_core::ports::ChannelTransports::{Polling, WebSocket};

fn refusal(status: &str) -> String {
    format!(r#"42["subscription_error","{CHANNEL}",{status}]"#)
}

#[tokio::test]
async fn a_refusal_of_the_host_is_final_and_the_client_leaves() {
    for transports in [Polling, WebSocket] {
        let server = EchoServer::start(Rules::default()).await;
        let mut watcher = Watcher::start(&server.url(), transports);
        watcher.expect(&["subscribed"]).await;
        server.push(&refusal("403"));
        watcher.expect(&["end refused"]).await;
        assert_eq!(server.packets().last().map(String::as_str), Some("41"));
        server.deserted().await;
    }
}

#[tokio::test]
async fn a_host_that_could_not_be_asked_is_asked_again() {
    for transports in [Polling, WebSocket] {
        let server = EchoServer::start(Rules::default()).await;
        let mut watcher = Watcher::start(&server.url(), transports);
        watcher.expect(&["subscribed"]).await;
        for status in ["0", "null", "500", "503"] {
            server.push(&refusal(status));
            watcher.expect(&["interrupted protocol", "subscribed"]).await;
        }
        server.push(&format!(r#"42["approved","{CHANNEL}",1]"#));
        watcher.expect(&["approved 1"]).await;
    }
}

#[tokio::test]
async fn a_refusal_of_another_channel_is_none_of_ours() {
    let server = EchoServer::start(Rules::default()).await;
    let mut watcher = Watcher::start(&server.url(), WebSocket);
    watcher.expect(&["subscribed"]).await;
    server.push(r#"42["subscription_error","private-qr.2",403]"#);
    server.push(&format!(r#"42["approved","{CHANNEL}",1]"#));
    watcher.expect(&["approved 1"]).await;
}
