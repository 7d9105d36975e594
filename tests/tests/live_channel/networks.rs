//! Networks in between: slow, lossy, and with a web server's error page.

use auth_core::ports::ChannelTransports::{Polling, PollingThenWebSocket, WebSocket};
use e2e::channel_watch::{Report, Watched};
use e2e::echo_server::{EchoServer, Options};
use e2e::tcp_proxy::{Manner, TcpProxy};
use serde_json::json;

#[test]
fn one_byte_a_write_is_enough() {
    let server = EchoServer::start(&Options::default());
    let proxy = TcpProxy::before(server.port, Manner::OneByteAWrite);
    for transports in [Polling, PollingThenWebSocket, WebSocket] {
        let watch = Watched::new(proxy.url(), "qr.1").by(transports).start();
        watch.ready(&server);
        for n in 0..10 {
            let data = json!({"n": n, "text": "ü😀".repeat(100)});
            server.publish("qr.1", "approved", &data);
            watch.message("approved", data);
        }
    }
}

#[test]
fn connections_that_are_cut_are_replaced_each_time() {
    let server = EchoServer::start(&Options::default());
    for transports in [Polling, PollingThenWebSocket, WebSocket] {
        // In the head of the first answer, in its body, and later.
        for bytes in [20, 250, 600, 1500] {
            let proxy = TcpProxy::before(server.port, Manner::CutAfter(bytes));
            let watch = Watched::new(proxy.url(), "qr.1").by(transports).start();
            for _ in 0..3 {
                assert_eq!(watch.interrupted_under_traffic(&server), "channel_unreachable");
            }
            proxy.change(Manner::Good);
            watch.settled(&server);
        }
    }
}

#[test]
fn an_error_page_in_place_of_the_server_is_waited_out() {
    let server = EchoServer::start(&Options::default());
    for transports in [Polling, PollingThenWebSocket, WebSocket] {
        let proxy = TcpProxy::before(server.port, Manner::Page(502));
        let watch = Watched::new(proxy.url(), "qr.1").by(transports).start();
        for _ in 0..3 {
            assert_eq!(watch.next(), Report::Interrupted("channel_protocol"));
        }
        proxy.change(Manner::Good);
        watch.ready(&server);
        server.publish("qr.1", "approved", &json!(1));
        watch.message("approved", json!(1));
    }
}
