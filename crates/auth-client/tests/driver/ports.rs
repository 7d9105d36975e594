//! Ports that a test holds in its hand.

use async_trait::async_trait;
use auth_client::{
    AuthClient, AuthClientBuilder, BootTime, ClockReading, Limits, Timestamp,
    ports::{
        Clock, Record, RecordKey, SessionStore, StoreError, StoreLock, Transport, TransportError,
        TransportFailure, WriteCondition,
    },
    secret::SecretBytes,
    store::MemoryStore,
};
use auth_core::{HttpRequest, HttpResponse};
use std::{
    collections::VecDeque,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};
use tokio::{runtime::Handle, sync::Notify};

pub(crate) const WIZARD: &str = r#"{"code":200,"data":{},"done":false,"uuid":"u1","workflow":"login"}"#;
pub(crate) const CODE: &str =
    r#"{"code":200,"data":null,"done":false,"uuid":"u1","workflow":"2fa_google_auth"}"#;
pub(crate) const BOTH: &str = r#"{"code":200,"data":null,"done":false,"uuid":"u1","workflow":"2fa"}"#;

/// A complete pair that lives for so many seconds.
pub(crate) fn pair(name: &str, access: u64, refresh: u64) -> String {
    pair_from(name, 0, access, refresh)
}

/// The same, issued so many seconds after the first.
pub(crate) fn pair_from(name: &str, issued: u64, access: u64, refresh: u64) -> String {
    let start: Timestamp = "2026-01-01T12:00:00Z".parse().expect("a date");
    let start = start.checked_add(Duration::from_secs(issued)).expect("a date");
    let token = |kind: &str, life: u64| {
        let end = start.checked_add(Duration::from_secs(life)).expect("a date");
        format!(r#"{{"token":"{name}-{kind}","createdAt":"{start}","expiresAt":"{end}"}}"#)
    };
    format!(r#"{{"accessToken":{},"refreshToken":{}}}"#, token("access", access), token("refresh", refresh))
}

/// The host's own word that a token is dead.
pub(crate) fn revoked() -> Reply {
    Reply::Say(401, r#"{"error":{"code":0,"message":"Revoked"}}"#.into())
}

pub(crate) fn locked() -> StoreError {
    StoreError::unavailable("the device is locked")
}

/// An error of the program's own, as a port of its own has one. Its text may hold anything.
#[derive(Debug)]
pub(crate) struct OwnError(pub(crate) u32);

impl std::fmt::Display for OwnError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "marker {}", self.0)
    }
}

impl std::error::Error for OwnError {}

/// What a request is answered with.
pub(crate) enum Reply {
    Say(u16, String),
    Fail(TransportError),
    FailWith(TransportFailure),
    /// Waits for a `release` first; tells by `arrived` that the request is under way.
    Hold(Box<Reply>),
}

#[derive(Default)]
struct Script {
    replies: VecDeque<Reply>,
    asked: Vec<&'static str>,
    methods: Vec<&'static str>,
    bearers: Vec<String>,
    takes_revocations: bool,
}

/// Answers from a script, in order, and remembers what was asked.
#[derive(Clone, Default)]
pub(crate) struct Scripted {
    script: Arc<Mutex<Script>>,
    pub(crate) arrived: Arc<Notify>,
    pub(crate) release: Arc<Notify>,
}

impl Scripted {
    fn lock(&self) -> MutexGuard<'_, Script> {
        self.script.lock().expect("not poisoned")
    }

    pub(crate) fn next(&self, reply: Reply) {
        self.lock().replies.push_back(reply);
    }

    /// What was not asked for is not answered any more.
    pub(crate) fn forget_replies(&self) {
        self.lock().replies.clear();
    }

    pub(crate) fn say(&self, body: impl Into<String>) {
        self.next(Reply::Say(200, body.into()));
    }

    pub(crate) fn hold(&self, body: impl Into<String>) {
        self.next(Reply::Hold(Box::new(Reply::Say(200, body.into()))));
    }

    /// From now on it takes every sign-out, without a line in the script: of what a sign-in replaces, for example.
    pub(crate) fn take_revocations(&self) {
        self.lock().takes_revocations = true;
    }

    /// The access tokens sent so far.
    pub(crate) fn bearers(&self) -> Vec<String> {
        self.lock().bearers.clone()
    }

    /// The methods by which it was asked so far.
    pub(crate) fn methods(&self) -> Vec<&'static str> {
        self.lock().methods.clone()
    }

    /// The paths asked so far.
    pub(crate) fn asked(&self) -> Vec<&'static str> {
        self.lock().asked.clone()
    }
}

#[async_trait]
impl Transport for Scripted {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportFailure> {
        let mut reply = {
            let mut script = self.lock();
            script.asked.push(request.path);
            script.methods.push(request.method.as_str());
            let bearer = request.headers.iter().find(|header| header.name == "Authorization");
            script.bearers.extend(bearer.map(|header| header.value.to_string()));
            if script.takes_revocations && request.path.ends_with("/signout") {
                Reply::Say(200, String::new())
            } else {
                script.replies.pop_front().unwrap_or_else(|| panic!("nothing scripted for {}", request.path))
            }
        };
        if let Reply::Hold(then) = reply {
            self.arrived.notify_one();
            self.release.notified().await;
            reply = *then;
        }
        match reply {
            Reply::Say(status, body) => {
                Ok(HttpResponse { status, headers: Vec::new(), body: SecretBytes::new(body.into_bytes()) })
            }
            Reply::Fail(error) => Err(error.into()),
            Reply::FailWith(failure) => Err(failure),
            Reply::Hold(_) => panic!("one hold is enough"),
        }
    }
}

/// Two clocks that stand still until they are moved.
#[derive(Clone)]
pub(crate) struct HandClock(Arc<Mutex<ClockReading>>);

