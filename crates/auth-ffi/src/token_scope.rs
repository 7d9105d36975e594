//! The URLs to which an access token may be sent.

use std::sync::Arc;

use crate::AuthError;

/// The URLs to which an access token may be sent: those below one of some base URLs, such as `https://broker.example/tenant-a`. An HTTP
/// client asks it before it puts a token on a request, and again after each redirect.
#[derive(uniffi::Object)]
pub struct TokenScope {
    inner: auth_client::TokenScope,
}

#[uniffi::export]
impl TokenScope {
    /// The scope of these base URLs.
    ///
    /// # Errors
    /// `Setup` if one of them is no base URL.
    #[uniffi::constructor]
    pub fn new(base_urls: Vec<String>) -> Result<Arc<Self>, AuthError> {
        let inner = auth_client::TokenScope::new(base_urls.iter().map(String::as_str))
            .map_err(|error| AuthError::Setup { problem: error.to_string() })?;
        Ok(Arc::new(Self { inner }))
    }

    /// True if a token may be sent to the URL of these parts, as the HTTP client that sends the request has read them: the port also
    /// where it is the scheme's own, and the path percent-encoded.
    pub fn contains(&self, scheme: &str, host: &str, port: u16, encoded_path: &str) -> bool {
        self.inner.contains(scheme, host, port, encoded_path)
    }
}
