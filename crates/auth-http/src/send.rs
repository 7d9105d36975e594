//! Sending one request.

use crate::{
    ClientError, HttpOptions,
    addresses::Addresses,
    causes::find,
    client,
    proxy_in_use::{ProxyInUse, is_https},
    reason::Reason,
    reuse::{Limits, Reuse},
    route::peer,
    tls::{Tls, is_pin_mismatch, is_tls_failure},
};
use async_trait::async_trait;
use auth_core::{
    Header, HttpMethod, HttpRequest, HttpResponse,
    ports::{Transport, TransportError, TransportFailure, within},
    secret::{SecretBuffer, SecretBytes},
};
use bytes::Bytes;
use reqwest::{Client, Method, RequestBuilder, Response, header::HeaderValue};
use std::{sync::OnceLock, time::Instant};
use tokio::time::sleep;
use zeroize::Zeroizing;

/// Sends requests over HTTP/1.1 with reqwest.
#[derive(Debug)]
pub struct HttpTransport {
    options: HttpOptions,
    /// Read when it is first needed.
    proxy: OnceLock<ProxyInUse>,
    https: Lane,
    plain: Lane,
    reuse: Reuse,
    addresses: Addresses,
}

/// The clients for one scheme, made when they are first needed.
#[derive(Debug, Default)]
struct Lane {
    tls: Tls,
    keeping: OnceLock<Client>,
    closing: OnceLock<Client>,
}

impl HttpTransport {
    /// A transport; nothing is loaded or opened yet.
    pub fn new(options: HttpOptions) -> Self {
        let limits = Limits {
            most: options.max_idle_connections,
            idle: options.idle_timeout,
            connect: options.connect_timeout.min(options.total_timeout),
        };
        Self {
            options,
            proxy: OnceLock::new(),
            https: Lane::default(),
            plain: Lane::default(),
            reuse: Reuse::new(limits),
            addresses: Addresses::default(),
        }
    }

    fn client(&self, url: &str, keep: bool) -> Result<&Client, TransportFailure> {
        let https = is_https(url);
        let lane = if https { &self.https } else { &self.plain };
        let kind = if keep { &lane.keeping } else { &lane.closing };
        self.proxy().check(url)?;
        if let Some(client) = kind.get() {
            return Ok(client);
        }
        let client = self.build(https, keep, lane)?;
        Ok(kind.get_or_init(|| client))
    }

    fn proxy(&self) -> &ProxyInUse {
        self.proxy.get_or_init(|| ProxyInUse::of(&self.options))
    }

    fn build(&self, https: bool, keep: bool, lane: &Lane) -> Result<Client, ClientError> {
        let builder = client::builder(&self.options, &lane.tls, https.then(|| self.proxy()))?
            .pool_max_idle_per_host(if keep { self.options.max_idle_connections } else { 0 })
            .pool_idle_timeout(self.options.idle_timeout);
        client::build(builder)
    }

    fn prepare(&self, request: HttpRequest, keep: bool) -> Result<RequestBuilder, TransportFailure> {
        let method = match request.method {
            HttpMethod::Get => Method::GET,
            HttpMethod::Post => Method::POST,
        };
        let url = self.addresses.read(&request.url)?;
        let mut builder = self.client(&request.url, keep)?.request(method, url);
        for Header { name, value } in request.headers {
            // Borrowed, not copied: it is wiped when the client is done with it.
            let value = Bytes::from_owner(Owned(value));
            let mut value = HeaderValue::from_maybe_shared(value).map_err(|_| TransportError::Failed)?;
            value.set_sensitive(matches!(name, "Authorization" | "Cookie"));
            builder = builder.header(name, value);
        }
        if let Some(body) = request.body {
            builder = builder.body(Bytes::from_owner(Owned(body)));
        } else if request.method == HttpMethod::Post {
            // Some hosts answer 411 to a POST without a length.
            builder = builder.header("Content-Length", "0");
        }
        Ok(builder)
    }

    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, TransportFailure> {
        let whole = self.exchange_without_end(request);
        within(self.options.total_timeout, whole, Instant::now, sleep)
            .await
            .unwrap_or(Err(TransportError::TimedOut.into()))
    }

