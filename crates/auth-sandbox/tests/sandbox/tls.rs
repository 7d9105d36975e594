//! HTTPS, seen by a real TLS client.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::sync::Arc;

use auth_sandbox::{Sandbox, StartError};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::raw::{Head, request};

type Stream = StreamOwned<ClientConnection, TcpStream>;

/// A client that trusts this root and nothing else, and expects this name.
fn connect(sandbox: &Sandbox, ca: Option<&str>, name: &str) -> Stream {
    let mut roots = RootCertStore::empty();
    if let Some(ca) = ca {
        roots.add(CertificateDer::from_pem_slice(ca.as_bytes()).unwrap()).unwrap();
    }
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let client = ClientConnection::new(Arc::new(config), name).unwrap();
    StreamOwned::new(client, TcpStream::connect((Ipv4Addr::LOCALHOST, sandbox.port())).unwrap())
}

/// One request; head and body of what comes back until the connection ends well, and how it ended.
fn get(mut stream: Stream, path: &str) -> (Vec<u8>, std::io::Result<usize>) {
    let mut bytes = Vec::new();
    let text = request("GET", path, "").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    let ended = stream.write_all(text.as_bytes()).and_then(|()| stream.read_to_end(&mut bytes));
    (bytes, ended)
}

fn split(answer: &[u8]) -> (Head, &[u8]) {
    let end = answer.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
    (Head(String::from_utf8(answer[..end].to_vec()).unwrap()), &answer[end..])
}

fn secure() -> Sandbox {
    Sandbox::builder().tls(["broker.example", "*.brokers.example"]).start().unwrap()
}

#[test]
fn it_is_trusted_by_every_name_it_has() {
    let sandbox = secure();
    assert_eq!(sandbox.url(), format!("https://127.0.0.1:{}", sandbox.port()));
    let ca = sandbox.ca_pem().unwrap();
    for name in ["127.0.0.1", "::1", "localhost", "broker.example", "a.brokers.example"] {
        let (answer, ended) = get(connect(&sandbox, Some(ca), name), "/api/v2/my/signin/wizard");
        ended.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(split(&answer).0.status(), 200, "{name}");
    }
    let (answer, _) = get(connect(&sandbox, Some(ca), "localhost"), "/_sandbox/ca.pem");
    assert_eq!(split(&answer).1, ca.as_bytes());
    assert_eq!(sandbox.requests().len(), 5);
}

#[test]
fn nobody_else_is_trusted() {
    let (sandbox, other) = (secure(), secure());
    for (ca, name) in [
        (None, "localhost"),
        (other.ca_pem(), "localhost"),
        (sandbox.ca_pem(), "elsewhere.example"),
        (sandbox.ca_pem(), "127.0.0.2"),
    ] {
        let (answer, ended) = get(connect(&sandbox, ca, name), "/api/v2/my/signin/wizard");
        let error = ended.unwrap_err();
        assert_eq!((answer.len(), error.kind()), (0, ErrorKind::InvalidData), "{name}: {error}");
        assert!(error.to_string().contains("certificate"), "{error}");
    }
    assert!(sandbox.requests().is_empty());
}

#[test]
fn faults_act_below_it() {
    let sandbox = secure();
    let wizard = || get(connect(&sandbox, sandbox.ca_pem(), "localhost"), "/api/v2/my/signin/wizard");
    sandbox.fault("wizard:drop=after,times=1".parse().unwrap());
    let (answer, ended) = wizard();
    assert_eq!((answer.len(), ended.unwrap_err().kind()), (0, ErrorKind::UnexpectedEof), "no farewell");
    sandbox.fault("wizard:cut=3,times=1".parse().unwrap());
    let (answer, _) = wizard();
    let (head, body) = split(&answer);
    assert_eq!((head.status(), body), (200, &b"{\"c"[..]));
    sandbox.fault("wizard:garbage,times=1".parse().unwrap());
    assert_eq!(wizard().0.len(), 512);
    assert_eq!(split(&wizard().0).0.status(), 200);
}

#[test]
fn without_it_there_is_no_certificate() {
    let sandbox = Sandbox::start().unwrap();
    assert_eq!(sandbox.ca_pem(), None);
    let mut raw = crate::raw::Raw::get(&sandbox, "/_sandbox/ca.pem");
    assert_eq!(raw.answer().0.status(), 404);
}

#[test]
fn a_bad_name_is_told() {
    for name in ["", "two words", "a..b", "https://broker.example", "*", "a.*.example"] {
        let error = Sandbox::builder().tls([name]).start().unwrap_err();
        assert!(matches!(&error, StartError::TlsName { name: told } if told == name), "{error}");
    }
}
