//! The happy paths of the front office.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};

use auth_sandbox::{Channel, Purpose, Sandbox};
use serde_json::json;

use crate::support::{PASSWORD, Rig, credentials};

#[tokio::test]
async fn a_wizard_starts_by_get_and_post() {
    let rig = Rig::new();
    for reply in
        [rig.get("/api/v2/my/signin/wizard").await, rig.post("/api/v2/my/signin/wizard", json!({})).await]
    {
        assert_eq!(reply.status, 200);
        let body = reply.json();
        assert_eq!(body["uuid"].as_str().unwrap().len(), 36);
        assert_eq!(
            body,
            json!({
                "code": 200,
                "data": {
                    "recaptcha": { "enabled": false },
                    "is_qr_available": true,
                    "is_password_recovery_available": true,
                },
                "done": false,
                "uuid": body["uuid"],
                "workflow": "login",
            })
        );
    }
}

#[tokio::test]
async fn a_wizard_says_what_the_page_offers() {
    let rig = Rig::with(Sandbox::builder().qr_available(false).password_recovery_available(false));
    let data = rig.get("/api/v2/my/signin/wizard").await.json()["data"].clone();
    assert_eq!(
        data,
        json!({
            "recaptcha": { "enabled": false },
            "is_qr_available": false,
            "is_password_recovery_available": false,
        })
    );
}

#[tokio::test]
async fn a_user_without_second_factor_is_signed_in_at_once() {
    let rig = Rig::new();
    let uuid = rig.wizard().await;
    let reply = rig.sign_in(&uuid, "Plain@Example.com", PASSWORD).await;
    assert_eq!(reply.status, 200);
    let body = reply.json();
    let token = |name: &str, expires: &str| {
        json!({
            "token": body["data"][name]["token"],
            "createdAt": "2025-03-01T12:00:00+00:00",
            "expiresAt": expires,
        })
    };
    assert_eq!(
        body,
        json!({
            "code": 202,
            "data": {
                "accessToken": token("accessToken", "2025-03-01T12:15:00+00:00"),
                "refreshToken": token("refreshToken", "2025-03-01T13:00:00+00:00"),
                "tfaProviders": [
                    { "name": "sms", "localizedCaption": "SMS", "enabled": false },
                    { "name": "google", "localizedCaption": "Google Authenticator", "enabled": false },
                ],
            },
            "done": true,
            "uuid": uuid,
            "workflow": "login",
        })
    );
    assert_eq!(rig.who_am_i(&reply.tokens().0).await, 200);
}

#[tokio::test]
async fn an_authenticator_code_completes_the_sign_in() {
    let rig = Rig::new();
    let entered = rig.enter("totp@example.com").await;
    let body = entered.json();
    assert_eq!(
        (&body["code"], &body["done"], &body["workflow"]),
        (&json!(200), &json!(false), &json!("2fa_google_auth"))
    );
    assert_eq!(body["data"]["accessToken"], json!({}));
    assert_eq!(body["data"]["refreshToken"], json!({}));

    let reply = rig.code("google", &entered.uuid(), &rig.totp("totp@example.com")).await;
    let body = reply.json();
    assert_eq!((&body["code"], &body["done"]), (&json!(202), &json!(true)));
    assert_eq!(rig.who_am_i(&reply.tokens().0).await, 200);
}

#[tokio::test]
async fn an_sms_code_completes_the_sign_in() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let hook = Arc::clone(&told);
    let rig = Rig::with(
        Sandbox::builder().on_message(move |message| hook.lock().unwrap().push(message.code().to_owned())),
    );
    let entered = rig.enter("sms@example.com").await;
    assert_eq!(entered.workflow(), "2fa_sms_auth");
    let sent = rig.sandbox.outbox();
    assert_eq!(sent.len(), 1);
    assert_eq!((sent[0].channel, sent[0].purpose), (Channel::Sms, Purpose::SignIn));
    assert_eq!((sent[0].to.as_str(), sent[0].email.as_str()), ("+15550103", "sms@example.com"));
    assert_eq!(sent[0].sent_at, rig.now());

    let code = rig.sandbox.last_code("SMS@example.com").unwrap();
    assert_eq!(*told.lock().unwrap(), std::slice::from_ref(&code));
    let reply = rig.code("sms", &entered.uuid(), &code).await;
    assert_eq!(reply.json()["done"], true);
    assert_eq!(rig.who_am_i(&reply.tokens().0).await, 200);
}

#[tokio::test]
async fn with_two_factors_one_is_chosen() {
    let rig = Rig::new();
    let entered = rig.enter("both@example.com").await;
    let body = entered.json();
    assert_eq!(body["workflow"], "2fa");
    let providers = body["data"]["tfaProviders"].as_array().unwrap();
    assert!(providers.iter().all(|provider| provider["enabled"] == true), "{body}");
    assert!(rig.sandbox.outbox().is_empty(), "no SMS before it is chosen");

    let chosen = rig.choose(&entered.uuid(), "google").await;
    assert_eq!(
        chosen.json(),
        json!({
            "code": 200, "data": null, "done": false, "uuid": entered.uuid(), "workflow": "2fa_google_auth",
        })
    );
    let reply = rig.code("google", &chosen.uuid(), &rig.totp("both@example.com")).await;
    assert_eq!(reply.json()["done"], true);
}

