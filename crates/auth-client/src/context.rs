//! What every part of a client works with: the host, the settings and the ports.

use crate::{SystemClock, clock::coarse, rate_limit::LastLog, session::Account};
use auth_core::{
    AccountKey, ApiRequest, CorrelationId, DeviceFingerprint, Host, HttpResponse, Office, Profile, Replay,
    RequestContext, Timestamp,
    attempts::Limits,
    ports::{Clock, RecordKey, RecordKind, SessionId, SessionStore, StoreError, Transport, TransportError},
};
use std::{ops::Deref, sync::Arc};

/// One profile's, with what the clients of all profiles share.
pub(crate) struct Context {
    pub(crate) profile: Profile,
    pub(crate) clock: Arc<dyn Clock>,
    /// The clock is the system's, which can be asked without a detour.
    system_clock: bool,
    pub(crate) front: Account,
    pub(crate) back: Account,
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) host: Host,
    pub(crate) store: Arc<dyn SessionStore>,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) fingerprint: DeviceFingerprint,
    /// What every request carries.
    pub(crate) requests: RequestContext,
    pub(crate) limits: Limits,
    pub(crate) last_log: LastLog,
}

impl Deref for Context {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}

/// What came of a request, when, and under which id.
pub(crate) struct Outcome {
    pub(crate) result: Result<HttpResponse, TransportError>,
    pub(crate) at: Timestamp,
    pub(crate) id: CorrelationId,
}

impl Context {
    pub(crate) fn new(profile: Profile, clock: Option<Arc<dyn Clock>>, shared: Shared) -> Self {
        let system_clock = clock.is_none();
        let clock = clock.unwrap_or_else(|| Arc::new(SystemClock));
        Self::with(profile, clock, system_clock, Arc::new(shared))
    }

    pub(crate) fn for_profile(&self, profile: Profile) -> Self {
        Self::with(profile, self.clock.clone(), self.system_clock, self.shared.clone())
    }

    fn with(profile: Profile, clock: Arc<dyn Clock>, system_clock: bool, shared: Arc<Shared>) -> Self {
        let (front, back) = (Account::new(Office::Front), Account::new(Office::Back));
        Self { profile, clock, system_clock, front, back, shared }
    }

    /// The wall clock as [`Clock::coarse_now`] tells it.
    #[inline]
    pub(crate) fn coarse_now(&self) -> i64 {
        if self.system_clock { coarse::now() } else { self.clock.coarse_now() }
    }

    /// What is known of an office's session.
    pub(crate) fn account(&self, office: Office) -> &Account {
        match office {
            Office::Front => &self.front,
            Office::Back => &self.back,
        }
    }

    pub(crate) fn key(&self, office: Office, kind: RecordKind) -> RecordKey {
        // The host counts attempts per account, whatever profile made them.
        let profile = if kind == RecordKind::Attempts { Profile::default() } else { self.profile.clone() };
        RecordKey { account: AccountKey { profile, host: self.host.clone(), office }, kind }
    }

    /// Sends a request, a second time only where that does no harm: a question that changes nothing, after a
    /// connection that broke.
    pub(crate) async fn call(&self, request: ApiRequest) -> Outcome {
        let again = (request.endpoint().replay() == Replay::Safe).then(|| request.clone());
        let first = self.send(request).await;
        match again {
            Some(request) if first.result.as_ref().err() == Some(&TransportError::Interrupted) => {
                self.send(request).await
            }
            _ => first,
        }
    }

    async fn send(&self, request: ApiRequest) -> Outcome {
        let id = CorrelationId::new(uuid::Uuid::new_v4().to_string());
        let result = self.transport.send(request.into_http(&self.requests, id.clone())).await;
        Outcome { result, at: self.clock.now(), id }
    }
}

/// A new epoch: random, so that no two sessions share one.
pub(crate) fn new_session_id() -> Result<SessionId, StoreError> {
    getrandom::u64()
        .map(SessionId)
        .map_err(|_| StoreError::Unavailable { what: "the system's random numbers" })
}
