//! TLS against a real rustls server with certificates of our own.

use crate::server::open_wizard;
use crate::tls_server::tls_server;
use auth_core::ports::{Transport, TransportError};
use auth_http::{HttpOptions, HttpTransport, OptionsError, Proxy};
use std::{io::Write, net::TcpListener, thread};

#[tokio::test]
async fn an_extra_root_is_trusted_and_nothing_else_is() {
    let (port, ca) = tls_server("localhost");
    let request = || open_wizard(&format!("https://localhost:{port}"));
    let stranger = HttpTransport::new(HttpOptions::default());
    let error = stranger.send(request()).await.unwrap_err();
    assert_eq!(error, TransportError::Tls);
    assert!(error.error.was_not_sent());
    let trusting = HttpTransport::new(HttpOptions::default().extra_roots_pem(ca.as_bytes()).unwrap());
    assert_eq!(trusting.send(request()).await.unwrap().body.expose(), b"secure");
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let (port, ca) = tls_server("other.example");
    let transport = HttpTransport::new(HttpOptions::default().extra_roots_pem(ca.as_bytes()).unwrap());
    let error = transport.send(open_wizard(&format!("https://localhost:{port}"))).await.unwrap_err();
    assert_eq!(error, TransportError::Tls);
}

#[tokio::test]
async fn a_port_that_does_not_speak_tls_is_a_tls_failure() {
    let transport = HttpTransport::new(HttpOptions::default());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _gone = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let error = transport.send(open_wizard(&format!("https://localhost:{port}"))).await.unwrap_err();
    assert_eq!(error, TransportError::Tls);
}

#[tokio::test]
async fn the_client_with_the_same_options_trusts_the_same_roots() {
    let (port, ca) = tls_server("localhost");
    let url = format!("https://localhost:{port}");
    let options = HttpOptions::default().proxy(Proxy::Direct);
    assert!(options.client().unwrap().get(&url).send().await.unwrap_err().is_connect());
    let trusting = options.extra_roots_pem(ca.as_bytes()).unwrap().client().unwrap();
    assert_eq!(trusting.get(&url).send().await.unwrap().text().await.unwrap(), "secure");
}

#[test]
fn roots_that_do_not_read_are_refused() {
    let refused = |pem: &str| HttpOptions::default().extra_roots_pem(pem.as_bytes()).unwrap_err();
    assert_eq!(refused(""), OptionsError::NoCertificate);
    assert_eq!(refused("hello"), OptionsError::NoCertificate);
    let torn = "-----BEGIN CERTIFICATE-----\n???\n-----END CERTIFICATE-----\n";
    assert_eq!(refused(torn), OptionsError::BadCertificate);
}
