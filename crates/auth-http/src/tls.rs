//! Whom to trust.

use rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::CertificateDer};
use rustls_platform_verifier::Verifier;
use std::sync::Arc;

/// The platform's trust store plus the extra roots. Loading it takes milliseconds.
pub(crate) fn with_platform_trust(
    extra_roots: &[CertificateDer<'static>],
) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(ring::default_provider());
    let builder =
        ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions()?;
    let verifier = verifier(extra_roots, provider)?;
    Ok(builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth())
}

/// Trusts nobody: for a client that sends plain `http` only.
pub(crate) fn with_no_trust() -> Result<ClientConfig, rustls::Error> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
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
