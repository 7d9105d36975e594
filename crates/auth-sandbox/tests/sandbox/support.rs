//! A client for the tests: writes requests by hand and keeps the sandbox's clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use auth_sandbox::{Builder, Dialect, Sandbox};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

pub(crate) const PASSWORD: &str = "Secret123";

/// A sandbox, its clock and an HTTP client.
pub(crate) struct Rig {
    pub(crate) sandbox: Sandbox,
    pub(crate) http: reqwest::Client,
    micros: Arc<AtomicI64>,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    /// The `issue` texts of the error envelope.
    pub(crate) fn issues(&self) -> Vec<String> {
        let body = self.json();
        assert_eq!(body["error"]["code"], 0, "{body}");
        assert!(body["error"]["message"].is_string(), "{body}");
        let details = body["error"]["details"].as_array().unwrap();
        details.iter().map(|detail| detail["issue"].as_str().unwrap().to_owned()).collect()
    }

    pub(crate) fn uuid(&self) -> String {
        self.json()["uuid"].as_str().unwrap_or_else(|| panic!("no uuid: {self:?}")).to_owned()
    }

    pub(crate) fn workflow(&self) -> String {
        self.json()["workflow"].as_str().unwrap_or_else(|| panic!("no workflow: {self:?}")).to_owned()
    }

    /// The tokens of a wizard's answer, or of a plain one.
    pub(crate) fn tokens(&self) -> (String, String) {
        let body = self.json();
        let place = if body["data"].is_object() { &body["data"] } else { &body };
        let token =
            |name: &str| place[name]["token"].as_str().unwrap_or_else(|| panic!("{self:?}")).to_owned();
        (token("accessToken"), token("refreshToken"))
    }
}

impl Rig {
    pub(crate) fn new() -> Self {
        Self::with(Sandbox::builder())
    }

    pub(crate) fn dialect(text: &str) -> Self {
        Self::with(Sandbox::builder().dialect(text.parse::<Dialect>().unwrap()))
    }

    pub(crate) fn with(builder: Builder) -> Self {
        let start: Timestamp = "2025-03-01T12:00:00.25Z".parse().unwrap();
        let micros = Arc::new(AtomicI64::new(start.as_microsecond()));
        let read = Arc::clone(&micros);
        let clock = move || Timestamp::from_microsecond(read.load(Ordering::SeqCst)).unwrap();
        let sandbox = builder.clock(clock).start().unwrap();
        // reqwest is built without a TLS provider of its own; the second test to come here finds one installed.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self { sandbox, http: reqwest::Client::builder().no_proxy().build().unwrap(), micros }
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.micros.load(Ordering::SeqCst)).unwrap()
    }

    /// Moves the sandbox's clock.
    pub(crate) fn pass(&self, time: Duration) {
        self.micros.fetch_add(i64::try_from(time.as_micros()).unwrap(), Ordering::SeqCst);
    }

    pub(crate) fn seconds(&self, seconds: u64) {
        self.pass(Duration::from_secs(seconds));
    }

    /// The code that this user's authenticator shows now.
    pub(crate) fn totp(&self, email: &str) -> String {
        let secret = totp_rs::Secret::try_from_base32(self.sandbox.totp_secret(email).unwrap()).unwrap();
        let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
        totp.generate(u64::try_from(self.now().as_second()).unwrap()).to_string()
    }

    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Reply {
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Reply { status, headers, text: answer.text().await.unwrap() }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(self.http.get(format!("{}{path}", self.sandbox.url()))).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(self.http.post(format!("{}{path}", self.sandbox.url())).json(&body)).await
    }

    pub(crate) async fn post_bearer(&self, path: &str, token: &str) -> Reply {
        self.send(self.http.post(format!("{}{path}", self.sandbox.url())).bearer_auth(token)).await
    }

    /// The HTTP status of a protected resource for this access token.
    pub(crate) async fn who_am_i(&self, token: &str) -> u16 {
        let url = format!("{}/_sandbox/whoami", self.sandbox.url());
        self.send(self.http.get(url).bearer_auth(token)).await.status
    }

    /// A fresh front-office wizard.
    pub(crate) async fn wizard(&self) -> String {
        self.get("/api/v2/my/signin/wizard").await.uuid()
    }

    pub(crate) async fn sign_in(&self, uuid: &str, email: &str, password: &str) -> Reply {
        self.post("/api/v2/my/signin", credentials(uuid, email, password)).await
    }

    /// Wizard and right credentials.
    pub(crate) async fn enter(&self, email: &str) -> Reply {
        let uuid = self.wizard().await;
        self.sign_in(&uuid, email, PASSWORD).await
    }

    pub(crate) async fn code(&self, method: &str, uuid: &str, code: &str) -> Reply {
        self.post(&format!("/api/v2/my/2fa/{method}"), json!({ "uuid": uuid, "code": code })).await
    }

    pub(crate) async fn choose(&self, uuid: &str, method: &str) -> Reply {
        self.post("/api/v2/my/signin/2fa", json!({ "uuid": uuid, "type": method })).await
    }

    pub(crate) async fn refresh(&self, token: &str) -> Reply {
        self.post("/api/v2/my/refresh", json!({ "refreshToken": token })).await
    }

    pub(crate) async fn back_sign_in(&self, email: &str, password: &str) -> Reply {
        self.post("/api/v2/signin", json!({ "email": email, "password": password })).await
    }
}

pub(crate) fn credentials(uuid: &str, email: &str, password: &str) -> Value {
    json!({ "uuid": uuid, "email": email, "password": password, "device_fingerprint": fingerprint() })
}

pub(crate) fn fingerprint() -> String {
    STANDARD.encode(r#"{"user_agent":"test/1.0"}"#)
}

/// A six-digit code that is not `code`.
pub(crate) fn other_than(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}
