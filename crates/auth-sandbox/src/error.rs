//! Why a sandbox did not start.

use std::net::SocketAddr;

use crate::certificate_error::CertificateError;
use crate::state::StateError;

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address is taken, not local, or not allowed.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The server's thread or its runtime could not be created.
    #[error("cannot start the server thread")]
    Thread(#[source] std::io::Error),
    /// The base path is not a plain path.
    #[error("the base path must start with / and use only letters, digits and -._~/")]
    BasePath,
    /// A name for the certificate is neither an address nor a host name.
    #[error("{name:?} is no address or host name that a certificate can be made for")]
    TlsName {
        /// The name given.
        name: String,
    },
    /// The steering token cannot be one.
    #[error("the steering token must have at least 16 letters, digits or signs of ASCII")]
    SteeringToken,
    /// The certificate that was given cannot be used.
    #[error("the certificate cannot be used: {0}")]
    Certificate(#[from] CertificateError),
    /// The state cannot be kept in the file that was given, or taken up from it.
    #[error("the file for the state cannot be used: {0}")]
    State(#[from] StateError),
    /// No certificate could be made.
    #[error("cannot make a certificate")]
    Tls,
    /// The embedded signing key was refused; the build is broken.
    #[error("the signing key is unusable")]
    SigningKey,
    /// The system gave no random bytes.
    #[error("the system has no random numbers")]
    Random,
}
