//! A transport written in Kotlin or Swift, and its bridge to the core's port.

use crate::{NetworkProblem, print::redacted};
use async_trait::async_trait;
use auth_client::{ports, secret::SecretBytes};
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;
use zeroize::Zeroizing;

/// Sends a request as it stands and gives back the answer, whatever its status. It follows no redirect, keeps no
/// cookie, never sends twice, and logs no header and no body.
///
/// Throw `TransportError`; anything else arrives as a failed transport, without its text.
#[uniffi::export(foreign)]
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends and waits for the whole answer.
    async fn send(&self, request: Arc<HttpRequest>) -> Result<Arc<HttpResponse>, TransportError>;
}

/// What a transport can throw: by whether the host can have seen the request.
#[derive(Clone, Copy, Debug, thiserror::Error, uniffi::Error)]
#[uniffi::export(Display)]
pub enum TransportError {
    /// No whole answer came.
    #[error("{problem}")]
    Network {
        /// Why.
        problem: NetworkProblem,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for TransportError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        // Its text is the app's and may hold anything.
        Self::Network { problem: NetworkProblem::Failed }
    }
}

/// A request header.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct HttpHeader {
    /// The name.
    pub name: String,
    /// The value; it may be a bearer token, so that printing the header shows the name only.
    pub value: String,
}

redacted!(HttpHeader, |header, f| write!(f, "{}: ..", header.name));

/// A request that is ready to be sent. It holds secrets: an object, so that nothing prints it.
#[derive(uniffi::Object)]
pub struct HttpRequest {
    method: String,
    url: String,
    headers: Vec<(String, Zeroizing<String>)>,
    body: Option<SecretBytes>,
}

impl From<auth_core::HttpRequest> for HttpRequest {
    fn from(request: auth_core::HttpRequest) -> Self {
        let headers = request.headers.into_iter().map(|h| (h.name.to_owned(), h.value));
        Self {
            method: request.method.as_str().to_owned(),
            url: request.url,
            headers: headers.collect(),
            body: request.body,
        }
    }
}

#[uniffi::export]
impl HttpRequest {
    /// A request as an app's tests give it to the app's own transport.
    #[uniffi::constructor]
    pub fn new(method: String, url: String, headers: Vec<HttpHeader>, body: Option<Vec<u8>>) -> Arc<Self> {
        let headers = headers.into_iter().map(|h| (h.name, Zeroizing::new(h.value))).collect();
        Arc::new(Self { method, url, headers, body: body.map(SecretBytes::new) })
    }

    /// `GET` or `POST`.
    pub fn method(&self) -> String {
        self.method.clone()
    }

    /// The whole address. It carries no secret.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// Every header that has to be sent.
    pub fn headers(&self) -> Vec<HttpHeader> {
        let headers = self.headers.iter();
        headers.map(|(name, value)| HttpHeader { name: name.clone(), value: value.to_string() }).collect()
    }

    /// The body, if there is one.
    pub fn body(&self) -> Option<Vec<u8>> {
        self.body.as_ref().map(|body| body.expose().to_vec())
    }
}

/// An answer as it came. It may hold tokens: an object, so that nothing prints it.
#[derive(uniffi::Object)]
pub struct HttpResponse {
    inner: auth_core::HttpResponse,
}

#[uniffi::export]
impl HttpResponse {
    /// Status, headers and body. Of the headers only `Date` and `Retry-After` are looked at.
    #[uniffi::constructor]
    pub fn new(status: u16, headers: Vec<HttpHeader>, body: Vec<u8>) -> Arc<Self> {
        let headers = headers.into_iter().map(|h| (h.name, h.value)).collect();
        Arc::new(Self { inner: auth_core::HttpResponse { status, headers, body: SecretBytes::new(body) } })
    }
}

/// How much longer than the request's own time a transport may take to say that it timed out.
const GRACE: Duration = Duration::from_secs(5);

/// Makes a foreign transport a [`ports::Transport`].
pub(crate) struct TransportBridge {
    foreign: Arc<dyn Transport>,
    timeout: Duration,
}

impl TransportBridge {
    pub(crate) fn new(foreign: Arc<dyn Transport>, timeout: Duration) -> Self {
        Self { foreign, timeout }
    }
}

#[async_trait]
impl ports::Transport for TransportBridge {
    async fn send(
        &self,
        request: auth_core::HttpRequest,
    ) -> Result<auth_core::HttpResponse, ports::TransportError> {
        let request = Arc::new(HttpRequest::from(request));
        match timeout(self.timeout + GRACE, self.foreign.send(request)).await {
            Ok(Ok(response)) => Ok(response.inner.clone()),
            Ok(Err(TransportError::Network { problem })) => Err(problem.into()),
            Err(_) => Err(ports::TransportError::TimedOut),
        }
    }
}
