//! TLS by the backend that the program's own features of reqwest have chosen; without one, there is none.

use crate::{
    ClientError, HttpOptions,
    causes::{find, find_where},
};
use reqwest::ClientBuilder;
use std::io;

/// Nothing to set up.
#[derive(Debug, Default)]
pub(crate) struct Tls(());

impl Tls {
    /// Leaves the choice to reqwest.
    pub(crate) fn apply(
        &self,
        builder: ClientBuilder,
        _options: &HttpOptions,
        _https: bool,
    ) -> Result<ClientBuilder, ClientError> {
        Ok(builder)
    }
}

/// Whether TLS is why there is no connection. The backends' error types are not known here, so it goes by what is: rustls
/// reports bad data; native-tls, and reqwest without TLS, report no error of the system. A proxy's refusal reads the same.
pub(crate) fn is_tls_failure(error: &reqwest::Error) -> bool {
    let bad_data = find_where(error, &|cause: &io::Error| cause.kind() == io::ErrorKind::InvalidData);
    let found = bad_data.is_some() || (!error.is_timeout() && find::<io::Error>(error).is_none());
    if found {
        tracing::warn!("no TLS connection; without the feature `rustls`, TLS takes a feature of reqwest");
    }
    found
}

/// Whether pins are why there is no connection: there are none here.
pub(crate) fn is_pin_mismatch(_error: &reqwest::Error) -> bool {
    false
}

/// What the server has done, as the rest of a sentence; `None` if TLS is not why.
pub(crate) fn reason_of_tls(error: &reqwest::Error) -> Option<String> {
    is_tls_failure(error).then(|| "offers no secure connection that is trusted".to_owned())
}

/// Whether the server's certificate is why there is no connection. It cannot be told from other failures of TLS here.
#[cfg(feature = "live")]
pub(crate) fn is_untrusted(_error: &reqwest::Error) -> bool {
    true
}
