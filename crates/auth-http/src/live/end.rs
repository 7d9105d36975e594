//! Why a connection ended, and whether another one is of use.

use crate::{
    causes::find,
    tls::{is_pin_mismatch, is_tls_failure, is_untrusted},
};
use auth_core::ports::ChannelError;
use tokio::time::error::Elapsed;

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Another attempt can succeed.
    ForNow(ChannelError),
    /// Another attempt is of no use.
    Final(ChannelError),
    /// The address answered 404 to the handshake. A proxy may do so while its server starts anew.
    NotFound,
    /// The host refused the subscription. The connection is still there.
    Refused,
    /// The subscription failed for now. The connection is still there.
    Failed(ChannelError),
}

impl End {
    /// The connection broke.
    pub(super) const BROKEN: Self = Self::ForNow(ChannelError::Unreachable);
    /// What came is not the expected protocol.
    pub(super) const PROTOCOL: Self = Self::ForNow(ChannelError::Protocol);
    /// The channel cannot be watched with these settings.
    pub(super) const UNUSABLE: Self = Self::Final(ChannelError::Failed);
}

impl From<Elapsed> for End {
    fn from(_: Elapsed) -> Self {
        Self::BROKEN
    }
}

/// The error itself carries the address and is not passed on.
impl From<reqwest::Error> for End {
    fn from(error: reqwest::Error) -> Self {
        if error.is_builder() {
            Self::UNUSABLE
        } else if is_pin_mismatch(&error) {
            Self::Final(ChannelError::PinMismatch)
        } else if is_tls_failure_of_connect(&error) {
            if is_untrusted(&error) {
                Self::Final(ChannelError::Tls)
            } else {
                Self::ForNow(ChannelError::Tls)
            }
        } else if find::<hyper::Error>(&error).is_some_and(hyper::Error::is_parse) {
            Self::PROTOCOL
        } else {
            Self::BROKEN
        }
    }
}

fn is_tls_failure_of_connect(error: &reqwest::Error) -> bool {
    error.is_connect() && is_tls_failure(error)
}

impl From<tokio_websockets::Error> for End {
    fn from(error: tokio_websockets::Error) -> Self {
        match error {
            tokio_websockets::Error::Protocol(_) | tokio_websockets::Error::PayloadTooLong { .. } => {
                Self::PROTOCOL
            }
            _ => Self::BROKEN,
        }
    }
}
