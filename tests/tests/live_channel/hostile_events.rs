//! Events that nobody should publish.

use auth_core::ports::ChannelTransports::{Polling, PollingThenWebSocket, WebSocket};
use e2e::channel_watch::Watched;
use e2e::echo_server::{EchoServer, Options};
use serde_json::json;

/// Texts in Redis that bring no event of the channel to a client.
const NO_EVENTS: &[&str] = &[
    "{\"event\":",
    "",
    "null",
    "5",
    "[]",
    "\"\\u001b[31mred\\u001b[0m\"",
    "\"bare\"",
    "{\"event\":null,\"data\":{}}",
    "{\"event\":5,\"data\":{}}",
    "{\"event\":true,\"data\":{}}",
    "{\"event\":{\"a\":1},\"data\":{}}",
    "{\"event\":[\"approved\"],\"data\":{}}",
    "{\"data\":{}}",
    "{\"event\":\"connect\",\"data\":{}}",
    "{\"event\":\"newListener\",\"data\":{}}",
];

#[test]
fn whatever_is_published_the_next_event_arrives() {
    let mut server = EchoServer::start(&Options::default());
    for transports in [Polling, PollingThenWebSocket, WebSocket] {
        let watch = Watched::new(server.url(), "qr.1").by(transports).start();
        watch.ready(&server);
        for text in NO_EVENTS {
            server.publish_text("qr.1", text);
            server.publish("qr.1", "approved", &json!(text));
            watch.message("approved", json!(text));
        }
        let large = json!({"authorizationToken": "a".repeat(60 * 1024)});
        server.publish("qr.1", "approved", &large);
        watch.message("approved", large);
        for data in
            [json!({"authorizationToken": {"a": 1}}), json!(null), json!("text"), json!([1]), json!(false)]
        {
            server.publish("qr.1", "approved", &data);
            watch.message("approved", data);
        }
        server.publish_text("qr.1", "{\"event\":\"approved\"}");
        watch.message("approved", json!(null));
        server.publish("qr.1", "disconnect", &json!({}));
        watch.message("disconnect", json!({}));
        server.publish("qr.1", "subscription_error", &json!({"status": 403}));
        watch.message("subscription_error", json!({"status": 403}));
    }
    assert!(server.is_alive());
}

#[test]
fn an_event_that_is_too_large_is_an_interruption() {
    let server = EchoServer::start(&Options::default());
    for transports in [Polling, PollingThenWebSocket, WebSocket] {
        let watch = Watched::new(server.url(), "qr.1").by(transports).start();
        watch.ready(&server);
        server.publish("qr.1", "approved", &json!("a".repeat(129 * 1024)));
        assert_eq!(watch.subscribed_after(1), ["channel_protocol"]);
        watch.settled(&server);
        server.publish("qr.1", "approved", &json!(1));
        watch.message("approved", json!(1));
    }
}
