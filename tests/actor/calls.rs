//! The calls of the library that an actor makes. Like an app, it keeps the session's handle until a call says that it is over.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use auth_client::http::{HttpOptions, HttpTransport};
use auth_client::ports::StoreError;
use auth_client::secret::Password;
use auth_client::store::FileStore;
use auth_client::{
    AuthClient, ClockReading, Credentials, DeviceFingerprint, Limits, Office, RequestError, RevocationStatus,
    Session, SessionError, SignInStep, Timestamp,
};
use e2e::machine::MachineClock;
use e2e::token_id::token_id;
use serde_json::{Value, json};

use crate::report::report;
use crate::setup::Setup;
use crate::slow_store::SlowStore;

/// An app's handle, and the pair that it had when it was looked at last.
#[derive(Clone)]
struct Held {
    /// Each has another one.
    number: u64,
    session: Session,
    refresh: String,
}

/// An app over the shared store.
pub(crate) struct Actor {
    pub(crate) client: AuthClient,
    store: SlowStore,
    held: Mutex<Option<Held>>,
    opened: AtomicU64,
}

impl Actor {
    pub(crate) fn new(setup: &Setup) -> Self {
        let store = SlowStore::new(FileStore::with_key_file(&setup.store), setup.seed);
        let options = HttpOptions::default().total_timeout(Duration::from_millis(setup.timeout));
        let client = AuthClient::builder(&setup.host)
            .transport(HttpTransport::new(options))
            .clock(MachineClock::of(&setup.clock))
            .fingerprint(DeviceFingerprint::new(&setup.name))
            .limits(Limits::unlimited())
            .store(store.clone())
            .build();
        Self {
            client: client.expect("the host is good"),
            store,
            held: Mutex::default(),
            opened: AtomicU64::default(),
        }
    }

    /// Does what a command says, or gives it up after a while, and tells what came of it.
    pub(crate) async fn obey(self: Arc<Self>, command: Value) {
        let name = command["call"].as_str().unwrap_or_default();
        let work = self.call(name, &command);
        let mut answer = match command["cancel_ms"].as_u64() {
            Some(millis) => tokio::time::timeout(Duration::from_millis(millis), work)
                .await
                .unwrap_or_else(|_| json!({"result": "cancelled"})),
            None => work.await,
        };
        answer["id"] = command["id"].clone();
        answer["call"] = command["call"].clone();
        report(&answer);
    }

    /// One call. The answer says with which pair the handle was before (`had`) and after it (`has`).
    pub(crate) async fn call(&self, name: &str, command: &Value) -> Value {
        match name {
            "slow" => {
                self.store.set_delay(command["most"].as_u64().unwrap_or(0));
                return json!({"result": "ok"});
            }
            "sign_in" => return self.sign_in(command["email"].as_str().unwrap_or_default()).await,
            "deliver" => {
                return match self.client.deliver_pending_revocations(Office::Front).await {
                    Ok(list) => json!({"result": "ok", "pending": list.pending, "delivered": list.delivered}),
                    Err(error) => json!({"result": error.kind()}),
                };
            }
            "wait" => {
                self.client.wait_for_refresh().await;
                return json!({"result": "ok"});
            }
            _ => {}
        }
        let held = match self.handle().await {
            Ok(Some(held)) => held,
            Ok(None) => return json!({"result": "nobody"}),
            Err(error) => return json!({"result": error.kind(), "at": "opening"}),
        };
        let session = held.session.clone();
        let done = match name {
            "access_token" => {
                session.access_token().await.map(|token| json!({"borrowed": token_id(token.expose())}))
            }
            "cached" => Ok(match session.cached_access_token() {
                Some(token) => json!({"borrowed": token_id(token.expose())}),
                None => json!({"borrowed": null}),
            }),
            "refresh" => session.refresh().await.map(|()| json!({})),
            "unauthorized" => match session.access_token().await {
                Ok(token) => {
                    let other = session.replace_rejected_token(&token).await;
                    other.map(|token| json!({"borrowed": token_id(token.expose())}))
                }
                Err(error) => Err(error),
            },
            "sign_out" => session.clone().sign_out().await.map(|done| {
                let revocation = match done.revocation {
                    RevocationStatus::Revoked => "revoked",
                    RevocationStatus::NothingToRevoke => "nothing",
                    RevocationStatus::Pending => "pending",
                    RevocationStatus::NotRevoked => "not_revoked",
                };
                json!({"revocation": revocation})
            }),
            other => panic!("there is no call {other}"),
        };
        self.told(&held, done)
    }

    /// The answer to a call with this handle, which is dropped if it is over.
    fn told(&self, held: &Held, done: Result<Value, RequestError<SessionError>>) -> Value {
        let mut answer = match done {
            Ok(value) => {
                let mut answer = value;
                answer["result"] = json!("ok");
                answer
            }
            Err(error) => json!({"result": error.cause.kind()}),
        };
        answer["had"] = json!(held.refresh);
        answer["account"] = json!(held.session.account());
        let pair = self.pair_of(&held.session);
        // Another call may have opened another session's handle meanwhile.
        let mut kept = self.held();
        let is_kept = kept.as_ref().is_some_and(|kept| kept.number == held.number);
        match pair {
            Ok(refresh) => {
                answer["has"] = json!(refresh);
                if is_kept {
                    *kept = Some(Held { refresh, ..held.clone() });
                }
            }
            Err(gone) => {
                answer["gone"] = json!(gone.kind());
                if is_kept {
                    *kept = None;
                }
            }
        }
        answer
    }

    async fn handle(&self) -> Result<Option<Held>, StoreError> {
        let held = self.held().clone();
        if held.is_some() {
            return Ok(held);
        }
        let Some(session) = self.client.session(Office::Front).await? else { return Ok(None) };
        Ok(self.hold(session))
    }

    /// `None` if it has ended already.
    fn hold(&self, session: Session) -> Option<Held> {
        let refresh = self.pair_of(&session).ok()?;
        let held = Held { number: self.opened.fetch_add(1, Ordering::SeqCst), session, refresh };
        *self.held() = Some(held.clone());
        Some(held)
    }

    async fn sign_in(&self, email: &str) -> Value {
        let sign_in = self.client.sign_in(Office::Front);
        let SignInStep::Start(start) = sign_in.current() else { return json!({"result": "no_start"}) };
        let form = match start.open().await {
            Ok(SignInStep::Credentials(form)) => form,
            Ok(other) => return json!({"result": other.name()}),
            Err(error) => return json!({"result": error.cause.kind()}),
        };
        match form.submit(Credentials::new(email, Password::new("Secret123"))).await {
            Ok(SignInStep::SignedIn(session)) => match self.hold(session) {
                Some(held) => json!({"result": "ok", "has": held.refresh, "account": email}),
                None => json!({"result": "ok", "account": email}),
            },
            Ok(other) => json!({"result": other.name()}),
            Err(error) => json!({"result": error.cause.kind()}),
        }
    }

    fn held(&self) -> MutexGuard<'_, Option<Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The pair that a handle has now.
    fn pair_of(&self, session: &Session) -> Result<String, SessionError> {
        let clock = ClockReading::wall_clock_only(Timestamp::UNIX_EPOCH);
        let content = session.snapshot()?.open(self.client.host(), &clock);
        let content = content.expect("a snapshot of this host reads");
        Ok(token_id(content.session.tokens.refresh.token.expose()))
    }
}
