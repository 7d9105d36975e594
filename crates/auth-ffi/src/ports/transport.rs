//! A transport written in Kotlin or Swift, and its bridge to the core's port.

use super::Thrown;
use crate::{NetworkProblem, print::redacted};
use async_trait::async_trait;
use auth_client::{ports, secret::SecretBytes};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::time::sleep;
use zeroize::Zeroizing;

/// A transport of the app's own: sends a request unchanged and returns the answer, whatever its status, with all its headers. It must
/// not follow redirects, keep cookies of its own (`Cookie` is sent and `Set-Cookie` handed over as it is), send a request twice, or
/// log headers or bodies.
///
/// Throw `TransportError`, with the number of what lies behind it. Anything else becomes `NetworkProblem.Failed`, and is lost.
#[uniffi::export(foreign)]
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends the request and waits for the whole answer.
    async fn send(&self, request: Arc<HttpRequest>) -> Result<Arc<HttpResponse>, TransportError>;
}

/// What a transport can throw. The problem says whether the host may have received the request.
#[derive(Clone, Copy, Debug, thiserror::Error, uniffi::Error)]
#[uniffi::export(Display)]
pub enum TransportError {
    /// There is no complete answer.
    #[error("{problem}")]
    Network {
        /// Why.
        problem: NetworkProblem,
        /// The number by which the layer finds what was thrown again; null if there is nothing to find.
        thrown: Option<i64>,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for TransportError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        // Its text is the app's and may contain secrets.
        Self::Network { problem: NetworkProblem::Failed, thrown: None }
    }
}

/// A request header.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct HttpHeader {
    /// The name.
    pub name: String,
    /// The value. It may be a bearer token, so printing the header shows its name only.
    pub value: String,
}

redacted!(HttpHeader, |header, f| write!(f, "{}: ..", header.name));

/// A request to send. It contains secrets, so it is an object, which nothing prints.
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
    /// Makes a request: for tests of an app's own transport.
    #[uniffi::constructor]
    pub fn new(method: String, url: String, headers: Vec<HttpHeader>, body: Option<Vec<u8>>) -> Arc<Self> {
        let headers = headers.into_iter().map(|h| (h.name, Zeroizing::new(h.value))).collect();
        Arc::new(Self { method, url, headers, body: body.map(SecretBytes::new) })
    }

    /// `GET` or `POST`.
    pub fn method(&self) -> String {
        self.method.clone()
    }

    /// The whole URL. It contains no secret.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// All headers to send.
    pub fn headers(&self) -> Vec<HttpHeader> {
        let headers = self.headers.iter();
        headers.map(|(name, value)| HttpHeader { name: name.clone(), value: value.to_string() }).collect()
    }

    /// The body, if there is one.
    pub fn body(&self) -> Option<Vec<u8>> {
        self.body.as_ref().map(|body| body.expose().to_vec())
    }
}

/// The answer to a request. It may contain tokens, so it is an object, which nothing prints.
#[derive(uniffi::Object)]
pub struct HttpResponse {
    inner: auth_core::HttpResponse,
}

#[uniffi::export]
impl HttpResponse {
    /// An answer of this status, headers and body. Hand over all headers: the host's time, limits and cookies are read of them.
    #[uniffi::constructor]
    pub fn new(status: u16, headers: Vec<HttpHeader>, body: Vec<u8>) -> Arc<Self> {
        let headers = headers.into_iter().map(|h| (h.name, h.value)).collect();
        Arc::new(Self { inner: auth_core::HttpResponse { status, headers, body: SecretBytes::new(body) } })
    }

    /// The status: for a transport that is put around another one.
    pub fn status(&self) -> u16 {
        self.inner.status
    }

    /// The headers.
    pub fn headers(&self) -> Vec<HttpHeader> {
        let headers = self.inner.headers.iter();
        headers.map(|(name, value)| HttpHeader { name: name.clone(), value: value.clone() }).collect()
    }

    /// The body. It may hold tokens: do not log it.
    pub fn body(&self) -> Vec<u8> {
        self.inner.body.expose().to_vec()
    }
}

/// How much longer than the request's timeout a transport may take to report that it timed out. Time in which the process was
/// frozen does not count: the answer that came meanwhile is taken.
const TIMEOUT_MARGIN: Duration = Duration::from_secs(5);

/// Adapts a foreign transport to [`ports::Transport`].
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
    ) -> Result<auth_core::HttpResponse, ports::TransportFailure> {
        let request = Arc::new(HttpRequest::from(request));
        match ports::within(self.timeout + TIMEOUT_MARGIN, self.foreign.send(request), Instant::now, sleep)
            .await
        {
            Some(Ok(response)) => Ok(response.inner.clone()),
            Some(Err(TransportError::Network { problem, thrown })) => Err(ports::TransportFailure {
                error: problem.into(),
                cause: Thrown::by("transport", thrown).map(ports::Cause::new),
            }),
            None => Err(ports::TransportError::TimedOut.into()),
        }
    }
}
