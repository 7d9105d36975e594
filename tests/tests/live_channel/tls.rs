//! Over TLS, with an authority of the test.

use auth_core::ports::ChannelTransports::{Polling, PollingThenWebSocket, WebSocket};
use auth_http::HttpOptions;
use e2e::channel_watch::{Report, Watched};
use e2e::echo_server::{EchoServer, Options};
use serde_json::json;

#[test]
fn the_authority_is_trusted_if_it_is_named_and_not_otherwise() {
    let server = EchoServer::start(&Options { tls: true, ..Options::default() });
    let trusting = HttpOptions::default().extra_roots_pem(&server.ca_pem()).expect("the authority reads");
    for transports in [Polling, PollingThenWebSocket, WebSocket] {
        let watched = Watched::new(server.url(), "qr.1").by(transports);
        assert_eq!(watched.clone().start().next(), Report::End("channel_tls"));
        let watch = watched.options(trusting.clone()).start();
        watch.ready(&server);
        server.publish("qr.1", "approved", &json!(1));
        watch.message("approved", json!(1));
    }
}
