//! Issuers of certificates, whose keys can be pinned.

use crate::server::{read_request, reply};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, PublicKeyData};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use sha2::{Digest, Sha256};
use std::{
    io::Write,
    net::TcpListener,
    sync::{Arc, Mutex},
    thread,
};

/// An authority, or one that another has signed.
pub(crate) struct Authority {
    pub(crate) issuer: Issuer<'static, KeyPair>,
    pub(crate) der: CertificateDer<'static>,
    pub(crate) pem: String,
    pub(crate) pin: String,
}

/// A pin as OkHttp writes it, made by other means than the transport's: rcgen knows the key, the pin is no part of a certificate.
fn pin(key: &KeyPair) -> String {
    auth_core::Pin::of_sha256(Sha256::digest(key.subject_public_key_info()).into()).to_string()
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        Self::make(name, None)
    }

    /// One whose certificate this one signs.
    pub(crate) fn under(&self, name: &str) -> Self {
        Self::make(name, Some(self))
    }

    fn make(name: &str, above: Option<&Self>) -> Self {
        let key = KeyPair::generate().expect("test set-up");
        let mut params = CertificateParams::new(Vec::new()).expect("test set-up");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let certificate = match above {
            Some(above) => params.signed_by(&key, &above.issuer).expect("test set-up"),
            None => params.self_signed(&key).expect("test set-up"),
        };
        let pin = pin(&key);
        let (der, pem) = (certificate.der().clone(), certificate.pem());
        Self { issuer: Issuer::new(params, key), der, pem, pin }
    }

    /// A server for `localhost` with a certificate of this authority, which sends these others along.
    pub(crate) fn serve(&self, sent: &[&Self]) -> Served {
        self.serve_as("localhost", sent)
    }

    pub(crate) fn serve_as(&self, name: &str, sent: &[&Self]) -> Served {
        let key = KeyPair::generate().expect("test set-up");
        let params = CertificateParams::new([name.to_owned()]).expect("test set-up");
        let certificate = params.signed_by(&key, &self.issuer).expect("test set-up");
        let mut chain = vec![certificate.der().clone()];
        chain.extend(sent.iter().map(|authority| authority.der.clone()));
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("test set-up")
            .with_no_client_auth()
            .with_single_cert(chain, PrivateKeyDer::Pkcs8(key.serialize_der().into()))
            .expect("test set-up");
        let listener = TcpListener::bind("127.0.0.1:0").expect("test set-up");
        let port = listener.local_addr().expect("test set-up").port();
        let seen = Arc::<Mutex<Vec<String>>>::default();
        let (config, log) = (Arc::new(config), seen.clone());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let connection = ServerConnection::new(config.clone()).expect("test set-up");
                let mut stream = StreamOwned::new(connection, stream);
                if let Some(request) = read_request(&mut stream) {
                    log.lock().expect("not poisoned").push(request);
                    let _gone = stream.write_all(&reply("200 OK", "", "secure"));
                    stream.conn.send_close_notify();
                    let _gone = stream.flush();
                }
            }
        });
        Served { port, pin: pin(&key), seen }
    }
}

/// A server at work.
pub(crate) struct Served {
    pub(crate) port: u16,
    /// Of its own key.
    pub(crate) pin: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Served {
    pub(crate) fn url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// The requests so far, head and body.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().expect("not poisoned").clone()
    }
}
