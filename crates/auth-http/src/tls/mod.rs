//! TLS: by rustls, set up here, or by whatever reqwest was built with.

#[cfg(feature = "__rustls")]
mod rustls;
#[cfg(feature = "__rustls")]
pub(crate) use rustls::{Tls, is_tls_failure};

#[cfg(not(feature = "__rustls"))]
mod reqwest_backend;
#[cfg(not(feature = "__rustls"))]
pub(crate) use reqwest_backend::{Tls, is_tls_failure};
