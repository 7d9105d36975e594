//! Which requests share a connection, and that none is lost by it.

use crate::server::{Act, Server, reply, sign_in};
use auth_core::ports::{Transport, TransportError};
use auth_http::{HttpOptions, HttpTransport};
use std::time::Duration;

fn transport() -> HttpTransport {
    HttpTransport::new(HttpOptions::default())
}

async fn ask(transport: &HttpTransport, server: &Server, times: usize) {
    for _ in 0..times {
        let answer = transport.send(sign_in(&server.url())).await.expect("an answer");
        assert_eq!(answer.status, 200);
    }
    assert_eq!(server.seen().len(), times, "each request reached the host once");
}

#[tokio::test]
async fn a_host_that_keeps_its_connections_sees_one() {
    let server = Server::start(Act::Keep(reply("200 OK", "", "{}")));
    ask(&transport(), &server, 20).await;
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_host_that_closes_without_saying_so_loses_nothing() {
    for headers in ["", "Connection: keep-alive\r\n", "Keep-Alive: timeout=60\r\n"] {
        let server = Server::start(Act::Say(reply("200 OK", headers, "{}")));
        ask(&transport(), &server, 50).await;
        assert_eq!(server.connections(), 50);
    }
}

#[tokio::test]
async fn a_host_that_closes_a_moment_after_its_answer_loses_nothing() {
    for moment in [1, 5, 10] {
        let answer = reply("200 OK", "Connection: keep-alive\r\n", "{}");
        let server = Server::start(Act::SayAndLinger(answer, Duration::from_millis(moment)));
        ask(&transport(), &server, 20).await;
    }
}

#[tokio::test]
async fn a_host_that_says_close_is_believed() {
    let server = Server::start(Act::Say(reply("200 OK", "Connection: close\r\n", "{}")));
    ask(&transport(), &server, 20).await;
    assert_eq!(server.connections(), 20);
}

#[tokio::test]
async fn requests_at_the_same_time_lose_nothing_either() {
    for act in [Act::Keep(reply("200 OK", "", "{}")), Act::Say(reply("200 OK", "", "{}"))] {
        let (server, transport) = (Server::start(act), transport());
        for _ in 0..5 {
            let three = || transport.send(sign_in(&server.url()));
            let (a, b, c) = tokio::join!(three(), three(), three());
            assert!(a.is_ok() && b.is_ok() && c.is_ok(), "{a:?} {b:?} {c:?}");
        }
        assert_eq!(server.seen().len(), 15);
    }
}

#[tokio::test]
async fn a_kept_connection_that_breaks_is_an_interruption_and_not_repeated() {
    // The host answers once and then reads the second request without answering it.
    let server = Server::start(Act::SayAndHold(reply("200 OK", "", "{}")));
    let transport = transport();
    transport.send(sign_in(&server.url())).await.unwrap();
    let error = transport.send(sign_in(&server.url())).await.unwrap_err();
    assert_eq!(error, TransportError::Interrupted);
    assert_eq!(server.connections(), 1);
    // From now on this host gets a connection for each request.
    transport.send(sign_in(&server.url())).await.unwrap();
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_connection_of_a_runtime_that_stands_still_is_not_used() {
    let server = Server::start(Act::Keep(reply("200 OK", "", "{}")));
    let transport = HttpTransport::new(HttpOptions::default().total_timeout(Duration::from_secs(5)));
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (stands_still, another) = (runtime(), runtime());
    stands_still.block_on(ask(&transport, &server, 3));
    for _ in 0..3 {
        let answer = another.block_on(transport.send(sign_in(&server.url())));
        assert_eq!(answer.expect("an answer").status, 200);
    }
}
