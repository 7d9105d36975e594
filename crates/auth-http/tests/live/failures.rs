//! Servers that are not there, or are something else.

use crate::{
    server::{EchoServer, Rules, reply},
    watcher::{Watcher, channel, subscription},
};
use auth_core::ports::{
    ApprovalChannel, ChannelError, ChannelEvents,
    ChannelTransports::{Polling, PollingThenWebSocket, WebSocket},
};
use auth_http::{HttpOptions, Proxy};
use std::{error::Error, time::Duration};
use tokio::net::TcpListener;

fn html(status: &str) -> Vec<u8> {
    reply(status, "Content-Type: text/html\r\n", "<html><body><h1>Sorry</h1></body></html>")
}

#[tokio::test]
async fn what_a_proxy_says_in_place_of_the_server_is_an_interruption() {
    for transports in [PollingThenWebSocket, WebSocket] {
        let instead = [
            html("502 Bad Gateway"),
            html("503 Service Unavailable"),
            html("200 OK"),
            reply("302 Found", "Location: /elsewhere\r\n", ""),
            html("401 Unauthorized"),
            b"SSH-2.0-OpenSSH\r\n\r\n".to_vec(),
            reply("200 OK", "", "2:40"),
            reply("200 OK", "", "3:0{}"),
            reply("400 Bad Request", "", r#"{"code":5,"message":"Unsupported protocol version"}"#),
        ];
        let times = instead.len();
        let server = EchoServer::start(Rules { instead: instead.into(), ..Rules::default() }).await;
        let mut watcher = Watcher::start(&server.url(), transports);
        for _ in 0..times {
            watcher.expect(&["interrupted protocol"]).await;
        }
        watcher.expect(&["subscribed"]).await;
        assert!(
            !server.requests().iter().any(|request| request.contains("elsewhere")),
            "no redirect is followed"
        );
    }
}

#[tokio::test]
async fn an_address_without_a_live_channel_is_final_at_first_only() {
    for transports in [PollingThenWebSocket, WebSocket] {
        let rules = Rules { instead: [html("404 Not Found")].into(), ..Rules::default() };
        let server = EchoServer::start(rules).await;
        Watcher::start(&server.url(), transports).expect(&["end not_found"]).await;

        let mut watcher = Watcher::start(&server.url(), transports);
        watcher.expect(&["subscribed"]).await;
        server.rules().instead.push_back(html("404 Not Found"));
        server.forget();
        // The upgrade may have met the answer first.
        loop {
            let report = watcher.next().await;
            match report.as_str() {
                "interrupted unreachable" | "interrupted protocol" | "interrupted not_found" => {}
                "subscribed" => break,
                _ => panic!("{report}"),
            }
        }
    }
}

#[tokio::test]
async fn a_closed_port_is_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/socket.io/", listener.local_addr().unwrap());
    drop(listener);
    let mut watcher = Watcher::start(&url, PollingThenWebSocket);
    watcher.expect(&["interrupted unreachable", "interrupted unreachable", "interrupted unreachable"]).await;
}

#[tokio::test]
async fn a_silent_server_is_given_up_after_the_read_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/socket.io/", listener.local_addr().unwrap());
    for transports in [Polling, WebSocket] {
        for options in
            [HttpOptions::default().read_timeout(SHORT), HttpOptions::default().total_timeout(SHORT)]
        {
            let mut watcher = Watcher::start_with(channel(options), subscription(&url, transports));
            watcher.expect(&["interrupted unreachable", "interrupted unreachable"]).await;
        }
    }
}

const SHORT: Duration = Duration::from_millis(50);

#[tokio::test]
async fn settings_that_cannot_be_used_are_final() {
    let mut bad_agent = subscription("http://127.0.0.1:1/", Polling);
    bad_agent.user_agent = "a\nb".into();
    let mut bad_header = subscription("http://127.0.0.1:1/", Polling);
    bad_header.headers[0].name = "a b".into();
    for unusable in [
        subscription("no address", Polling),
        subscription("ftp://127.0.0.1/", WebSocket),
        bad_agent,
        bad_header,
    ] {
        Watcher::start_with(channel(HttpOptions::default()), unusable).expect(&["end failed"]).await;
    }
}

#[tokio::test]
async fn a_proxy_that_cannot_be_used_is_the_end_and_named() {
    let options =
        HttpOptions::default().proxy(Proxy::Through("socks://ann:hunter2@proxy.example".to_owned()));
    let nothing = ChannelEvents::new(|event| panic!("{event:?}"));
    let failure =
        channel(options).watch(subscription("https://broker.example/socket.io/", Polling), nothing).await;
    assert_eq!(failure.error, ChannelError::Failed);
    assert_eq!(failure.source().unwrap().to_string(), "the address given for the proxy cannot be used");
}
