//! The keys that a server's certificate leads to.

use crate::HostKey;
use auth_core::Pin;
use rustls::{
    RootCertStore,
    client::verify_server_cert_signed_by_trust_anchor,
    crypto::WebPkiSupportedAlgorithms,
    pki_types::{CertificateDer, UnixTime},
    server::ParsedCertificate,
};
use sha2::{Digest, Sha256};
use std::iter;

/// A server's certificate, and the others that are at hand: those that the server has sent, and the extra roots.
///
/// That a certificate was sent says nothing: anybody can send the well-known certificate of an issuer beside one of another. So an issuer's key
/// counts only if the server's certificate is signed by it, directly or through others of those certificates.
pub(super) struct Chain<'a> {
    pub(super) end_entity: &'a CertificateDer<'a>,
    pub(super) sent: &'a [CertificateDer<'a>],
    pub(super) extra_roots: &'a [CertificateDer<'a>],
    pub(super) now: UnixTime,
    pub(super) algorithms: WebPkiSupportedAlgorithms,
}

impl Chain<'_> {
    /// True if the certificate leads to a key of this kind. Dates and uses were looked at before, names too.
    pub(super) fn leads_to(&self, wanted: impl Fn(&Pin) -> bool) -> bool {
        let is_wanted =
            |certificate: &CertificateDer<'_>| pin_of(certificate).is_some_and(|pin| wanted(&pin));
        if is_wanted(self.end_entity) {
            return true;
        }
        let mut anchors = RootCertStore::empty();
        let issuers = self.sent.iter().chain(self.extra_roots);
        anchors.add_parsable_certificates(issuers.filter(|issuer| is_wanted(issuer)).cloned());
        !anchors.is_empty() && self.is_signed_by(&anchors)
    }

    /// All keys that it leads to, its own first.
    pub(super) fn keys(&self) -> Vec<HostKey> {
        let mut keys = Vec::new();
        let others = self.sent.iter().chain(self.extra_roots).map(|issuer| (issuer, false));
        for (certificate, is_own) in iter::once((self.end_entity, true)).chain(others) {
            let Some(pin) = pin_of(certificate) else { continue };
            if keys.iter().all(|key: &HostKey| key.pin != pin) && self.leads_to(|key| *key == pin) {
                keys.push(HostKey { pin, is_own });
            }
        }
        keys
    }

    fn is_signed_by(&self, anchors: &RootCertStore) -> bool {
        ParsedCertificate::try_from(self.end_entity).is_ok_and(|certificate| {
            let Self { sent, now, algorithms, .. } = self;
            verify_server_cert_signed_by_trust_anchor(&certificate, anchors, sent, *now, algorithms.all)
                .is_ok()
        })
    }
}

/// The pin of a certificate's key; nothing if the certificate does not read.
fn pin_of(certificate: &CertificateDer<'_>) -> Option<Pin> {
    let key = ParsedCertificate::try_from(certificate).ok()?.subject_public_key_info();
    Some(Pin::of_sha256(Sha256::digest(&key).into()))
}
