//! What can be seen of a sandbox from behind: log, outbox, users, and no secrets where they do not belong.

use auth_sandbox::{Method, Office, Users};
use serde_json::{Value, json};

use crate::support::{PASSWORD, Rig, credentials, fingerprint};

#[tokio::test]
async fn requests_are_logged_by_name() {
    let rig = Rig::new();
    let uuid = rig.wizard().await;
    let url = format!("{}/api/v2/my/signin?secret=1", rig.sandbox.url());
    let body = credentials(&uuid, "plain@example.com", "nope");
    rig.send(rig.http.post(url).header("X-Correlation-Id", "abc-1").json(&body)).await;
    rig.back_sign_in("root@example.com", PASSWORD).await;
    rig.get("/_sandbox/users").await;
    rig.get("/elsewhere").await;

    let log = rig.sandbox.requests();
    assert_eq!(log.len(), 4, "looking behind the scenes is not logged");
    assert_eq!((log[0].method.as_str(), log[0].path.as_str()), ("GET", "/api/v2/my/signin/wizard"));
    assert_eq!((log[0].correlation_id.as_deref(), log[0].office), (None, Some(Office::Front)));
    assert_eq!((log[1].path.as_str(), log[1].status), ("/api/v2/my/signin", 400));
    assert_eq!(log[1].correlation_id.as_deref(), Some("abc-1"));
    let mut fields = log[1].body_fields.clone();
    fields.sort();
    assert_eq!(fields, ["device_fingerprint", "email", "password", "uuid"]);
    assert_eq!((log[1].time, log[2].office, log[3].office), (rig.now(), Some(Office::Back), None));

    let listed = rig.get("/_sandbox/requests").await.json();
    assert_eq!(listed.as_array().unwrap().len(), 4);
    assert_eq!(listed[1]["correlation_id"], "abc-1");
    assert_eq!(listed[1]["office"], "front");
    assert_eq!(listed[1]["time"], "2025-03-01T12:00:00+00:00");
}

#[tokio::test]
async fn the_outbox_can_be_read_over_http() {
    let rig = Rig::new();
    rig.enter("sms@example.com").await;
    rig.back_sign_in("admin@example.com", PASSWORD).await;
    let all = rig.get("/_sandbox/outbox").await.json();
    assert_eq!(all.as_array().unwrap().len(), 2);
    let one = rig.get("/_sandbox/outbox?to=admin%40example.com").await.json();
    assert_eq!(
        one,
        json!([{
            "channel": "mail",
            "to": "admin@example.com",
            "email": "admin@example.com",
            "purpose": "back_office_sign_in",
            "sent_at": "2025-03-01T12:00:00+00:00",
            "code": rig.sandbox.last_code("admin@example.com").unwrap(),
        }])
    );
    for to in ["sms@example.com", "%2B15550103"] {
        let found = rig.get(&format!("/_sandbox/outbox?to={to}")).await.json();
        assert_eq!(found[0]["channel"], "sms", "{to}");
    }
}

#[tokio::test]
async fn users_are_listed_without_passwords() {
    let rig = Rig::new();
    let reply = rig.get("/_sandbox/users").await;
    assert!(!reply.text.contains(PASSWORD) && !reply.text.contains("password"));
    let users = reply.json();
    assert_eq!(users.as_array().unwrap().len(), 7);
    assert_eq!(users[3]["methods"], json!(["google", "sms"]));
    let url = users[1]["otpauth"].as_str().unwrap();
    assert!(url.starts_with("otpauth://totp/"), "{url}");
    assert!(url.contains(&rig.sandbox.totp_secret("totp@example.com").unwrap()), "{url}");

    let infos = rig.sandbox.users();
    assert_eq!(infos[1].otpauth_url(), Some(url));
    assert_eq!(infos[2].methods, [Method::Sms]);
    assert_eq!((infos[5].office, infos[6].mailed_code), (Office::Back, true));
    assert_eq!(rig.sandbox.totp_secret("sms@example.com"), None);
    let readme = include_str!("../../README.md");
    for user in infos {
        let secret = rig.sandbox.totp_secret(&user.email).unwrap_or_default();
        assert!(readme.contains(&format!("`{}`", user.email)) && readme.contains(&secret), "{user:?}");
    }
}

#[tokio::test]
async fn answers_are_dated_by_the_clock() {
    let rig = Rig::new();
    assert_eq!(rig.get("/api/v2/my/signin/wizard").await.headers["date"], "Sat, 01 Mar 2025 12:00:00 GMT");
    rig.seconds(3600);
    assert_eq!(rig.get("/elsewhere").await.headers["date"], "Sat, 01 Mar 2025 13:00:00 GMT");
}

#[tokio::test]
async fn who_am_i_tells_the_owner_of_a_token() {
    let rig = Rig::new();
    let (access, _) = rig.back_sign_in("root@example.com", PASSWORD).await.tokens();
    let url = format!("{}/_sandbox/whoami", rig.sandbox.url());
    let reply = rig.send(rig.http.get(url).bearer_auth(access)).await;
    assert_eq!(reply.json(), json!({ "email": "root@example.com", "office": "back", "client_id": 1 }));
    assert_eq!(rig.get("/_sandbox/whoami").await.status, 401);
}

#[tokio::test]
async fn debug_and_log_have_no_secrets() {
    let rig = Rig::new();
    let entered = rig.enter("sms@example.com").await;
    let code = rig.sandbox.last_code("sms@example.com").unwrap();
    let signed_in = rig.code("sms", &entered.uuid(), &code).await;
    let (access, refresh) = signed_in.tokens();
    rig.refresh(&refresh).await;
    rig.post_bearer("/api/v2/my/signout", &access).await;

    let secrets = [
        PASSWORD.to_owned(),
        code,
        entered.uuid(),
        access,
        refresh,
        fingerprint(),
        rig.sandbox.totp_secret("totp@example.com").unwrap(),
    ];
    let shown = [
        format!("{:?}", rig.sandbox),
        format!("{:?}", rig.sandbox.outbox()),
        format!("{:?}", rig.sandbox.requests()),
        format!("{:?}", rig.sandbox.users()),
        format!("{:?}", Users::built_in().unwrap()),
        rig.get("/_sandbox/requests").await.text,
    ];
    for text in &shown {
        for secret in &secrets {
            assert!(!text.contains(secret.as_str()), "{text}");
        }
    }
    assert_eq!(rig.get("/_sandbox/requests").await.json().as_array().map(Vec::len), Some(5));
    assert!(matches!(rig.get("/_sandbox/outbox").await.json(), Value::Array(_)));
}
