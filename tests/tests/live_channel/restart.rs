//! The server is killed and comes back.

use auth_core::ports::ChannelTransports::{Polling, PollingThenWebSocket, WebSocket};
use e2e::channel_watch::{Report, Watched};
use e2e::echo_server::{EchoServer, Options};
use serde_json::json;

#[test]
fn after_a_restart_events_arrive_again_and_what_was_missed_is_known_to_be_missed() {
    let mut server = EchoServer::start(&Options::default());
    let watches = [Polling, PollingThenWebSocket, WebSocket].map(|transports| {
        let watch = Watched::new(server.url(), "qr.1").by(transports).start();
        watch.ready(&server);
        watch
    });
    server.publish("qr.1", "last", &json!(null));
    for watch in &watches {
        while watch.next() != Report::Message("last".into(), json!(null)) {}
    }
    server.kill();
    server.publish_text("qr.1", r#"{"event":"approved","data":"missed","socket":null}"#);
    for watch in &watches {
        assert_eq!(
            watch.next(),
            Report::Interrupted("channel_unreachable"),
            "whoever may have missed it is told"
        );
    }
    server.start_server();
    for watch in &watches {
        watch.subscribed_after(0);
    }
    for watch in &watches {
        watch.settled(&server);
    }
    server.publish("qr.1", "approved", &json!("next"));
    for watch in &watches {
        loop {
            match watch.next() {
                Report::Message(name, data) if name == "approved" => {
                    assert_eq!(data, json!("next"), "what was missed is lost");
                    break;
                }
                Report::Message(name, _) if name == "try" => {}
                other => panic!("{other:?}"),
            }
        }
    }
}
