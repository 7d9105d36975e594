//! TLS by rustls: which certificates are trusted, and which crypto provider is used.
//!
//! The provider is named to each configuration and is never installed for the process: that choice is the program's.

use super::pinned_verifier::{KeysSeen, PinnedVerifier, PinsRefuse};
use crate::{ClientError, HttpOptions, causes::find};
use auth_core::AfterExpiry;
use reqwest::ClientBuilder;
use rustls::{
    ClientConfig, RootCertStore,
    client::{Resumption, danger::ServerCertVerifier},
    crypto::CryptoProvider,
    pki_types::CertificateDer,
};
use rustls_platform_verifier::Verifier;
use std::sync::{Arc, OnceLock};

/// The configuration that several clients share, and the TLS sessions with it. Loading the platform's trust takes milliseconds.
#[derive(Debug, Default)]
pub(crate) struct Tls(OnceLock<ClientConfig>);

impl Tls {
    /// Gives the client the configuration, which is made the first time.
    pub(crate) fn apply(
        &self,
        builder: ClientBuilder,
        options: &HttpOptions,
        https: bool,
    ) -> Result<ClientBuilder, ClientError> {
        if let Some(config) = self.0.get() {
            return Ok(builder.tls_backend_preconfigured(config.clone()));
        }
        let config = if https { with_platform_trust(options, None) } else { with_no_trust() };
        let config = config.map_err(no_trust_store)?;
        Ok(builder.tls_backend_preconfigured(self.0.get_or_init(|| config).clone()))
    }

    /// A configuration that reads the keys of the server of this name.
    pub(crate) fn reading_keys(options: &HttpOptions, name: &str) -> Result<(Self, KeysSeen), ClientError> {
        let keys = KeysSeen::default();
        let config = with_platform_trust(options, Some((name, keys.clone()))).map_err(no_trust_store)?;
        Ok((Self(OnceLock::from(config)), keys))
    }
}

fn no_trust_store(error: rustls::Error) -> ClientError {
    tracing::error!(%error, "the trust store cannot be loaded");
    ClientError::TrustStore
}

/// Whether TLS is why there is no connection.
pub(crate) fn is_tls_failure(error: &reqwest::Error) -> bool {
    find::<rustls::Error>(error).is_some()
}

/// Whether pins are why there is no connection to a server that is trusted.
pub(crate) fn is_pin_mismatch(error: &reqwest::Error) -> bool {
    find::<rustls::Error>(error).is_some_and(|error| PinsRefuse::of(error).is_some())
}

/// What the server has done, as the rest of a sentence; `None` if TLS is not why.
pub(crate) fn reason_of_tls(error: &reqwest::Error) -> Option<String> {
    use rustls::{CertificateError, Error, InvalidMessage};
    let error = find::<Error>(error)?;
    if let Some(refusal) = PinsRefuse::of(error) {
        return Some(refusal.to_string());
    }
    let why = match error {
        // What begins as a record of TLS does not.
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            return Some("does not speak TLS; perhaps it answers in plain HTTP".to_owned());
        }
        Error::InvalidCertificate(certificate) => match certificate {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => "that has expired".into(),
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "that is not valid yet; is the clock right?".into()
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "for another name".into()
            }
            CertificateError::UnknownIssuer => "of an issuer that is not trusted here".into(),
            CertificateError::Revoked => "that was revoked".into(),
            other => format!("that is not trusted: {other}"),
        },
        other => return Some(format!("offers no secure connection: {other}")),
    };
    Some(format!("has a certificate {why}"))
}

/// Whether the server's certificate is why there is no connection: another attempt would meet the same one.
#[cfg(feature = "live")]
pub(crate) fn is_untrusted(error: &reqwest::Error) -> bool {
    matches!(
        find::<rustls::Error>(error),
        Some(rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented)
    )
}

/// The provider that the program has installed, as reqwest does it too, or else the one that our features bring.
fn provider() -> Arc<CryptoProvider> {
    CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(own_provider()))
}

#[cfg(feature = "ring")]
fn own_provider() -> CryptoProvider {
    rustls::crypto::ring::default_provider()
}

#[cfg(not(feature = "ring"))]
fn own_provider() -> CryptoProvider {
    rustls::crypto::aws_lc_rs::default_provider()
}

/// The platform's trust store plus the extra roots, and the pins.
fn with_platform_trust(
    options: &HttpOptions,
    reader: Option<(&str, KeysSeen)>,
) -> Result<ClientConfig, rustls::Error> {
    let provider = provider();
    let builder =
        ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions()?;
    let mut verifier: Arc<dyn ServerCertVerifier> =
        Arc::new(verifier(&options.extra_roots, provider.clone())?);
    if let Some((name, keys)) = reader {
        verifier = Arc::new(PinnedVerifier::new(verifier, options, &provider).reading(name, keys));
    } else if !options.pins.is_empty() {
        verifier = Arc::new(PinnedVerifier::new(verifier, options, &provider));
    }
    let mut config = builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth();
    if options.pins.iter().any(|(_, pins)| pins.after_expiry() == AfterExpiry::Refuse) {
        // A session that is taken up again shows no certificate, and could outlive its pins.
        config.resumption = Resumption::disabled();
    }
    Ok(config)
}

/// Trusts nobody: for a client that sends plain `http` only.
fn with_no_trust() -> Result<ClientConfig, rustls::Error> {
    let builder = ClientConfig::builder_with_provider(provider());
    let builder = builder.with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
}

#[cfg(not(target_os = "android"))]
fn verifier(
    extra_roots: &[CertificateDer<'static>],
    provider: Arc<rustls::crypto::CryptoProvider>,
) -> Result<Verifier, rustls::Error> {
    Verifier::new_with_extra_roots(extra_roots.iter().cloned(), provider)
}

#[cfg(target_os = "android")]
fn verifier(
    extra_roots: &[CertificateDer<'static>],
    provider: Arc<rustls::crypto::CryptoProvider>,
) -> Result<Verifier, rustls::Error> {
    // Android takes extra roots through the app's network security configuration only.
    if !extra_roots.is_empty() {
        return Err(rustls::Error::General(
            "extra roots are set in the app's network security configuration".into(),
        ));
    }
    Verifier::new(provider)
}
