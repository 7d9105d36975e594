//! Plain HTTP on this machine.

use crate::server::{Act, Server, open_wizard, reply, sign_in};
use auth_core::ports::{Transport, TransportError};
use auth_http::{ClientError, HttpOptions, HttpTransport, Proxy};
use std::{net::TcpListener, time::Duration};

fn transport() -> HttpTransport {
    HttpTransport::new(HttpOptions::default())
}

#[tokio::test]
async fn request_goes_out_as_it_stands() {
    let server = Server::start(Act::Say(reply("200 OK", "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n", "{}")));
    let answer = transport().send(sign_in(&format!("{}/base", server.url()))).await.unwrap();
    assert_eq!((answer.status, answer.body.expose()), (200, &b"{}"[..]));
    assert_eq!(answer.header("date"), Some("Thu, 01 Jan 2026 00:00:00 GMT"));
    let seen = server.seen().concat();
    assert!(seen.starts_with("POST /base/api/v2/signin HTTP/1.1\r\n"), "{seen}");
    let head = seen.to_lowercase();
    for header in [
        "accept: application/json",
        "content-type: application/json",
        "user-agent: test/1",
        "x-correlation-id: id-1",
        "accept-language: ja",
    ] {
        assert!(head.contains(&format!("{header}\r\n")), "{header} is missing in {seen}");
    }
    assert!(seen.ends_with(r#"{"email":"ann@example.com","password":"Secret123"}"#), "{seen}");
    assert!(!head.contains("cookie") && !head.contains("referer"), "{seen}");
}

#[tokio::test]
async fn redirect_is_not_followed_and_cookies_are_not_kept() {
    let other = Server::start(Act::Say(reply("200 OK", "", "{}")));
    let headers = format!("Location: {}/api/v2/signin\r\nSet-Cookie: sid=1\r\n", other.url());
    let server = Server::start(Act::Say(reply("307 Temporary Redirect", &headers, "")));
    let transport = transport();
    for _ in 0..2 {
        assert_eq!(transport.send(sign_in(&server.url())).await.unwrap().status, 307);
    }
    assert_eq!(other.seen(), Vec::<String>::new());
    assert!(!server.seen().concat().to_lowercase().contains("sid=1"));
}

#[tokio::test]
async fn answer_over_the_limit_is_not_read() {
    let announced = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n{".to_vec();
    let mut chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..64 {
        chunked.extend_from_slice(b"1000\r\n");
        chunked.extend_from_slice(&[b' '; 0x1000]);
        chunked.extend_from_slice(b"\r\n");
    }
    for bytes in [announced, chunked] {
        let server = Server::start(Act::SayAndHold(bytes));
        let transport = HttpTransport::new(HttpOptions::default().body_limit(100_000));
        assert_eq!(transport.send(open_wizard(&server.url())).await.unwrap_err(), TransportError::TooLarge);
    }
}

#[tokio::test]
async fn failures_are_named_by_whether_the_host_saw_the_request() {
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"half".to_vec();
    let interrupted = TransportError::Interrupted;
    for (bytes, expected) in [
        (cut, interrupted),
        (b"HTTP/1.1".to_vec(), interrupted),
        (Vec::new(), interrupted),
        (b"SSH-2.0-OpenSSH\r\n".to_vec(), TransportError::NotHttp),
        (b"<html>no head</html>".to_vec(), TransportError::NotHttp),
    ] {
        let server = Server::start(Act::Say(bytes));
        let error = transport().send(sign_in(&server.url())).await.unwrap_err();
        assert_eq!(error, expected);
        assert!(!error.error.was_not_sent());
        assert_eq!(server.seen().len(), 1, "a request is never sent twice");
    }
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = transport().send(sign_in(&format!("http://{closed}"))).await.unwrap_err();
    assert_eq!(error, TransportError::Unreachable);
    assert!(error.error.was_not_sent());
}

#[tokio::test]
async fn silence_ends_with_the_total_or_the_read_timeout() {
    let short = Duration::from_millis(50);
    let half = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"half".to_vec();
    for options in [HttpOptions::default().total_timeout(short), HttpOptions::default().read_timeout(short)] {
        for bytes in [Vec::new(), half.clone()] {
            let server = Server::start(Act::SayAndHold(bytes));
            let error = HttpTransport::new(options.clone()).send(sign_in(&server.url())).await.unwrap_err();
            assert_eq!(error, TransportError::TimedOut);
            assert!(!error.error.was_not_sent());
        }
    }
}

#[tokio::test]
async fn plain_http_on_this_machine_never_meets_a_proxy() {
    let proxy = Server::start(Act::Say(reply("200 OK", "", "proxy")));
    let server = Server::start(Act::Say(reply("200 OK", "", "host")));
    let transport = HttpTransport::new(HttpOptions::default().proxy(Proxy::Through(proxy.url())));
    let answer = transport.send(open_wizard(&server.url())).await.unwrap();
    assert_eq!(answer.body.expose(), b"host");
    assert!(proxy.seen().is_empty());
}

#[tokio::test]
async fn https_goes_through_the_proxy_that_was_named() {
    let proxy = Server::start(Act::Say(reply("502 Bad Gateway", "", "")));
    let transport = HttpTransport::new(HttpOptions::default().proxy(Proxy::Through(proxy.url())));
    let error = transport.send(open_wizard("https://broker.example")).await.unwrap_err();
    assert_eq!(error, TransportError::Unreachable);
    assert!(
        proxy.seen().concat().starts_with("CONNECT broker.example:443 HTTP/1.1\r\n"),
        "{:?}",
        proxy.seen()
    );
}

#[tokio::test]
async fn the_client_with_the_same_options_follows_no_redirect_and_keeps_to_the_proxy_and_the_timeouts() {
    let proxy = Server::start(Act::Say(reply("502 Bad Gateway", "", "")));
    let host = Server::start(Act::Say(reply("302 Found", "Location: /elsewhere\r\n", "")));
    let options = HttpOptions::default().proxy(Proxy::Through(proxy.url()));
    let client = options.client().unwrap();
    assert_eq!(client.get(host.url()).send().await.unwrap().status(), 302);
    assert!(proxy.seen().is_empty(), "plain http goes straight to the host");
    client.get("https://broker.example").send().await.unwrap_err();
    assert!(proxy.seen().concat().starts_with("CONNECT broker.example:443 HTTP/1.1\r\n"));

    let silent = Server::start(Act::SayAndHold(Vec::new()));
    let impatient = options.total_timeout(Duration::from_millis(50)).client().unwrap();
    assert!(impatient.get(silent.url()).send().await.unwrap_err().is_timeout());

    let no_url = HttpOptions::default().proxy(Proxy::Through("no address".to_owned()));
    assert_eq!(no_url.client().unwrap_err(), ClientError::Proxy);
}
