//! HTTPS with a root certificate of the sandbox's own, made at its start. All keys are in memory only.

use std::net::IpAddr;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::error::StartError;

/// How long the certificates are good. Some systems refuse longer ones.
const DAYS: i32 = 365;

/// What is needed to answer with TLS.
pub(crate) struct Tls {
    pub(crate) acceptor: TlsAcceptor,
    /// The root certificate.
    pub(crate) ca_pem: String,
}

impl Tls {
    /// A new root, and a certificate from it for this machine, the address that is listened on, and these names.
    pub(crate) fn new(listen: IpAddr, names: &[String]) -> Result<Self, StartError> {
        make(all_names(listen, names)?).map_err(|_| StartError::Tls)
    }
}

/// This machine, the address that is listened on unless it stands for all, and the names given.
fn all_names(listen: IpAddr, names: &[String]) -> Result<Vec<String>, StartError> {
    let mut all = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    if !listen.is_unspecified() {
        all.push(listen.to_string());
    }
    for name in names {
        if !is_name(name) {
            return Err(StartError::TlsName { name: name.clone() });
        }
        all.push(name.clone());
    }
    all.sort();
    all.dedup();
    Ok(all)
}

/// Why there is no certificate; nothing in it helps anybody.
struct Failed;

fn make(names: Vec<String>) -> Result<Tls, Failed> {
    let (ca, issuer) = root()?;
    let key = KeyPair::generate().map_err(|_| Failed)?;
    let mut leaf = named("B2Core Auth sandbox", names)?;
    leaf.use_authority_key_identifier_extension = true;
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let leaf = leaf.signed_by(&key, &issuer).map_err(|_| Failed)?;
    let config = config(leaf.der().clone(), &key)?;
    Ok(Tls { acceptor: TlsAcceptor::from(Arc::new(config)), ca_pem: ca })
}

/// The root as PEM, and its hand that signs, which is let go after the one certificate.
fn root() -> Result<(String, Issuer<'static, KeyPair>), Failed> {
    let key = KeyPair::generate().map_err(|_| Failed)?;
    let mut params = named("B2Core Auth sandbox root, worth nothing", Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let pem = params.self_signed(&key).map_err(|_| Failed)?.pem();
    Ok((pem, Issuer::new(params, key)))
}

fn config(certificate: CertificateDer<'static>, key: &KeyPair) -> Result<ServerConfig, Failed> {
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|_| Failed)?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .map_err(|_| Failed)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Good from yesterday on, by the system's clock: a client's TLS knows no other.
fn named(name: &str, names: Vec<String>) -> Result<CertificateParams, Failed> {
    let mut params = CertificateParams::new(names).map_err(|_| Failed)?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let start_of = |date: Date| {
        date_time_ymd(date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs())
    };
    params.not_before = start_of(today.saturating_sub(1.day()));
    params.not_after = start_of(today.saturating_add(DAYS.days()));
    Ok(params)
}

/// An address, or a host name that may begin with `*.`.
fn is_name(name: &str) -> bool {
    let good = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    name.parse::<IpAddr>().is_ok() || name.strip_prefix("*.").unwrap_or(name).split('.').all(good)
}

#[cfg(test)]
mod tests {
    use super::all_names;

    #[test]
    fn a_certificate_has_the_address_that_is_listened_on() {
        let names = |listen: &str| all_names(listen.parse().unwrap(), &["a.example".to_owned()]).unwrap();
        assert_eq!(names("192.0.2.7"), ["127.0.0.1", "192.0.2.7", "::1", "a.example", "localhost"]);
        for everywhere in ["0.0.0.0", "127.0.0.1"] {
            assert_eq!(names(everywhere), ["127.0.0.1", "::1", "a.example", "localhost"]);
        }
    }
}
