//! Pinned keys, against servers with issuers of our own.

use crate::{
    issuers::{Authority, Served},
    server::{open_wizard, sign_in},
};
use auth_core::{
    AfterExpiry, CertificatePins, Host, Timestamp,
    ports::{Transport, TransportError, TransportFailure},
};
use auth_http::{HttpOptions, HttpTransport, Proxy};
use std::error::Error;

/// The pin of a key that nobody here has.
const NOBODY: &str = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const NOBODY_ELSE: &str = "sha256/AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

fn trusting(roots: &[&Authority]) -> HttpOptions {
    let options = HttpOptions::default().proxy(Proxy::Direct);
    roots
        .iter()
        .fold(options, |options, root| options.extra_roots_pem(root.pem.as_bytes()).expect("test set-up"))
}

fn pins(of: [&str; 2]) -> CertificatePins {
    CertificatePins::new(of).expect("test set-up")
}

fn localhost() -> Host {
    Host::parse("https://localhost").expect("test set-up")
}

/// Signs in at this server, which is pinned so.
async fn try_pins(
    server: &Served,
    options: HttpOptions,
    pins: CertificatePins,
) -> Result<(), TransportFailure> {
    let transport = HttpTransport::new(options.certificate_pins(&localhost(), pins));
    let answer = transport.send(sign_in(&server.url())).await?;
    assert_eq!(answer.body.expose(), b"secure");
    assert!(server.seen().concat().contains("Secret123"));
    Ok(())
}

async fn refused(server: &Served, options: HttpOptions, pins: CertificatePins) -> String {
    let failure = try_pins(server, options, pins).await.expect_err("the pins refuse it");
    assert_eq!(failure, TransportError::PinMismatch);
    assert!(failure.error.was_not_sent());
    assert_eq!(server.seen(), [""; 0], "nothing of a request has reached the server");
    failure.source().expect("it has a cause").to_string()
}

#[tokio::test]
async fn a_key_of_the_chain_is_enough_wherever_it_stands() {
    let root = Authority::new("root");
    let (direct, below) = (root.serve(&[]), root.under("middle"));
    let through = below.serve(&[&below]);
    for (server, pin) in [
        (&direct, &direct.pin),
        (&direct, &root.pin),
        (&through, &through.pin),
        (&through, &below.pin),
        (&through, &root.pin),
    ] {
        try_pins(server, trusting(&[&root]), pins([pin, NOBODY])).await.expect("one is pinned");
        try_pins(server, trusting(&[&root]), pins([NOBODY, pin])).await.expect("one is in reserve");
    }
}

#[tokio::test]
async fn other_keys_are_refused_before_a_byte_of_a_request() {
    let root = Authority::new("root");
    let server = root.serve(&[]);
    let cause = refused(&server, trusting(&[&root]), pins([NOBODY, NOBODY_ELSE])).await;
    let expected =
        format!("localhost:{} has a certificate that leads to none of the pinned keys", server.port);
    assert_eq!(cause, expected);
}

#[tokio::test]
async fn a_second_authority_that_is_trusted_is_not_thereby_pinned() {
    let (ours, second) = (Authority::new("ours"), Authority::new("second"));
    let server = second.serve(&[]);
    let both = || trusting(&[&ours, &second]);
    HttpTransport::new(both()).send(open_wizard(&server.url())).await.expect("it is trusted");
    let server = second.serve(&[]);
    refused(&server, both(), pins([&ours.pin, NOBODY])).await;
}

#[tokio::test]
async fn a_certificate_that_is_only_sent_along_does_not_count() {
    let (ours, second) = (Authority::new("ours"), Authority::new("second"));
    let (our_middle, their_middle) = (ours.under("our middle"), second.under("their middle"));
    for sent in [vec![&ours], vec![&our_middle], vec![&their_middle, &our_middle, &ours]] {
        let issuer = if sent.len() == 3 { &their_middle } else { &second };
        let server = issuer.serve(&sent);
        let both = trusting(&[&ours, &second]);
        refused(&server, both, pins([&ours.pin, &our_middle.pin])).await;
    }
}

