//! A root certificate that outlives a sandbox, so that clients come to trust it once.

use std::fmt;

use rcgen::{BasicConstraints, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::pki_types::CertificateDer;

use crate::certificate_error::CertificateError;
use crate::chain::{Chain, is_signed_by};
use crate::names::named;

/// How long a root is good that is kept: some years, in days.
const KEPT_DAYS: i32 = 3650;
const NAME: &str = "B2Core Auth sandbox root, worth nothing";

/// A root certificate and its key, for [`Builder::certificate_authority`](crate::Builder::certificate_authority). Whoever has the key can make
/// certificates that everybody believes who trusts the root: keep it as one keeps a password.
#[derive(Clone)]
pub struct CertificateAuthority {
    certificate: String,
    key: String,
}

impl CertificateAuthority {
    /// A new one, good for ten years.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub fn generate() -> Result<Self, CertificateError> {
        let made = || -> Result<Self, rcgen::Error> {
            let key = KeyPair::generate()?;
            let certificate = params(KEPT_DAYS)?.self_signed(&key)?.pem();
            Ok(Self { certificate, key: key.serialize_pem() })
        };
        made().map_err(|_| CertificateError::NotMade)
    }

    /// Reads what [`to_pem`](Self::to_pem) has written.
    ///
    /// # Errors
    /// It has no certificate or no key, they do not belong together, the certificate is over, or it is not one of a sandbox.
    pub fn from_pem(text: &str) -> Result<Self, CertificateError> {
        let chain = Chain::from_pem(text, text)?;
        let [certificate] = chain.certificates() else { return Err(CertificateError::NotASandboxRoot) };
        let key = KeyPair::try_from(chain.key_der()).map_err(|_| CertificateError::Unreadable)?;
        let certificate = pem_of(certificate);
        let authority = Self { certificate, key: key.serialize_pem() };
        // Names and kinds that differ from ours would be noticed by clients only.
        let probe = authority.issuer().and_then(|issuer| {
            let key = KeyPair::generate()?;
            named("probe", vec!["localhost".to_owned()], 1)?.signed_by(&key, &issuer)
        });
        let probe = probe.map_err(|_| CertificateError::Unreadable)?;
        match is_signed_by(probe.der(), &chain.certificates()[0]) {
            true => Ok(authority),
            false => Err(CertificateError::NotASandboxRoot),
        }
    }

    /// The certificate, which clients have to trust.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate
    }

    /// The certificate and its key, for a file that nobody else may read.
    pub fn to_pem(&self) -> String {
        format!("{}{}", self.certificate, self.key)
    }

    /// The hand that signs.
    pub(crate) fn issuer(&self) -> Result<Issuer<'static, KeyPair>, rcgen::Error> {
        Ok(Issuer::new(params(KEPT_DAYS)?, KeyPair::from_pem(&self.key)?))
    }
}

impl fmt::Debug for CertificateAuthority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { certificate: _, key: _ } = self;
        f.debug_struct("CertificateAuthority").finish_non_exhaustive()
    }
}

fn params(days: i32) -> Result<rcgen::CertificateParams, rcgen::Error> {
    let mut params = named(NAME, Vec::new(), days)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

/// The certificate alone as PEM.
fn pem_of(certificate: &CertificateDer<'_>) -> String {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(certificate);
    let lines = text.as_bytes().chunks(64).map(String::from_utf8_lossy);
    let body: String = lines.map(|line| format!("{line}\n")).collect();
    format!("-----BEGIN CERTIFICATE-----\n{body}-----END CERTIFICATE-----\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_and_its_key_is_not_shown() {
        let authority = CertificateAuthority::generate().unwrap();
        let read = CertificateAuthority::from_pem(&authority.to_pem()).unwrap();
        assert_eq!((read.certificate_pem(), &read.key), (authority.certificate_pem(), &authority.key));
        assert_eq!(format!("{authority:?}"), "CertificateAuthority { .. }");
    }

    #[test]
    fn what_is_not_a_sandbox_s_root_is_refused() {
        let authority = CertificateAuthority::generate().unwrap();
        let other = CertificateAuthority::generate().unwrap();
        let key = KeyPair::generate().unwrap();
        let foreign = named("Somebody", vec!["localhost".to_owned()], 10).unwrap().self_signed(&key).unwrap();
        let over = params(-2).unwrap().self_signed(&key).unwrap();
        for (text, why) in [
            (String::new(), CertificateError::NoCertificate),
            (authority.certificate.clone(), CertificateError::NoKey),
            (authority.key.clone(), CertificateError::NoCertificate),
            (format!("{}{}", authority.certificate, other.key), CertificateError::Mismatch),
            (format!("{}{}", foreign.pem(), key.serialize_pem()), CertificateError::NotASandboxRoot),
            (format!("{}{}", over.pem(), key.serialize_pem()), CertificateError::Expired),
            (
                format!("{}{}{}", authority.certificate, other.certificate, authority.key),
                CertificateError::NotASandboxRoot,
            ),
        ] {
            assert_eq!(CertificateAuthority::from_pem(&text).unwrap_err(), why);
        }
    }
}
