//! The connection to one host: its ports and settings, and one request at a time.

use super::{ClockInUse, CookieJar, DueHints, HostQuota, RateLimiter, Reachability, WorkRuntime};
use auth_core::{
    ApiRequest, CorrelationId, DeviceFingerprint, Host, HttpResponse, Replay, RequestContext, Timestamp,
    attempts::Limits,
    ports::{
        ApprovalChannel, Cause, SessionId, SessionStore, StoreError, Transport, TransportError,
        TransportFailure, UserPresence,
    },
    qr::QrProtocol,
    sign_in::Step,
};
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// What the clients of all profiles of one host share.
pub(crate) struct HostConnection {
    pub(crate) host: Host,
    pub(crate) store: Arc<dyn SessionStore>,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: ClockInUse,
    pub(crate) fingerprint: DeviceFingerprint,
    /// What every request carries.
    pub(crate) requests: RequestContext,
    pub(crate) limits: Limits,
    pub(crate) qr_protocol: Arc<QrProtocol>,
    pub(crate) approval_channel: Option<Arc<dyn ApprovalChannel>>,
    pub(crate) user_presence: Option<Arc<dyn UserPresence>>,
    pub(crate) rate_limiter: RateLimiter,
    pub(crate) refresh_quota: HostQuota,
    pub(crate) due_hints: DueHints,
    pub(crate) runtime: WorkRuntime,
    pub(crate) reachability: Reachability,
    /// The host opens wizards by `POST`, as it has shown.
    pub(crate) wizard_by_post: AtomicBool,
}

/// A request that was sent: its result, when that came, and what an error tells of it.
pub(crate) struct Exchange {
    pub(crate) result: Result<HttpResponse, TransportError>,
    pub(crate) at: Timestamp,
    pub(crate) trace: Trace,
}

/// What an error tells of the request that it came from.
#[derive(Clone, Debug)]
pub(crate) struct Trace {
    pub(crate) id: CorrelationId,
    /// What lies behind a transport's error.
    pub(crate) source: Option<Cause>,
}

impl From<CorrelationId> for Trace {
    fn from(id: CorrelationId) -> Self {
        Self { id, source: None }
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id.fmt(f)
    }
}

impl HostConnection {
    /// Sends a request with the cookies of this jar, and by another method if the host says that it does not take this one.
    pub(crate) async fn call(&self, request: ApiRequest, jar: &CookieJar) -> Exchange {
        let endpoint = request.endpoint();
        let exchange = self.call_as_it_is(request, jar).await;
        let answer = exchange.result.as_ref().ok();
        let Some(other) = answer.and_then(|answer| ApiRequest::by_other_method(endpoint, answer)) else {
            return exchange;
        };
        let second = self.call_as_it_is(other, jar).await;
        if second.result.as_ref().is_ok_and(|answer| answer.status != 405) {
            self.wizard_by_post.store(true, Ordering::Relaxed);
        }
        second
    }

    /// The step as it is at this host, by what the host has shown.
    pub(crate) fn known(&self, step: Step) -> Step {
        if self.wizard_by_post.load(Ordering::Relaxed) { step.with_wizard_by_post() } else { step }
    }

    /// Takes over what another process has seen of this host.
    pub(crate) fn learn(&self, step: &Step) {
        if step.opens_wizard_by_post() {
            self.wizard_by_post.store(true, Ordering::Relaxed);
        }
    }

    /// Sends a request. It is sent a second time only if its endpoint is safe to repeat and the connection broke.
    async fn call_as_it_is(&self, request: ApiRequest, jar: &CookieJar) -> Exchange {
        let again = (request.endpoint().replay() == Replay::Safe).then(|| request.clone());
        let first = self.send(request, jar).await;
        match again {
            Some(request) if first.result.as_ref().err() == Some(&TransportError::Interrupted) => {
                self.send(request, jar).await
            }
            _ => first,
        }
    }

    /// What a request comes to whose transport does not answer.
    pub(crate) fn no_answer(&self) -> Exchange {
        let id = CorrelationId::new(uuid::Uuid::new_v4().to_string());
        Exchange { result: Err(TransportError::TimedOut), at: self.clock.now(), trace: id.into() }
    }

    async fn send(&self, request: ApiRequest, jar: &CookieJar) -> Exchange {
        let id = CorrelationId::new(uuid::Uuid::new_v4().to_string());
        let mut request = request.into_http(&self.requests, id.clone());
        jar.put_on(&mut request, self.clock.now());
        let url = request.url.clone();
        let (result, source) = match self.transport.send(request).await {
            Ok(answer) => (Ok(answer), None),
            Err(TransportFailure { error, cause }) => (Err(error), cause),
        };
        self.reachability.note(result.as_ref().err().copied(), || self.clock.reading());
        let at = self.clock.now();
        if let Ok(answer) = &result {
            jar.take_in(&url, answer, at);
        }
        Exchange { result, at, trace: Trace { id, source } }
    }
}

impl Exchange {
    /// True if the host cannot have seen the request.
    pub(crate) fn was_not_sent(&self) -> bool {
        self.result.as_ref().is_err_and(|error| error.was_not_sent())
    }
}

/// A new session id: random, so that no two sign-ins share one.
pub(crate) fn new_session_id() -> Result<SessionId, StoreError> {
    let random = getrandom::u64().map(SessionId);
    random.map_err(|_| StoreError::unavailable("the system's random numbers"))
}
