//! A public channel, by every transport.

use auth_core::ports::ChannelTransports::{self, Polling, PollingThenWebSocket, WebSocket};
use e2e::channel_watch::Watched;
use e2e::echo_server::{EchoServer, Options};
use serde_json::json;

#[test]
fn events_of_the_channel_arrive_each_as_often_as_it_is_published_and_no_others() {
    let server = EchoServer::start(&Options::default());
    for transports in [Polling, PollingThenWebSocket, WebSocket] {
        let watch = Watched::new(server.url(), "qr.1").by(transports).start();
        watch.ready(&server);
        let data = json!({"authorizationToken": "$2y$10$ü😀"});
        server.publish("qr.2", "approved", &json!({"authorizationToken": "other"}));
        server.publish("qr.1", "approved", &data);
        server.publish("qr.1", "approved", &data);
        server.publish("laravel_database_qr.1", "approved", &json!({}));
        server.publish("qr.1", "declined", &json!({}));
        watch.message("approved", data.clone());
        watch.message("approved", data);
        watch.message("declined", json!({}));
    }
}

#[test]
fn the_server_sees_the_transport_that_was_asked_for() {
    let mut server = EchoServer::start(&Options::default());
    let watches: Vec<_> = [ChannelTransports::default(), Polling, WebSocket]
        .into_iter()
        .zip(["qr.a", "qr.b", "qr.c"])
        .map(|(transports, name)| (Watched::new(server.url(), name).by(transports).start(), name))
        .collect();
    for (watch, name) in &watches {
        watch.ready(&server);
        assert!(server.log().contains(&format!("joined channel: {name}")), "{}", server.log());
    }
    for (n, (watch, name)) in watches.iter().enumerate() {
        server.publish(name, "approved", &json!(n));
        watch.message("approved", json!(n));
    }
    drop(watches);
    e2e::waiting::until("the server to see all three go", || {
        (server.log().matches("left channel: qr.").count() == 3).then_some(())
    });
    assert!(server.is_alive());
}
