//! The process that signs in, refreshes and signs out, and pauses to be looked into.

use crate::markers::{length, letters};
use async_trait::async_trait;
use auth_client::{
    AuthClient, BootTime, ClockReading, Credentials, Office, RevocationStatus, SignInStep, Timestamp,
    ports::{Clock, SessionStore, Transport, TransportFailure},
    secret::{OneTimeCode, Password, SecretBuffer},
    store::{FileStore, MemoryStore},
};
use auth_core::{HttpRequest, HttpResponse};
use std::{
    env,
    io::{BufRead, Write},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// Answers by path, from buffers that are wiped.
struct Wiping;

#[async_trait]
impl Transport for Wiping {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportFailure> {
        let (status, parts): (u16, &[&str]) = match request.path {
            "/api/v2/my/signin/wizard" => {
                (200, &["{\"workflow\":\"login\",\"uuid\":\"", "wizard's uuid", "\"}"])
            }
            "/api/v2/my/signin" => (
                200,
                &[
                    "{\"workflow\":\"2fa\",\"data\":{\"tfaProviders\":[{\"name\":\"sms\",\"localizedCaption\":\"A short message\"},{\"name\":\"google\"}]},\"uuid\":\"",
                    "wizard's uuid",
                    "\"}",
                ],
            ),
            "/api/v2/my/signin/2fa" => {
                (200, &["{\"workflow\":\"2fa_sms_auth\",\"uuid\":\"", "wizard's uuid", "\"}"])
            }
            "/api/v2/my/2fa/sms" => (
                200,
                &[
                    "{\"data\":{\"accessToken\":{\"createdAt\":\"2026-01-01T12:00:00Z\",\"expiresAt\":\"2026-01-01T12:15:00Z\",\"token\":\"",
                    "first access token",
                    "\"},\"refreshToken\":{\"token\":\"",
                    "first refresh token",
                    "\"}}}",
                ],
            ),
            "/api/v2/my/refresh" => (
                200,
                &[
                    "{\"accessToken\":{\"createdAt\":\"2026-01-01T12:20:00Z\",\"expiresAt\":\"2026-01-01T12:35:00Z\",\"token\":\"",
                    "second access token",
                    "\"},\"refreshToken\":{\"token\":\"",
                    "second refresh token",
                    "\"}}",
                ],
            ),
            "/api/v2/my/signout" => (204, &[]),
            other => panic!("{other}"),
        };
        let mut body = SecretBuffer::with_capacity(4096);
        for part in parts {
            if crate::markers::ALL.contains(part) {
                letters(part).for_each(|letter| body.extend(&[letter]));
            } else {
                body.extend(part.as_bytes());
            }
        }
        Ok(HttpResponse { status, headers: Vec::new(), body: body.finish() })
    }
}

/// Seconds that went by.
#[derive(Clone, Default)]
struct Seconds(Arc<AtomicU64>);

#[async_trait]
impl Clock for Seconds {
    fn now(&self) -> Timestamp {
        self.reading().wall
    }

    fn boot_time(&self) -> Option<BootTime> {
        self.reading().boot
    }

    fn reading(&self) -> ClockReading {
        let elapsed = Duration::from_secs(self.0.load(Ordering::Relaxed));
        let start: Timestamp = "2026-01-01T12:00:00Z".parse().expect("a date");
        ClockReading { wall: start + elapsed, boot: Some(BootTime { id: 1, elapsed }) }
    }

    async fn sleep(&self, _: Duration) {
        tokio::task::yield_now().await;
    }
}

/// A text of exactly its length, so that whoever takes it over need not move it.
fn typed(name: &str) -> String {
    let mut text = String::with_capacity(length(name));
    text.extend(letters(name).map(char::from));
    text
}

fn pause(name: &str) {
    // The test harness writes in the same line before.
    writeln!(std::io::stdout(), "\npause: {name}").expect("the parent listens");
    std::io::stdin().lock().read_line(&mut String::new()).expect("the parent goes on");
}

pub(crate) fn run(store: &str) {
    let store: Arc<dyn SessionStore> = match store {
        "memory" => Arc::new(MemoryStore::new()),
        _ => Arc::new(FileStore::with_key_file(env::temp_dir().join("store"))),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(life(store));
}

async fn life(store: Arc<dyn SessionStore>) {
    let clock = Seconds::default();
    let client = AuthClient::builder("https://broker.example")
        .transport(Wiping)
        .clock(clock.clone())
        .shared_store(store)
        .build()
        .expect("a client");
    let mut states = client.auth_state_changes(Office::Front);
    states.next().await;
    let sign_in = client.sign_in(Office::Front);
    let mut step = sign_in.current();
    let session = loop {
        step = match step {
            SignInStep::Start(step) => step.open().await.expect("a wizard"),
            SignInStep::Credentials(step) => {
                let login = Credentials::new("ann@example.com", Password::new(typed("password")));
                step.submit(login).await.expect("accepted")
            }
            SignInStep::ChooseMethod(step) => step.choose(step.options()[0].method).await.expect("chosen"),
            SignInStep::Code(step) => step.submit(OneTimeCode::new(typed("code"))).await.expect("right"),
            SignInStep::SignedIn(session) => break session,
            other => panic!("{}", other.name()),
        };
    };
    drop(sign_in);
    // In every way that tokens go: borrowed, copied, read from the store, refreshed, packed.
    assert!(session.cached_access_token().is_some());
    clock.0.fetch_add(1200, Ordering::Relaxed);
    drop(session.access_token().await.expect("refreshed"));
    drop(session);
    let session = {
        let session = client.session(Office::Front).await.expect("read").expect("there");
        client.restore(&session.snapshot().expect("signed in")).expect("its own")
    };
    drop(session.access_token().await.expect("fresh"));
    session.wait_for_refresh().await;
    pause("signed in");
    drop(session);
    let signed_out = client.sign_out(Office::Front).await.expect("signed out");
    assert_eq!(signed_out.revocation, RevocationStatus::Revoked);
    pause("signed out");
    drop((client, states));
}
