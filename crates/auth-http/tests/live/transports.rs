//! Polling, the upgrade to a websocket, and a websocket alone.

use crate::{
    server::{EchoServer, Rules, Websocket},
    watcher::{CHANNEL, Watcher},
};
use auth_core::ports::ChannelTransports::{Polling, PollingThenWebSocket, WebSocket};

fn event(data: &str) -> String {
    format!(r#"42["approved","{CHANNEL}",{data}]"#)
}

#[tokio::test]
async fn polling_alone_subscribes_once_and_sends_cookies_back() {
    let server = EchoServer::start(Rules::default()).await;
    let mut watcher = Watcher::start(&server.url(), Polling);
    watcher.expect(&["subscribed"]).await;
    server.push(&event("1"));
    watcher.expect(&["approved 1"]).await;
    server.push_all(&[&event("\"ü😀\""), "6", &event("{\"a\":[]}"), &event("2")]);
    watcher.expect(&["approved \"ü😀\"", "approved {\"a\":[]}", "approved 2"]).await;
    let expected =
        r#"42["subscribe",{"channel":"private-qr.1","auth":{"headers":{"Authorization":"Bearer t"}}}]"#;
    assert_eq!(server.packets(), [expected]);
    let requests = server.requests();
    assert!(requests[0].starts_with("GET /socket.io/?EIO=3&transport=polling&t="), "{}", requests[0]);
    assert!(requests[0].contains("&b64=1 HTTP/1.1\r\n") && requests[0].contains("user-agent: test/1\r\n"));
    assert!(!requests[0].contains("cookie"));
    for request in &requests[1..] {
        assert!(
            request.contains("cookie: io=sid-1; node=b2\r\n") && request.contains("user-agent: test/1\r\n"),
            "{request}"
        );
    }
    let mut addresses: Vec<_> = requests.iter().map(|request| request.lines().next()).collect();
    addresses.sort_unstable();
    addresses.dedup();
    assert_eq!(addresses.len(), requests.len(), "no address twice: caches would answer");
}

#[tokio::test]
async fn polling_goes_on_by_a_websocket() {
    let server = EchoServer::start(Rules::default()).await;
    let mut watcher = Watcher::start(&server.url(), PollingThenWebSocket);
    watcher.expect(&["subscribed"]).await;
    server.push(&event("1"));
    watcher.expect(&["approved 1"]).await;
    server.received("5", 1).await;
    assert!(server.is_by_websocket());
    server.push(&event("2"));
    watcher.expect(&["approved 2"]).await;
    let packets = server.packets();
    assert!(packets[0].starts_with("42[\"subscribe\""), "{packets:?}");
    assert_eq!(packets[1..], ["2probe", "5"]);
    let upgrade =
        server.requests().into_iter().find(|request| request.contains("transport=websocket")).unwrap();
    for part in [
        "&sid=sid-1 ",
        "cookie: io=sid-1; node=b2\r\n",
        "sec-websocket-version: 13\r\n",
        "user-agent: test/1\r\n",
    ] {
        assert!(upgrade.contains(part), "{part}: {upgrade}");
    }
}

#[tokio::test]
async fn nothing_is_lost_while_the_upgrade_is_under_way() {
    let server = EchoServer::start(Rules::default()).await;
    let mut watcher = Watcher::start(&server.url(), PollingThenWebSocket);
    watcher.expect(&["subscribed"]).await;
    for n in 0..500 {
        server.push(&event(&n.to_string()));
        tokio::task::yield_now().await;
    }
    for n in 0..500 {
        assert_eq!(watcher.next().await, format!("approved {n}"));
    }
}

#[tokio::test]
async fn without_a_working_websocket_polling_goes_on() {
    for websocket in [Websocket::Refused, Websocket::WithoutProof, Websocket::Silent] {
        let server = EchoServer::start(Rules { websocket, ..Rules::default() }).await;
        let mut watcher = Watcher::start(&server.url(), PollingThenWebSocket);
        watcher.expect(&["subscribed"]).await;
        server
            .until(|server| server.requests().iter().any(|request| request.contains("transport=websocket")))
            .await;
        for n in 0..5 {
            server.push(&event(&n.to_string()));
            watcher.expect(&[&format!("approved {n}")]).await;
        }
        assert!(!server.is_by_websocket());
    }
}

#[tokio::test]
async fn no_websocket_is_tried_if_the_server_offers_none() {
    let server = EchoServer::start(Rules { upgrades: false, ..Rules::default() }).await;
    let mut watcher = Watcher::start(&server.url(), PollingThenWebSocket);
    watcher.expect(&["subscribed"]).await;
    for n in 0..5 {
        server.push(&event(&n.to_string()));
        watcher.expect(&[&format!("approved {n}")]).await;
    }
    assert!(!server.requests().iter().any(|request| request.contains("transport=websocket")));
}

#[tokio::test]
async fn a_websocket_alone_needs_no_polling() {
    let server = EchoServer::start(Rules::default()).await;
    let mut watcher = Watcher::start(&server.url(), WebSocket);
    watcher.expect(&["subscribed"]).await;
    server.push(&event("1"));
    watcher.expect(&["approved 1"]).await;
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert!(
        requests[0].starts_with("GET /socket.io/?EIO=3&transport=websocket HTTP/1.1\r\n"),
        "{}",
        requests[0]
    );
    assert!(server.packets()[0].starts_with("42[\"subscribe\""));
}

#[tokio::test]
async fn a_websocket_alone_that_does_not_work_is_an_interruption() {
    let server = EchoServer::start(Rules { websocket: Websocket::WithoutProof, ..Rules::default() }).await;
    let mut watcher = Watcher::start(&server.url(), WebSocket);
    watcher.expect(&["interrupted protocol"]).await;
    server.rules().websocket = Websocket::Refused;
    watcher.expect(&["interrupted protocol"]).await;
    server.rules().websocket = Websocket::Works;
    while watcher.next().await != "subscribed" {}
}
