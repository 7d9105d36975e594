//! Why a certificate and its key cannot be used.

/// Why a certificate and its key cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// There is no certificate in PEM form.
    #[error("no certificate in PEM form was found")]
    NoCertificate,
    /// There is no private key in PEM form, or it is encrypted.
    #[error("no private key in PEM form was found, or it is encrypted")]
    NoKey,
    /// The certificate does not read, or its key is of a kind that TLS does not take here.
    #[error("the certificate or its key does not read, or the key is of a kind that is not supported")]
    Unreadable,
    /// The key belongs to another certificate.
    #[error("the key does not belong to the first certificate")]
    Mismatch,
    /// A certificate of the chain is over.
    #[error("a certificate has expired")]
    Expired,
    /// A certificate of the chain is not good yet.
    #[error("a certificate is not valid yet")]
    NotYetValid,
    /// The certificate is not one that [`CertificateAuthority::generate`](crate::CertificateAuthority::generate) has made.
    #[error("it is no root certificate that a sandbox has made")]
    NotASandboxRoot,
    /// The system gave no random numbers.
    #[error("no key can be made")]
    NotMade,
}
