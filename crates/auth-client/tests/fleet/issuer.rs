//! A host that refreshes any session, each refresh token once, and remembers what it was asked.

use async_trait::async_trait;
use auth_client::{
    HttpRequest, HttpResponse, Timestamp,
    ports::{Clock, Transport, TransportFailure},
    secret::SecretBytes,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, Instant},
};

/// An access token lives for so long.
pub(crate) const LIFE: Duration = Duration::from_secs(900);

/// How a refresh is answered.
#[derive(Clone, Copy)]
pub(crate) enum Answer {
    Pair,
    /// A status, with a `Retry-After` of so many seconds.
    Status(u16, u64),
    /// The session is over.
    Ended,
}

#[derive(Default)]
struct State {
    asked: Vec<Instant>,
    /// The number of the newest pair of each account.
    newest: HashMap<String, u64>,
    /// Refresh tokens that came twice.
    reused: Vec<String>,
    answers: HashMap<String, Answer>,
    all: Option<Answer>,
}

#[derive(Clone)]
pub(crate) struct Issuer {
    state: Arc<Mutex<State>>,
    clock: auth_client::TestClock,
}

impl Issuer {
    pub(crate) fn new(clock: auth_client::TestClock) -> Self {
        Self { state: Arc::default(), clock }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("not poisoned")
    }

    pub(crate) fn asked(&self) -> Vec<Instant> {
        self.lock().asked.clone()
    }

    pub(crate) fn reused(&self) -> Vec<String> {
        self.lock().reused.clone()
    }

    pub(crate) fn answer_all(&self, answer: Answer) {
        self.lock().all = Some(answer);
    }

    pub(crate) fn answer(&self, account: &str, answer: Answer) {
        self.lock().answers.insert(account.to_owned(), answer);
    }
}

/// A pair of this account, issued at this time.
pub(crate) fn pair(account: &str, number: u64, issued: Timestamp, life: Option<Duration>) -> String {
    let token = |kind: &str, life: Option<Duration>| {
        let end = life.map(|life| issued.checked_add(life).expect("a date"));
        let end = end.map_or("null".to_owned(), |end| format!("\"{end}\""));
        format!(r#"{{"token":"{account}~{number}~{kind}","createdAt":"{issued}","expiresAt":{end}}}"#)
    };
    let refresh = token("refresh", Some(Duration::from_secs(8 * 24 * 3600)));
    format!(r#"{{"accessToken":{},"refreshToken":{refresh}}}"#, token("access", life))
}

#[async_trait]
impl Transport for Issuer {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportFailure> {
        assert_eq!(request.path, "/api/v2/my/refresh");
        let body = request.body.expect("a body");
        let body: serde_json::Value = serde_json::from_slice(body.expose()).expect("JSON");
        let token = body["refreshToken"].as_str().expect("a token").to_owned();
        let (account, number) = token.split_once('~').expect("one of ours");
        let number: u64 = number.trim_end_matches("~refresh").parse().expect("a number");
        let mut state = self.lock();
        state.asked.push(Instant::now());
        let answer = state.answers.get(account).copied().or(state.all).unwrap_or(Answer::Pair);
        let (status, headers, body) = match answer {
            Answer::Status(status, wait) => {
                (status, vec![("Retry-After".to_owned(), wait.to_string())], String::new())
            }
            Answer::Ended => (401, vec![], r#"{"error":{"code":0,"message":"Revoked"}}"#.to_owned()),
            Answer::Pair => {
                let newest = state.newest.entry(account.to_owned()).or_default();
                let is_reused = number < *newest;
                *newest = number + 1;
                if is_reused {
                    state.reused.push(token.clone());
                }
                (200, vec![], pair(account, number + 1, self.clock.now(), Some(LIFE)))
            }
        };
        Ok(HttpResponse { status, headers, body: SecretBytes::new(body.into_bytes()) })
    }
}