    async fn exchange_without_end(&self, request: HttpRequest) -> Result<HttpResponse, TransportFailure> {
        let trip = self.reuse.begin().await;
        let url = request.url.clone();
        let response = match self.in_time(&url, self.prepare(request, trip.keep)?.send()).await {
            Ok(response) => response,
            Err(error) => {
                trip.failed(error.error);
                return Err(error);
            }
        };
        let open = trip.answered(&response);
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .filter(|(name, _)| HttpResponse::reads_header(name.as_str()))
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
            .collect();
        let body = self.read(&url, response).await?;
        trip.finished(&open);
        Ok(HttpResponse { status, headers, body })
    }

    async fn read(&self, url: &str, mut response: Response) -> Result<SecretBytes, TransportFailure> {
        let limit = self.options.body_limit;
        let announced = response.content_length().unwrap_or(0);
        if announced > limit as u64 {
            return Err(TransportError::TooLarge.into());
        }
        let mut body = SecretBuffer::with_capacity(usize::try_from(announced).unwrap_or(0));
        while let Some(chunk) = self.in_time(url, response.chunk()).await? {
            if body.len() + chunk.len() > limit {
                return Err(TransportError::TooLarge.into());
            }
            body.extend(&chunk);
        }
        Ok(body.finish())
    }

    /// A part of an exchange. Its host may be silent for a certain time; unlike the client's own timeouts this one starts a timer
    /// only for a part that has to be waited for, and does not count time in which the process stood still.
    async fn in_time<T>(
        &self,
        url: &str,
        part: impl Future<Output = Result<T, reqwest::Error>>,
    ) -> Result<T, TransportFailure> {
        match within(self.options.read_timeout, part, Instant::now, sleep).await {
            Some(Ok(done)) => Ok(done),
            Some(Err(error)) => {
                let route = self.proxy().route(url);
                Err(TransportFailure::new(classify(&error), Reason::of(error, &route, url)))
            }
            None => {
                let reason = Reason::saying(format!("{} did not answer in time", peer(url)));
                Err(TransportFailure::new(TransportError::TimedOut, reason))
            }
        }
    }
}

#[async_trait]
impl Transport for HttpTransport {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportFailure> {
        let started = Instant::now();
        let (id, method, path) = (request.correlation_id.clone(), request.method.as_str(), request.path);
        let outcome = self.exchange(request).await;
        let id = id.as_str();
        let ms = started.elapsed().as_millis();
        match &outcome {
            Ok(response) => {
                tracing::debug!(correlation_id = id, method, path, status = response.status, ms, "answered");
            }
            Err(TransportFailure { error, cause }) => {
                let cause = cause.as_deref().map(tracing::field::display);
                tracing::warn!(
                    correlation_id = id,
                    method,
                    path,
                    error = error.kind(),
                    cause,
                    ms,
                    "no answer"
                );
            }
        }
        outcome
    }
}

/// What the client is borrowed of a request.
struct Owned<T>(T);

impl AsRef<[u8]> for Owned<Zeroizing<String>> {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl AsRef<[u8]> for Owned<SecretBytes> {
    fn as_ref(&self) -> &[u8] {
        self.0.expose()
    }
}

impl From<ClientError> for TransportFailure {
    fn from(error: ClientError) -> Self {
        let kind = match error {
            ClientError::TrustStore => TransportError::Tls,
            ClientError::Proxy | ClientError::ProxyVariable { .. } => TransportError::Unreachable,
            ClientError::Build => TransportError::Failed,
        };
        Self::new(kind, error)
    }
}

/// By whether the host can have seen the request. The error itself carries the URL and is not passed on.
pub(crate) fn classify(error: &reqwest::Error) -> TransportError {
    if error.is_builder() {
        return TransportError::Failed;
    }
    if error.is_connect() {
        return match error {
            error if is_pin_mismatch(error) => TransportError::PinMismatch,
            error if is_tls_failure(error) => TransportError::Tls,
            _ => TransportError::Unreachable,
        };
    }
    if error.is_timeout() {
        TransportError::TimedOut
    } else if find::<hyper::Error>(error).is_some_and(hyper::Error::is_parse) {
        TransportError::NotHttp
    } else {
        TransportError::Interrupted
    }
}