impl Default for HandClock {
    fn default() -> Self {
        let boot = Some(BootTime { id: 1, elapsed: Duration::from_secs(3600) });
        Self(Arc::new(Mutex::new(ClockReading {
            wall: "2026-01-01T12:00:00Z".parse().expect("a date"),
            boot,
        })))
    }
}

impl HandClock {
    /// Time goes on.
    pub(crate) fn forward(&self, seconds: u64) {
        self.go_on(Duration::from_secs(seconds));
    }

    fn go_on(&self, span: Duration) {
        let mut now = self.0.lock().expect("not poisoned");
        now.wall = now.wall.checked_add(span).expect("a date");
        if let Some(boot) = &mut now.boot {
            boot.elapsed += span;
        }
    }

    /// Somebody sets the wall clock, by so many seconds.
    pub(crate) fn set_wall(&self, by: i64) {
        let mut now = self.0.lock().expect("not poisoned");
        let by = auth_client::SignedDuration::from_secs(by);
        now.wall = now.wall.checked_add(by).expect("a date");
    }

    /// The machine is started anew.
    pub(crate) fn restart(&self) {
        let mut now = self.0.lock().expect("not poisoned");
        let id = now.boot.map_or(0, |boot| boot.id) + 1;
        now.boot = Some(BootTime { id, elapsed: Duration::from_secs(1) });
    }
}

#[async_trait]
impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        self.0.lock().expect("not poisoned").wall
    }

    fn boot_time(&self) -> Option<BootTime> {
        self.0.lock().expect("not poisoned").boot
    }

    async fn sleep(&self, how_long: Duration) {
        self.go_on(how_long);
    }
}

type Before = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A memory store that can be told to fail.
#[derive(Clone, Default)]
pub(crate) struct Fickle {
    inner: MemoryStore,
    before: Arc<Mutex<Option<(Call, Before)>>>,
    failing: Arc<Mutex<Option<(Kinds, StoreError)>>>,
}

/// A call on the store, of a session's record.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    Load,
    Save,
    Removal,
}

/// Which writes fail.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kinds {
    All,
    Only(auth_client::ports::RecordKind),
}

impl Fickle {
    pub(crate) fn fail(&self, kinds: Kinds, error: StoreError) {
        *self.failing.lock().expect("not poisoned") = Some((kinds, error));
    }

    /// Does this just before the next such call on a session's record.
    pub(crate) fn before<F: Future<Output = ()> + Send + 'static>(
        &self,
        call: Call,
        what: impl FnOnce() -> F,
    ) {
        *self.before.lock().expect("not poisoned") = Some((call, Box::pin(what())));
    }

    async fn come_before(&self, call: Call, key: &RecordKey) {
        let before =
            self.before.lock().expect("not poisoned").take_if(|(awaited, _)| {
                *awaited == call && key.kind == auth_client::ports::RecordKind::Session
            });
        if let Some((_, before)) = before {
            before.await;
        }
    }

    pub(crate) fn mend(&self) {
        *self.failing.lock().expect("not poisoned") = None;
    }

    fn check(&self, key: &RecordKey) -> Result<(), StoreError> {
        match &*self.failing.lock().expect("not poisoned") {
            Some((Kinds::All, error)) => Err(error.clone()),
            Some((Kinds::Only(kind), error)) if *kind == key.kind => Err(error.clone()),
            _ => Ok(()),
        }
    }
}

#[async_trait]
impl SessionStore for Fickle {
    async fn load(&self, key: &RecordKey) -> Result<Option<Record>, StoreError> {
        if let Some((Kinds::All, error)) = &*self.failing.lock().expect("not poisoned") {
            return Err(error.clone());
        }
        self.come_before(Call::Load, key).await;
        self.inner.load(key).await
    }

    async fn save(
        &self,
        key: &RecordKey,
        record: &Record,
        condition: WriteCondition,
    ) -> Result<(), StoreError> {
        self.check(key)?;
        self.come_before(Call::Save, key).await;
        self.inner.save(key, record, condition).await
    }

    async fn remove(&self, key: &RecordKey) -> Result<(), StoreError> {
        self.check(key)?;
        self.inner.remove(key).await
    }

    async fn remove_unchanged(&self, key: &RecordKey, read: Option<&Record>) -> Result<(), StoreError> {
        self.check(key)?;
        self.come_before(Call::Removal, key).await;
        self.inner.remove_unchanged(key, read).await
    }

    async fn lock(&self, key: &RecordKey) -> Result<StoreLock, StoreError> {
        self.inner.lock(key).await
    }

    async fn try_lock(&self, key: &RecordKey) -> Result<Option<StoreLock>, StoreError> {
        self.inner.try_lock(key).await
    }

    async fn keys(&self) -> Result<Vec<RecordKey>, StoreError> {
        self.inner.keys().await
    }
}

/// A client and everything around it.
#[derive(Clone, Default)]
pub(crate) struct World {
    pub(crate) host: Scripted,
    pub(crate) clock: HandClock,
    pub(crate) store: Fickle,
}

impl World {
    pub(crate) fn client(&self) -> AuthClient {
        self.client_with(Limits::default())
    }

    /// Its work is done on the test's own runtime, so that what comes first is the same each time.
    pub(crate) fn client_with(&self, limits: Limits) -> AuthClient {
        self.builder(limits).runtime(Handle::current()).build().expect("a client")
    }

    /// Its work is done where it is done by default.
    pub(crate) fn builder(&self, limits: Limits) -> AuthClientBuilder {
        AuthClient::builder("https://broker.example")
            .transport(self.host.clone())
            .clock(self.clock.clone())
            .store(self.store.clone())
            .limits(limits)
    }
}
