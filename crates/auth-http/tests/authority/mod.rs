//! A certificate authority of a test's own.

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::{ServerConfig, pki_types::PrivateKeyDer};
use std::sync::Arc;

/// A server's settings with a certificate for `name` from a new authority, and the authority as PEM.
pub(crate) fn server_config(name: &str) -> (Arc<ServerConfig>, String) {
    let mut params = CertificateParams::new(Vec::new()).expect("test set-up");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca_key = KeyPair::generate().expect("test set-up");
    let ca = params.self_signed(&ca_key).expect("test set-up");
    let issuer = Issuer::new(params, ca_key);
    let key = KeyPair::generate().expect("test set-up");
    let certificate = CertificateParams::new([name.to_owned()])
        .expect("test set-up")
        .signed_by(&key, &issuer)
        .expect("test set-up");
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("test set-up")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .expect("test set-up");
    (Arc::new(config), ca.pem())
}
