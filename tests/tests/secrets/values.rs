//! Of every value of the core's and the stores' that can hold a secret: none shows it.

use auth_client::secret::{
    AccessToken, OneTimeCode, Password, RecaptchaResponse, RefreshToken, SecretBytes, TwoFactorToken,
    WizardId,
};
use auth_client::store::{MemoryStore, StorePassphrase};
use auth_client::{Credentials, DeviceFingerprint, Host};
use auth_core::ports::{Record, SessionId};
use auth_core::session::{StoredSession, refresh, sign_out};
use auth_core::sign_in::Step;
use auth_core::{CorrelationId, HttpResponse, RequestContext, Timestamp};

use super::evidence::Evidence;
use super::host::{self, PASSWORD};

const SESSION: &str = r#"{"v":1,"office":"front","account":"ann@example.com","client_id":"Qm7-access-token-vX9",
    "access":{"token":"Qm7-access-token-vX9","created_at":null,"expires_at":null},
    "refresh":{"token":"Qm7-refresh-token-vXa","created_at":null,"expires_at":null},
    "received_at":"2026-01-01T12:00:00Z","host_now":null}"#;
const PENDING: [&str; 5] = [
    r#""step":"credentials","office":"front","recaptcha":false,"qr":null,"recovery":null,"password_changed":false"#,
    r#""step":"choose_method","offers":[{"method":"sms","caption":null}]"#,
    r#""step":"code","method":"google","offers":[]"#,
    r#""step":"reset_code""#,
    r#""step":"new_password""#,
];

#[test]
fn of_a_value_that_is_printed() {
    let mut evidence = Evidence::new();
    evidence.value(&(Password::new(PASSWORD), OneTimeCode::new(host::GOOGLE_CODE)));
    evidence.value(&(AccessToken::new(host::SENT[10].1), RefreshToken::new(host::SENT[11].1)));
    evidence.value(&(WizardId::new(host::SENT[7].1), TwoFactorToken::new(host::SENT[9].1)));
    evidence.value(&(RecaptchaResponse::new(host::RECAPTCHA), StorePassphrase::new(host::PASSPHRASE)));
    let bytes = || SecretBytes::new(PASSWORD.as_bytes().to_vec());
    evidence.value(&(bytes(), Record { session_id: SessionId(1), body: bytes() }, MemoryStore::new()));
    evidence.value(&HttpResponse {
        status: 200,
        headers: vec![("X".into(), PASSWORD.into())],
        body: bytes(),
    });
    let login = Credentials::new("ann@example.com", Password::new(PASSWORD));
    evidence.value(&login.clone().with_recaptcha(RecaptchaResponse::new(host::RECAPTCHA)));

    let now: Timestamp = "2026-01-01T12:00:00Z".parse().unwrap();
    for fields in PENDING {
        let id = host::SENT[7].1;
        let kept = format!(
            r#"{{"v":1,"expires_at":"2026-01-01T12:30:00Z","uuid":"{id}","account":"ann@example.com",{fields}}}"#
        );
        let step = Step::from_checkpoint(kept.as_bytes(), now).unwrap();
        evidence.value(&(&step, step.checkpoint()));
        if let Step::NeedCredentials(form) = step {
            let (request, in_flight) = form.submit(login.clone(), &DeviceFingerprint::new("test/1")).unwrap();
            evidence.value(&(&request, in_flight));
            evidence.value(&request.into_http(&context(), CorrelationId::new("id")));
        }
    }
    let session = StoredSession::decode(SESSION.as_bytes()).unwrap();
    evidence.value(&(&session, session.encode()));
    for request in [refresh(&session).0, sign_out(&session).0] {
        evidence.value(&request);
        evidence.value(&request.into_http(&context(), CorrelationId::new("id")));
    }
    let nothing = tempfile::tempdir().unwrap();
    evidence.holds_none(&host::markers(), nothing.path());
}

fn context() -> RequestContext {
    let host = Host::parse("https://broker.example").expect("a host");
    RequestContext { host, user_agent: "test/1".to_owned(), language: None }
}
