//! A certificate with those that lead to its root, and its key, as files have them.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{CertificateError as Verdict, Error, InconsistentKeys, RootCertStore};

use crate::certificate_error::CertificateError;

/// Certificates, the host's own first, and the key of that one; deliberately without `Debug`.
pub(crate) struct Chain {
    certificates: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Chain {
    /// Reads both and looks whether they can be used together, today.
    pub(crate) fn from_pem(certificates: &str, key: &str) -> Result<Self, CertificateError> {
        let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificates.as_bytes()).collect();
        let certificates = all.map_err(|_| CertificateError::Unreadable)?;
        if certificates.is_empty() {
            return Err(CertificateError::NoCertificate);
        }
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|_| CertificateError::NoKey)?;
        let pair = CertifiedKey::from_der(certificates.clone(), key.clone_key(), &default_provider());
        pair.map_err(|error| match error {
            Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => CertificateError::Mismatch,
            _ => CertificateError::Unreadable,
        })?;
        certificates.iter().try_for_each(check_dates)?;
        Ok(Self { certificates, key })
    }

    pub(crate) fn certificates(&self) -> &[CertificateDer<'static>] {
        &self.certificates
    }

    pub(crate) fn key_der(&self) -> &PrivateKeyDer<'static> {
        &self.key
    }

    pub(crate) fn into_parts(self) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
        (self.certificates, self.key)
    }
}

/// Whether a certificate is good now; whom it is from is nobody's business here.
fn check_dates(certificate: &CertificateDer<'static>) -> Result<(), CertificateError> {
    match verdict(certificate, certificate) {
        Some(Verdict::Expired | Verdict::ExpiredContext { .. }) => Err(CertificateError::Expired),
        Some(Verdict::NotValidYet | Verdict::NotValidYetContext { .. }) => Err(CertificateError::NotYetValid),
        Some(Verdict::BadEncoding) => Err(CertificateError::Unreadable),
        _ => Ok(()),
    }
}

/// Whether a client that trusts this root believes a certificate for `localhost`.
pub(crate) fn is_signed_by(certificate: &CertificateDer<'_>, root: &CertificateDer<'static>) -> bool {
    verdict(certificate, root).is_none()
}

/// What a client that trusts `root` has against a certificate for `localhost`.
fn verdict(certificate: &CertificateDer<'_>, root: &CertificateDer<'static>) -> Option<Verdict> {
    let mut roots = RootCertStore::empty();
    if roots.add(root.clone()).is_err() {
        return Some(Verdict::BadEncoding);
    }
    let verifier =
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::new(default_provider())).build();
    let (Ok(verifier), Ok(name)) = (verifier, ServerName::try_from("localhost")) else {
        return Some(Verdict::BadEncoding);
    };
    match verifier.verify_server_cert(certificate, &[], &name, &[], UnixTime::now()) {
        Ok(_) => None,
        Err(Error::InvalidCertificate(why)) => Some(why),
        Err(_) => Some(Verdict::BadEncoding),
    }
}
