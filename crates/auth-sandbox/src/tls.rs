//! HTTPS: with a certificate that is made at the start, from a root that is made then or kept, or with one of somebody else's making.

use std::net::IpAddr;
use std::sync::Arc;

use rcgen::{ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::authority::CertificateAuthority;
use crate::chain::Chain;
use crate::error::StartError;
use crate::names::named;

/// How long the host's certificate is good. Some systems refuse longer ones.
const DAYS: i32 = 365;

/// What is needed to answer with TLS.
pub(crate) struct Tls {
    pub(crate) acceptor: TlsAcceptor,
    /// The root certificate, if it is a sandbox's.
    pub(crate) ca_pem: Option<String>,
}

impl Tls {
    /// A certificate from this root, or from a new one, for this machine, the address that is listened on, and these names.
    pub(crate) fn new(
        authority: Option<&CertificateAuthority>,
        listen: IpAddr,
        names: &[String],
    ) -> Result<Self, StartError> {
        let names = all_names(listen, names)?;
        let fresh = match authority {
            Some(_) => None,
            None => Some(CertificateAuthority::generate().map_err(|_| StartError::Tls)?),
        };
        match authority.or(fresh.as_ref()) {
            Some(authority) => make(authority, names).map_err(|_| StartError::Tls),
            None => Err(StartError::Tls),
        }
    }

    /// A certificate and key of somebody else's making.
    pub(crate) fn of(chain: Chain) -> Result<Self, StartError> {
        let (certificates, key) = chain.into_parts();
        let config = config(certificates, key).map_err(|_| StartError::Tls)?;
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), ca_pem: None })
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

fn make(authority: &CertificateAuthority, names: Vec<String>) -> Result<Tls, Failed> {
    let issuer = authority.issuer().map_err(|_| Failed)?;
    let key = KeyPair::generate().map_err(|_| Failed)?;
    let mut leaf = named("B2Core Auth sandbox", names, DAYS).map_err(|_| Failed)?;
    leaf.use_authority_key_identifier_extension = true;
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let leaf = leaf.signed_by(&key, &issuer).map_err(|_| Failed)?;
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let config = config(vec![leaf.der().clone()], key)?;
    let ca_pem = Some(authority.certificate_pem().to_owned());
    Ok(Tls { acceptor: TlsAcceptor::from(Arc::new(config)), ca_pem })
}

fn config(
    certificates: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<ServerConfig, Failed> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|_| Failed)?
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .map_err(|_| Failed)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
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
