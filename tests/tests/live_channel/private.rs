//! Private channels: the server asks the host by a form, with the subscriber's headers.

use auth_core::ports::ChannelTransports::{Polling, WebSocket};
use e2e::channel_watch::{Report, Watched};
use e2e::echo_server::{EchoServer, Options, free_port};
use e2e::raw_host::{Answer, RawHost, http, json_bytes};
use serde_json::json;

const CHANNEL: &str = "private-qr.1";

/// A host that knows one subscriber. Others get this status.
fn host(refusal: u16) -> RawHost {
    RawHost::start(move |request| {
        let form = String::from_utf8_lossy(&request.body).into_owned();
        let is_known =
            request.header("authorization") == Some("Bearer good") && form == "channel_name=private-qr.1";
        let answer = if is_known {
            json_bytes(200, &json!({}))
        } else {
            http(refusal, "application/json", &[], b"{}")
        };
        Answer::Bytes(answer)
    })
}

#[test]
fn a_subscriber_whom_the_host_knows_gets_the_events() {
    let host = host(403);
    let server = EchoServer::start(&Options { auth_host: host.url(), ..Options::default() });
    for transports in [Polling, WebSocket] {
        let watched =
            Watched::new(server.url(), CHANNEL).by(transports).header("Authorization", "Bearer good");
        let watch = watched.start();
        watch.ready(&server);
        server.publish(CHANNEL, "approved", &json!(1));
        watch.message("approved", json!(1));
    }
    assert_eq!(host.count("/broadcasting/auth"), 2);
}

#[test]
fn a_subscriber_whom_the_host_refuses_is_told_so_for_good() {
    for status in [401, 403, 404] {
        let host = host(status);
        let mut server = EchoServer::start(&Options { auth_host: host.url(), ..Options::default() });
        for watched in [
            Watched::new(server.url(), CHANNEL),
            Watched::new(server.url(), CHANNEL).header("Authorization", "Bearer bad").by(WebSocket),
            Watched::new(server.url(), "private-qr.2").header("Authorization", "Bearer good").by(Polling),
        ] {
            let watch = watched.start();
            watch.subscribed_after(0);
            assert_eq!(watch.next(), Report::End("channel_refused"));
        }
        assert!(server.is_alive());
    }
}

#[test]
fn a_host_that_cannot_be_asked_now_is_asked_again() {
    let port = free_port();
    let server =
        EchoServer::start(&Options { auth_host: format!("http://127.0.0.1:{port}"), ..Options::default() });
    let watch = Watched::new(server.url(), CHANNEL).header("Authorization", "Bearer good").start();
    let reasons = watch.subscribed_after(2);
    assert!(reasons.iter().all(|reason| *reason == "channel_protocol"), "{reasons:?}");
}

#[test]
fn a_host_that_fails_is_asked_again() {
    let host = host(500);
    let server = EchoServer::start(&Options { auth_host: host.url(), ..Options::default() });
    let watch = Watched::new(server.url(), CHANNEL).start();
    let reasons = watch.subscribed_after(2);
    assert!(reasons.iter().all(|reason| *reason == "channel_protocol"), "{reasons:?}");
}
