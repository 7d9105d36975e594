//! TLS with an authority of our own, directly and through a proxy.

use crate::{
    authority::server_config,
    server::{EchoServer, Rules},
    watcher::{CHANNEL, Watcher, channel, subscription},
};
use auth_core::ports::ChannelTransports::{self, Polling, PollingThenWebSocket, WebSocket};
use auth_core::{CertificatePins, Host};
use auth_http::{HttpOptions, Proxy};
use std::sync::{Arc, Mutex};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

const ALL: [ChannelTransports; 3] = [Polling, PollingThenWebSocket, WebSocket];

/// A server with a certificate of a new authority, and the authority as PEM.
async fn tls_server(name: &str) -> (EchoServer, String) {
    let (config, ca) = server_config(name);
    let server = EchoServer::start_with(Rules::default(), Some(TlsAcceptor::from(config))).await;
    (server, ca)
}

fn url(server: &EchoServer) -> String {
    format!("https://localhost:{}/socket.io/", server.port)
}

fn trusting(ca: &str) -> HttpOptions {
    HttpOptions::default().extra_roots_pem(ca.as_bytes()).expect("test set-up")
}

async fn works(mut watcher: Watcher, server: &EchoServer) {
    watcher.expect(&["subscribed"]).await;
    for n in 0..5 {
        server.push(&format!(r#"42["approved","{CHANNEL}",{n}]"#));
        watcher.expect(&[&format!("approved {n}")]).await;
    }
}

#[tokio::test]
async fn an_extra_root_is_trusted_by_every_transport() {
    let (server, ca) = tls_server("localhost").await;
    for transports in ALL {
        works(Watcher::start_with(channel(trusting(&ca)), subscription(&url(&server), transports)), &server)
            .await;
    }
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_is_final() {
    let (server, _) = tls_server("localhost").await;
    let (other_name, ca) = tls_server("other.example").await;
    for transports in ALL {
        Watcher::start(&url(&server), transports).expect(&["end tls"]).await;
        Watcher::start_with(channel(trusting(&ca)), subscription(&url(&other_name), transports))
            .expect(&["end tls"])
            .await;
    }
    assert!(server.requests().is_empty() && other_name.requests().is_empty());
}

#[tokio::test]
async fn other_keys_than_the_pinned_ones_are_final() {
    let (server, ca) = tls_server("localhost").await;
    let nobody = ["A", "B"].map(|letter| format!("sha256/{}AAAA=", letter.repeat(39)));
    let pins = CertificatePins::new(nobody.iter().map(String::as_str)).expect("test set-up");
    for (host, expected) in
        [("https://localhost:1", "end pin_mismatch"), ("https://elsewhere.example", "subscribed")]
    {
        let host = Host::parse(host).expect("test set-up");
        for transports in ALL {
            let options = trusting(&ca).certificate_pins(&host, pins.clone());
            let mut watcher = Watcher::start_with(channel(options), subscription(&url(&server), transports));
            watcher.expect(&[expected]).await;
        }
        assert_eq!(server.requests().is_empty(), expected != "subscribed");
    }
}

#[tokio::test]
async fn a_port_that_does_not_speak_tls_is_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("test set-up");
    let url = format!("https://localhost:{}/socket.io/", listener.local_addr().expect("test set-up").port());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.expect("test set-up");
            let _until_closed = stream.read(&mut [0; 1024]).await;
        }
    });
    Watcher::start(&url, PollingThenWebSocket).expect(&["interrupted tls", "interrupted tls"]).await;
}

/// A proxy for `CONNECT` to any port of this machine, and what it was asked for.
async fn proxy() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("test set-up");
    let url = format!("http://{}", listener.local_addr().expect("test set-up"));
    let asked = Arc::<Mutex<Vec<String>>>::default();
    let log = asked.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(tunnel(stream, log.clone()));
        }
    });
    (url, asked)
}

async fn tunnel(mut stream: TcpStream, log: Arc<Mutex<Vec<String>>>) {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        head.push(char::from(stream.read_u8().await.expect("test set-up")));
    }
    let asked = head.lines().next().expect("test set-up").to_owned();
    let port = asked.split([':', ' ']).nth(2).expect("test set-up").parse::<u16>().expect("test set-up");
    log.lock().expect("test set-up").push(asked);
    let mut server = TcpStream::connect(("127.0.0.1", port)).await.expect("test set-up");
    stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await.expect("test set-up");
    let _gone = copy_bidirectional(&mut stream, &mut server).await;
}

#[tokio::test]
async fn the_proxy_is_used_by_every_transport() {
    let (server, ca) = tls_server("broker.example").await;
    let url = format!("https://broker.example:{}/socket.io/", server.port);
    for transports in ALL {
        let (proxy, asked) = proxy().await;
        let options = trusting(&ca).proxy(Proxy::Through(proxy));
        works(Watcher::start_with(channel(options), subscription(&url, transports)), &server).await;
        let asked = asked.lock().expect("test set-up");
        let expected = format!("CONNECT broker.example:{} HTTP/1.1", server.port);
        assert!(!asked.is_empty() && asked.iter().all(|line| *line == expected), "{asked:?}");
    }
}

#[tokio::test]
async fn plain_http_on_this_machine_never_meets_a_proxy() {
    let server = EchoServer::start(Rules::default()).await;
    for transports in ALL {
        let (proxy, asked) = proxy().await;
        let options = HttpOptions::default().proxy(Proxy::Through(proxy));
        works(Watcher::start_with(channel(options), subscription(&server.url(), transports)), &server).await;
        assert!(asked.lock().expect("test set-up").is_empty());
    }
}
