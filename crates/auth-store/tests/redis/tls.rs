//! TLS to the server.

use super::*;
use crate::server::Server;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

/// A server with a certificate for `name`, and the PEM of the authority that signed it.
fn server_for(name: &str) -> (Server, String) {
    // As a program that has chosen one.
    let _there = rustls::crypto::ring::default_provider().install_default();
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new([name.to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let folder = tempfile::tempdir().unwrap().keep();
    let write = |file: &str, text: String| {
        let path = folder.join(file);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (certificate, key) =
        (write("server.pem", certificate.pem()), write("server.key", key.serialize_pem()));
    let roots = write("roots.pem", authority.pem());
    let server = Server::with(&[
        "--tls-port",
        "--tls-cert-file",
        &certificate,
        "--tls-key-file",
        &key,
        "--tls-ca-cert-file",
        &roots,
        "--tls-auth-clients",
        "no",
    ]);
    std::fs::remove_dir_all(folder).unwrap();
    (server, authority.pem())
}

#[tokio::test]
async fn a_server_is_reached_over_tls_by_the_roots_that_are_given() {
    let (server, roots) = server_for("127.0.0.1");
    let url = format!("rediss://127.0.0.1:{}", server.port);
    let store = open_with(&url, RedisOptions::default().tls_roots(roots));
    put(&store, &session(), 1, "x").await;
    assert_eq!(body(&store, &session()).await.unwrap(), "x");
    // Nobody else's word counts.
    let (_other, others) = server_for("127.0.0.1");
    for store in [open_with(&url, RedisOptions::default().tls_roots(others)), open(&url)] {
        let refused = store.load(&session()).await;
        assert!(matches!(refused, Err(StoreError::Unavailable { .. })), "{refused:?}");
    }
    let plain = open(&format!("redis://127.0.0.1:{}", server.port));
    assert!(matches!(plain.load(&session()).await, Err(StoreError::Unavailable { .. })));
}

#[tokio::test]
async fn a_certificate_of_another_name_is_refused() {
    let (server, roots) = server_for("other.example");
    let url = format!("rediss://127.0.0.1:{}", server.port);
    let store = open_with(&url, RedisOptions::default().tls_roots(roots));
    let refused = store.load(&session()).await;
    assert!(matches!(refused, Err(StoreError::Unavailable { .. })), "{refused:?}");
}