#[tokio::test]
async fn another_factor_can_be_chosen_while_a_code_is_awaited() {
    let rig = Rig::new();
    let uuid = rig.enter("both@example.com").await.uuid();
    rig.choose(&uuid, "google").await;
    assert_eq!(rig.choose(&uuid, "sms").await.workflow(), "2fa_sms_auth");
    let first = rig.sandbox.last_code("both@example.com").unwrap();
    rig.choose(&uuid, "sms").await;
    assert_eq!(rig.sandbox.outbox().len(), 2, "a new SMS each time");
    let second = rig.sandbox.last_code("both@example.com").unwrap();
    if first != second {
        assert_eq!(rig.code("sms", &uuid, &first).await.status, 400, "only the newest SMS counts");
    }
    assert_eq!(rig.code("sms", &uuid, &second).await.json()["done"], true);
}

#[tokio::test]
async fn sign_out_ends_the_session() {
    let rig = Rig::new();
    let (access, refresh) = rig.enter("plain@example.com").await.tokens();
    let reply = rig.post_bearer("/api/v2/my/signout", &access).await;
    assert_eq!((reply.status, reply.text.as_str()), (200, ""));
    assert_eq!(rig.who_am_i(&access).await, 401);
    assert_eq!(rig.refresh(&refresh).await.status, 401);
    assert_eq!(rig.post_bearer("/api/v2/my/signout", &access).await.status, 401);
}

#[tokio::test]
async fn slashes_extra_fields_and_content_types_are_tolerated() {
    let rig = Rig::new();
    let uuid = rig.get("/api/v2/my/signin/wizard/").await.uuid();
    let mut body = credentials(&uuid, "plain@example.com", PASSWORD);
    body["remember"] = json!({ "me": true });
    let url = format!("{}/api/v2/my/signin/", rig.sandbox.url());
    let request = rig.http.post(url).header("content-type", "application/x-www-form-urlencoded");
    let reply = rig.send(request.body(body.to_string())).await;
    assert_eq!(reply.json()["done"], true);
}

#[tokio::test]
async fn a_base_path_stands_before_everything() {
    let rig = Rig::with(Sandbox::builder().base_path("/broker/eu/"));
    assert!(rig.sandbox.url().ends_with(&format!(":{}/broker/eu", rig.sandbox.port())));
    assert_eq!(rig.enter("plain@example.com").await.json()["done"], true);
    assert_eq!(rig.get("/_sandbox/users").await.status, 200);
    assert_eq!(rig.get("/.well-known/jwks.json").await.status, 200);

    let origin = format!("http://127.0.0.1:{}", rig.sandbox.port());
    let outside = rig.send(rig.http.get(format!("{origin}/api/v2/my/signin/wizard"))).await;
    assert_eq!(outside.status, 404);
    assert_eq!(rig.send(rig.http.get(format!("{origin}/.well-known/jwks.json"))).await.status, 200);
    assert!(Sandbox::builder().base_path("broker").start().is_err());
    assert!(Sandbox::builder().base_path("/{x}").start().is_err());
}

#[tokio::test]
async fn captions_follow_the_accept_language_header() {
    let rig = Rig::new();
    for (language, caption) in [("ja", "SMS認証"), ("de-AT, en;q=0.5", "SMS-Code"), ("xx", "SMS")] {
        let body = credentials(&rig.wizard().await, "both@example.com", PASSWORD);
        let url = format!("{}/api/v2/my/signin", rig.sandbox.url());
        let reply = rig.send(rig.http.post(url).header("accept-language", language).json(&body)).await;
        assert_eq!(reply.json()["data"]["tfaProviders"][0]["localizedCaption"], caption);
    }
}

#[test]
fn a_sandbox_needs_no_runtime_and_closes_its_connections_when_told() {
    let sandbox = Sandbox::start().unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", sandbox.port())).unwrap();
    stream.write_all(b"GET /api/v2/my/signin/wizard HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut start = [0; 15];
    stream.read_exact(&mut start).unwrap();
    assert_eq!(&start, b"HTTP/1.1 200 OK");
    sandbox.stop();
    // Closed by the sandbox: otherwise this would wait for ever on a connection that is kept alive.
    let _ = stream.read_to_end(&mut Vec::new());
    assert_eq!(sandbox.requests().len(), 1, "what was recorded stays readable");
    sandbox.stop();
}

#[test]
fn a_sandbox_can_be_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Sandbox>();
    shared::<auth_sandbox::Builder>();
}

#[tokio::test]
async fn a_taken_port_is_told() {
    let sandbox = Sandbox::start().unwrap();
    let address = ([127, 0, 0, 1], sandbox.port()).into();
    let error = Sandbox::builder().listen(address).start().unwrap_err();
    assert_eq!(error.to_string(), format!("cannot listen on {address}"));
}

#[tokio::test]
async fn a_sandbox_starts_and_stops_inside_a_runtime() {
    for _ in 0..3 {
        let rig = Rig::new();
        assert_eq!(rig.enter("plain@example.com").await.status, 200);
        drop(rig);
    }
}