#[tokio::test]
async fn pins_only_narrow() {
    let root = Authority::new("root");
    let server = root.serve(&[]);
    let failure = try_pins(&server, trusting(&[]), pins([&server.pin, &root.pin])).await.unwrap_err();
    assert_eq!(failure, TransportError::Tls, "its issuer is not trusted");
    let other = root.serve_as("other.example", &[]);
    let failure = try_pins(&other, trusting(&[&root]), pins([&other.pin, &root.pin])).await.unwrap_err();
    assert_eq!(failure, TransportError::Tls, "its name is another");
}

#[tokio::test]
async fn expired_pins_are_ignored_or_refused_as_chosen() {
    let root = Authority::new("root");
    let (past, future): (Timestamp, Timestamp) =
        ("2020-01-01T00:00:00Z".parse().unwrap(), "9999-01-01T00:00:00Z".parse().unwrap());
    let server = root.serve(&[]);
    let wrong = |at, then| pins([NOBODY, NOBODY_ELSE]).expiring(at, then);
    refused(&server, trusting(&[&root]), wrong(future, AfterExpiry::Ignore)).await;
    let right = pins([&server.pin, NOBODY]).expiring(past, AfterExpiry::Refuse);
    let cause = refused(&server, trusting(&[&root]), right).await;
    let expected = "is pinned, and the pins have expired on 2020-01-01T00:00:00Z";
    assert_eq!(cause, format!("localhost:{} {expected}", server.port));
    try_pins(&server, trusting(&[&root]), wrong(past, AfterExpiry::Ignore)).await.expect("they are ignored");
    let right = pins([&server.pin, NOBODY]).expiring(future, AfterExpiry::Refuse);
    try_pins(&server, trusting(&[&root]), right).await.expect("they hold");
}

#[tokio::test]
async fn pins_are_those_of_their_host_alone() {
    let root = Authority::new("root");
    let by_address = root.serve_as("127.0.0.1", &[]);
    let url = format!("https://127.0.0.1:{}", by_address.port);
    let wrong = || pins([NOBODY, NOBODY_ELSE]);
    let elsewhere = trusting(&[&root]).certificate_pins(&localhost(), wrong());
    HttpTransport::new(elsewhere.clone()).send(open_wizard(&url)).await.expect("it is another host");
    let host = Host::parse(&url).unwrap();
    let failure = HttpTransport::new(elsewhere.clone().certificate_pins(&host, wrong()))
        .send(open_wizard(&url))
        .await
        .unwrap_err();
    assert_eq!(failure, TransportError::PinMismatch);
    let right =
        elsewhere.certificate_pins(&host, wrong()).certificate_pins(&host, pins([&by_address.pin, NOBODY]));
    HttpTransport::new(right).send(open_wizard(&url)).await.expect("the last pins count");
}

#[tokio::test]
async fn the_client_with_the_same_options_has_the_same_pins() {
    let root = Authority::new("root");
    let server = root.serve(&[]);
    let with = |of| trusting(&[&root]).certificate_pins(&localhost(), pins(of)).client().unwrap();
    assert!(with([NOBODY, NOBODY_ELSE]).get(server.url()).send().await.unwrap_err().is_connect());
    assert!(with([&server.pin, NOBODY]).get(server.url()).send().await.is_ok());
}

#[tokio::test]
async fn the_keys_that_count_are_told_and_no_others() {
    let (root, other) = (Authority::new("root"), Authority::new("other"));
    let below = root.under("middle");
    let server = below.serve(&[&below, &other]);
    let host = Host::parse(&server.url()).unwrap();
    let both = trusting(&[&root, &other]);
    let keys =
        both.clone().certificate_pins(&host, pins([NOBODY, NOBODY_ELSE])).host_keys(&host).await.unwrap();
    let told: Vec<_> = keys.iter().map(|key| (key.pin.to_string(), key.is_own)).collect();
    assert_eq!(told, [(server.pin.clone(), true), (below.pin.clone(), false), (root.pin.clone(), false)]);
    for (pin, _) in told {
        try_pins(&server, both.clone(), pins([&pin, NOBODY])).await.expect("it counts");
    }
    let failure = trusting(&[]).host_keys(&host).await.unwrap_err();
    assert_eq!(failure, TransportError::Tls, "of a host that is not trusted nothing is told");
    let plain = Host::parse("http://127.0.0.1:1").unwrap();
    assert_eq!(both.host_keys(&plain).await.unwrap_err(), TransportError::Tls);
}
