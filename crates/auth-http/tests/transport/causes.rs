//! What an error says of its cause: what was not found, and what refused.

use crate::server::{Act, Server, open_wizard, reply};
use crate::tls_server::tls_server;
use auth_core::ports::{Transport, TransportError, TransportFailure};
use auth_http::{HttpOptions, HttpTransport, Proxy};
use std::{error::Error, io::Write, net::TcpListener, thread};

async fn failure(options: HttpOptions, url: &str) -> TransportFailure {
    HttpTransport::new(options).send(open_wizard(url)).await.expect_err("there is no answer")
}

fn cause(failure: &TransportFailure) -> String {
    failure.source().expect("it has a cause").to_string()
}

fn through(proxy: &str) -> HttpOptions {
    HttpOptions::default().proxy(Proxy::Through(proxy.to_owned()))
}

fn closed() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("test set-up");
    listener.local_addr().expect("test set-up").to_string()
}

#[tokio::test]
async fn no_connection_names_who_refused_it() {
    let (host, proxy) = (closed(), closed());
    let direct = failure(HttpOptions::default(), &format!("http://{host}")).await;
    assert_eq!(cause(&direct), format!("connection refused by {host}"));
    assert!(direct.source().unwrap().source().is_some(), "the chain goes on");
    let by_proxy = failure(through(&format!("http://ann:hunter2@{proxy}")), "https://broker.example").await;
    assert_eq!(by_proxy, TransportError::Unreachable);
    assert_eq!(cause(&by_proxy), format!("connection refused by {proxy} (the proxy given)"));
    // No name server is asked for a name that is none.
    let name = format!("{}.example", "a".repeat(64));
    let mut request = open_wizard("http://127.0.0.1");
    request.url = request.url.replace("127.0.0.1", &name);
    let direct = HttpTransport::new(HttpOptions::default());
    let failed = direct.send(request).await.unwrap_err();
    assert_eq!(cause(&failed), format!("name not found: {name}"));
}

#[tokio::test]
async fn a_proxy_that_does_not_let_it_through_is_named() {
    for (answer, expected) in [
        ("407 Proxy Authentication Required", "wants a user name and a password"),
        ("502 Bad Gateway", "does not let a connection to broker.example:443 through"),
    ] {
        let proxy = Server::start(Act::Say(reply(answer, "", "")));
        let failed = failure(through(&proxy.url()), "https://broker.example").await;
        let at = proxy.url().replace("http://", "");
        assert_eq!(cause(&failed), format!("{at} (the proxy given) {expected}"));
    }
}

#[tokio::test]
async fn a_proxy_that_cannot_be_used_is_an_error_without_its_password() {
    for bad in ["ftp://ann:hunter2@proxy.example", "http://ann:hunter2@proxy.example:99999"] {
        let failed = failure(through(bad), "https://broker.example").await;
        assert!(failed.error.was_not_sent());
        assert_eq!(cause(&failed), "the address given for the proxy cannot be used");
        assert!(!format!("{failed:?}").contains("hunter2"));
    }
}

#[tokio::test]
async fn what_tls_refuses_says_why() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let plain = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _gone = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let failed = failure(HttpOptions::default(), &format!("https://{plain}")).await;
    assert_eq!(cause(&failed), format!("{plain} does not speak TLS; perhaps it answers in plain HTTP"));
    let (port, ca) = tls_server("other.example");
    let url = format!("https://localhost:{port}");
    let failed = failure(HttpOptions::default(), &url).await;
    let expected = format!("localhost:{port} has a certificate of an issuer that is not trusted here");
    assert_eq!(cause(&failed), expected);
    let trusting = HttpOptions::default().extra_roots_pem(ca.as_bytes()).unwrap();
    assert_eq!(
        cause(&failure(trusting, &url).await),
        format!("localhost:{port} has a certificate for another name")
    );
}

#[tokio::test]
async fn a_broken_connection_says_so() {
    let server = Server::start(Act::Say(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"half".to_vec()));
    let failed = failure(HttpOptions::default(), &server.url()).await;
    let at = server.url().replace("http://", "");
    assert!(cause(&failed).starts_with(&format!("the connection to {at} broke: ")), "{}", cause(&failed));
    let everything = format!("{failed:?}");
    assert!(!everything.contains("/api/v2"), "{everything}");
}
