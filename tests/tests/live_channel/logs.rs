//! What is logged, by us and by every library, and what `Debug` shows.

use auth_core::ports::ChannelTransports::{Polling, PollingThenWebSocket, WebSocket};
use e2e::channel_watch::{Report, Watched};
use e2e::echo_server::{EchoServer, Options};
use e2e::raw_host::{Answer, RawHost, json_bytes};
use e2e::witness;
use serde_json::json;

#[test]
fn no_name_header_session_id_or_data_is_logged() {
    witness::watch();
    let host = RawHost::start(|_| Answer::Bytes(json_bytes(200, &json!({}))));
    let mut server = EchoServer::start(&Options { auth_host: host.url(), ..Options::default() });
    for (transports, n) in [(Polling, 1), (PollingThenWebSocket, 2), (WebSocket, 3)] {
        let channel = format!("private-marker-name-{n}");
        let watched =
            Watched::new(server.url(), &channel).by(transports).header("Authorization", "marker-header");
        let watch = watched.start();
        watch.ready(&server);
        server.publish_text(&channel, "{\"event\":null,\"data\":\"marker-data\"}");
        server.publish(&channel, "marker-event", &json!({"token": "marker-data"}));
        watch.message("marker-event", json!({"token": "marker-data"}));
        server.kill();
        assert!(matches!(watch.next(), Report::Interrupted(_)));
        server.start_server();
        watch.settled(&server);
    }
    let seen = witness::seen();
    assert!(seen.contains("the live channel is interrupted"), "the log is there");
    for secret in ["marker-name", "marker-header", "marker-data", "marker-event", "sid=", "io="] {
        let line = seen.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret}");
    }
}
