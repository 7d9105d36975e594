//! Holding a server to its pins, after it was found to be trusted.

use super::pinned_keys::Chain;
use crate::{HostKey, HttpOptions};
use auth_core::{CertificatePins, PinsNow, Timestamp};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, OtherError, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, WebPkiSupportedAlgorithms},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use std::{
    mem,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

/// Why a server that is trusted is not connected to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PinsRefuse {
    #[error("has a certificate that leads to none of the pinned keys")]
    OtherKeys,
    #[error("is pinned, and the pins have expired on {0}")]
    Expired(Timestamp),
}

impl PinsRefuse {
    /// What it was, if pins were behind this error.
    pub(crate) fn of(error: &Error) -> Option<Self> {
        match error {
            Error::InvalidCertificate(CertificateError::Other(OtherError(cause))) => {
                cause.downcast_ref().copied()
            }
            _ => None,
        }
    }
}

impl From<PinsRefuse> for Error {
    fn from(refusal: PinsRefuse) -> Self {
        CertificateError::Other(OtherError(Arc::new(refusal))).into()
    }
}

/// The keys of a server, once it was connected to and found to be trusted.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeysSeen(Arc<Mutex<Vec<HostKey>>>);

impl KeysSeen {
    fn put(&self, keys: Vec<HostKey>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = keys;
    }

    pub(crate) fn take(&self) -> Vec<HostKey> {
        mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Another verifier, and then the pins.
#[derive(Debug)]
pub(super) struct PinnedVerifier {
    trust: Arc<dyn ServerCertVerifier>,
    pins: Vec<(String, CertificatePins)>,
    extra_roots: Vec<CertificateDer<'static>>,
    algorithms: WebPkiSupportedAlgorithms,
    /// Where the keys of the server of this name go.
    reader: Option<(String, KeysSeen)>,
}

impl PinnedVerifier {
    pub(super) fn new(
        trust: Arc<dyn ServerCertVerifier>,
        options: &HttpOptions,
        provider: &CryptoProvider,
    ) -> Self {
        Self {
            trust,
            pins: options.pins.clone(),
            extra_roots: options.extra_roots.clone(),
            algorithms: provider.signature_verification_algorithms,
            reader: None,
        }
    }

    /// It holds nobody to pins, but reads the keys of the server of this name.
    pub(super) fn reading(self, name: &str, keys: KeysSeen) -> Self {
        Self { pins: Vec::new(), reader: Some((name.to_owned(), keys)), ..self }
    }

    fn pins_of(&self, server: &ServerName<'_>) -> Option<&CertificatePins> {
        self.pins.iter().find(|(name, _)| is_named(server, name)).map(|(_, pins)| pins)
    }
}

fn is_named(server: &ServerName<'_>, name: &str) -> bool {
    match server {
        ServerName::DnsName(dns) => {
            let bare = |name: &str| name.trim_end_matches('.').to_ascii_lowercase();
            bare(dns.as_ref()) == bare(name)
        }
        ServerName::IpAddress(address) => name.parse() == Ok(IpAddr::from(*address)),
        _ => false,
    }
}

impl ServerCertVerifier for PinnedVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        sent: &[CertificateDer<'_>],
        server: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let trusted = self.trust.verify_server_cert(end_entity, sent, server, ocsp_response, now)?;
        let chain =
            Chain { end_entity, sent, extra_roots: &self.extra_roots, now, algorithms: self.algorithms };
        if let Some((name, keys)) = &self.reader
            && is_named(server, name)
        {
            keys.put(chain.keys());
        }
        let Some(pins) = self.pins_of(server) else { return Ok(trusted) };
        // A clock beyond all dates is after every expiry.
        let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        match pins.at(Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)) {
            PinsNow::InForce if chain.leads_to(|pin| pins.contains(pin)) => Ok(trusted),
            PinsNow::InForce => Err(PinsRefuse::OtherKeys.into()),
            PinsNow::Ignored => {
                tracing::warn!("the certificate pins have expired and are ignored");
                Ok(trusted)
            }
            PinsNow::Refused => Err(PinsRefuse::Expired(pins.expires_at().unwrap_or_default()).into()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.trust.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.trust.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.trust.supported_verify_schemes()
    }

    fn requires_raw_public_keys(&self) -> bool {
        self.trust.requires_raw_public_keys()
    }

    fn root_hint_subjects(&self) -> Option<&[DistinguishedName]> {
        self.trust.root_hint_subjects()
    }
}
