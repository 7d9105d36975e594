//! TLS: by rustls, set up here, or by whatever reqwest was built with.

#[cfg(feature = "__rustls")]
mod pinned_keys;
#[cfg(feature = "__rustls")]
mod pinned_verifier;
#[cfg(feature = "__rustls")]
mod rustls;
#[cfg(all(feature = "__rustls", feature = "live"))]
pub(crate) use rustls::is_untrusted;
#[cfg(feature = "__rustls")]
pub(crate) use rustls::{Tls, is_pin_mismatch, is_tls_failure, reason_of_tls};

#[cfg(not(feature = "__rustls"))]
mod reqwest_backend;
#[cfg(all(not(feature = "__rustls"), feature = "live"))]
pub(crate) use reqwest_backend::is_untrusted;
#[cfg(not(feature = "__rustls"))]
pub(crate) use reqwest_backend::{Tls, is_pin_mismatch, is_tls_failure, reason_of_tls};
