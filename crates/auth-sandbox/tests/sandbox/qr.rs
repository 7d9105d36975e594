//! QR sign-in from the code to the session.

use std::time::Duration;

use auth_sandbox::{LifetimeForm, QrSettings, Sandbox};
use serde_json::{Value, json};

use crate::support::{PASSWORD, Reply, Rig, fingerprint};
use crate::wire::Socket;

const CODES: &str = "/api/v2/my/signin/qrcodes";

impl Rig {
    /// An access token of this front-office user without second factor.
    pub(crate) async fn approver(&self) -> String {
        self.enter("plain@example.com").await.tokens().0
    }

    pub(crate) async fn channel(&self) -> String {
        let reply = self.get(CODES).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json()["id"].as_str().unwrap().to_owned()
    }

    /// A call of an approver.
    pub(crate) async fn decide(&self, path: &str, token: &str, body: Value) -> Reply {
        let url = format!("{}/api/v2/my/signin/{path}", self.sandbox.url());
        self.send(self.http.post(url).bearer_auth(token).json(&body)).await
    }

    pub(crate) async fn exchange(&self, token: &str) -> Reply {
        self.post(CODES, json!({ "deviceFingerprint": fingerprint(), "authorizationToken": token })).await
    }

    /// Approves a fresh channel; its authorization token.
    pub(crate) async fn authorization_token(&self) -> String {
        let id = self.channel().await;
        let mut socket = Socket::subscribed(self, &format!("qr.{id}")).await;
        assert!(self.sandbox.approve_qr(&id, "plain@example.com"));
        socket.event().await[2]["authorizationToken"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn an_approval_signs_the_display_in() {
    let rig = Rig::new();
    let reply = rig.get(CODES).await;
    let body = reply.json();
    let id = body["id"].as_str().unwrap();
    assert_eq!(id.len(), 36);
    assert_eq!(body, json!({ "id": id, "lifetimeMinutes": 2, "ip": "127.0.0.1", "location": null }));

    let mut socket = Socket::subscribed(&rig, &format!("qr.{id}")).await;
    let approver = rig.approver().await;
    let approved = rig.decide("tokens", &approver, json!({ "channelId": id, "id": id })).await;
    assert_eq!((approved.status, approved.json()), (200, json!({ "approved": true })));

    let event = socket.event().await;
    let token = event[2]["authorizationToken"].as_str().unwrap();
    assert_eq!(event, json!(["approved", format!("qr.{id}"), { "authorizationToken": token }]));
    assert!(token.starts_with("$2y$10$") && token.len() == 60, "{token}");

    let session = rig.exchange(token).await;
    let tokens = session.json()["tokens"].clone();
    let time = |expires: &str, name: &str| {
        let token = &tokens[name]["token"];
        json!({ "token": token, "createdAt": "2025-03-01T12:00:00+00:00", "expiresAt": expires })
    };
    assert_eq!(
        session.json(),
        json!({
            "clientId": 101,
            "tokens": {
                "accessToken": time("2025-03-01T12:15:00+00:00", "accessToken"),
                "refreshToken": time("2025-03-01T13:00:00+00:00", "refreshToken"),
            },
            "email": "plain@example.com",
        })
    );
    let access = tokens["accessToken"]["token"].as_str().unwrap();
    assert_ne!(access, approver);
    assert_eq!(rig.who_am_i(access).await, 200);
    assert_eq!(rig.refresh(tokens["refreshToken"]["token"].as_str().unwrap()).await.status, 200);
}

#[tokio::test]
async fn either_name_of_the_channel_is_enough() {
    let rig = Rig::new();
    let approver = rig.approver().await;
    for name in ["channelId", "id"] {
        let id = rig.channel().await;
        assert_eq!(rig.decide("tokens", &approver, json!({ name: id })).await.status, 200, "{name}");
    }
}

#[tokio::test]
async fn a_decline_is_told_to_the_display() {
    let rig = Rig::new();
    let id = rig.channel().await;
    let mut socket = Socket::subscribed(&rig, &format!("qr.{id}")).await;
    let approver = rig.approver().await;
    let declined = rig.decide("qrcodes/decline", &approver, json!({ "id": id })).await;
    assert_eq!((declined.status, declined.text.as_str()), (204, ""));
    assert_eq!(socket.event().await, json!(["declined", format!("qr.{id}"), {}]));
    assert_eq!(rig.decide("tokens", &approver, json!({ "id": id })).await.status, 409);
    assert!(!rig.sandbox.decline_qr(&id) && !rig.sandbox.approve_qr(&id, "plain@example.com"));
}

#[tokio::test]
async fn an_approver_sees_the_display() {
    let rig = Rig::with(Sandbox::builder().qr(QrSettings::default().location(Some("Limassol"))));
    let url = format!("{}{CODES}", rig.sandbox.url());
    let agent = "a".repeat(300);
    let shown = rig.send(rig.http.get(url).header("user-agent", &agent)).await.json();
    assert_eq!(shown["location"], "Limassol");
    let approver = rig.approver().await;
    let seen = rig.decide("qrcodes/inspect", &approver, json!({ "id": shown["id"] })).await;
    assert_eq!(
        seen.json(),
        json!({
            "ip": "127.0.0.1",
            "location": "Limassol",
            "userAgent": &agent[..256],
            "createdAt": "2025-03-01T12:00:00+00:00",
            "expiresAt": "2025-03-01T12:02:00+00:00",
            "yourIp": "127.0.0.1",
        })
    );
    let approved = rig.decide("tokens", &approver, json!({ "id": shown["id"] })).await;
    assert_eq!(approved.status, 200, "inspecting decides nothing");
}

#[tokio::test]
async fn the_lifetime_is_written_in_every_form() {
    let seconds = |seconds| QrSettings::default().lifetime(Duration::from_secs(seconds));
    let rig = Rig::with(Sandbox::builder().qr(seconds(90)));
    for (form, written) in [
        (LifetimeForm::Number, json!(2)),
        (LifetimeForm::Text, json!("2")),
        (LifetimeForm::Fraction, json!(1.5)),
        (LifetimeForm::Missing, Value::Null),
    ] {
        rig.sandbox.set_qr(seconds(90).lifetime_form(form));
        let body = rig.get(CODES).await.json();
        assert_eq!(body["lifetimeMinutes"], written, "{form:?}");
        assert_eq!(body.as_object().unwrap().contains_key("lifetimeMinutes"), form != LifetimeForm::Missing);
    }
    let change = json!({ "qr": { "lifetime_seconds": 30, "lifetime_form": "fraction", "location": "Rome" } });
    let now = rig.post("/_sandbox/settings", change).await.json()["qr"].clone();
    assert_eq!((&now["lifetime_seconds"], &now["lifetime_form"]), (&json!(30.0), &json!("fraction")));
    let body = rig.get(CODES).await.json();
    assert_eq!((&body["lifetimeMinutes"], &body["location"]), (&json!(0.5), &json!("Rome")));
    rig.post("/_sandbox/settings", json!({ "qr": { "location": null } })).await;
    assert_eq!(rig.get(CODES).await.json()["location"], Value::Null);
}

#[tokio::test]
async fn an_expiry_is_told_when_the_clock_is_moved() {
    let rig = Rig::new();
    let id = rig.channel().await;
    let mut socket = Socket::subscribed(&rig, &format!("qr.{id}")).await;
    rig.sandbox.advance(Duration::from_secs(119));
    let fresh = rig.channel().await;
    rig.post("/_sandbox/clock", json!({ "advance_seconds": 1 })).await;
    assert_eq!(socket.event().await, json!(["expired", format!("qr.{id}"), {}]));
    let approver = rig.approver().await;
    assert_eq!(rig.decide("tokens", &approver, json!({ "id": id })).await.status, 410);
    assert_eq!(rig.decide("tokens", &approver, json!({ "id": fresh })).await.status, 200);
}

#[tokio::test]
async fn the_private_channel_gets_the_same_events() {
    let rig = Rig::new();
    let id = rig.channel().await;
    let approver = rig.approver().await;
    let mut socket = Socket::open(&rig).await;
    let headers = json!({ "Authorization": format!("Bearer {approver}") });
    socket.subscribe(&format!("private-qr.{id}"), headers).await;
    assert!(rig.sandbox.approve_qr(&id, "PLAIN@example.com"));
    assert_eq!(socket.event().await[1], format!("private-qr.{id}"));
    assert!(!rig.sandbox.approve_qr(&rig.channel().await, "root@example.com"), "staff cannot");
    assert_eq!(rig.back_sign_in("root@example.com", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn it_works_below_a_base_path_and_in_every_dialect() {
    for dialect in ["tutorial", "laravel", "legacy", "reference,extra=on"] {
        let builder = Sandbox::builder().base_path("/broker").dialect(dialect.parse().unwrap());
        let rig = Rig::with(builder);
        let token = rig.authorization_token().await;
        assert_eq!(rig.exchange(&token).await.json()["clientId"], 101, "{dialect}");
    }
}
