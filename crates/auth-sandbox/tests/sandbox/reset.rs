//! The forced reset of a password.

use auth_sandbox::{Channel, Purpose};
use serde_json::{Value, json};

use crate::support::{PASSWORD, Reply, Rig, other_than};

const NEW: &str = "Fresh5678";

async fn restore(rig: &Rig, uuid: &str, code: &str) -> Reply {
    let body = json!({ "uuid": uuid, "action": "code", "code": code });
    rig.post("/api/v2/my/signin/password/restore", body).await
}

async fn reset(rig: &Rig, uuid: &str, password: &str, confirmation: &str) -> Reply {
    let body = json!({ "uuid": uuid, "password": password, "passwordConfirmation": confirmation });
    rig.post("/api/v2/my/signin/password/reset", body).await
}

/// A reset up to the point where the new password is awaited.
async fn awaiting_password(rig: &Rig, email: &str) -> String {
    let uuid = rig.enter(email).await.uuid();
    let code = rig.sandbox.last_code(email).unwrap();
    restore(rig, &uuid, &code).await.uuid()
}

#[tokio::test]
async fn a_flagged_user_gets_a_new_password() {
    let rig = Rig::new();
    let entered = rig.enter("reset@example.com").await;
    assert_eq!(entered.workflow(), "reset_password_email");
    assert_eq!(entered.json()["data"]["accessToken"], json!({}));
    let sent = rig.sandbox.outbox();
    assert_eq!((sent[0].channel, sent[0].purpose), (Channel::Mail, Purpose::PasswordReset));
    assert_eq!(sent[0].to, "reset@example.com");

    let uuid = entered.uuid();
    let code = rig.sandbox.last_code("reset@example.com").unwrap();
    assert_eq!(restore(&rig, &uuid, other_than(&code)).await.issues(), ["The code is wrong"]);
    let restored = restore(&rig, &uuid, &code).await;
    assert_eq!(
        restored.json(),
        json!({ "code": 200, "data": null, "done": false, "uuid": uuid, "workflow": "reset_password" })
    );

    let done = reset(&rig, &uuid, NEW, NEW).await;
    assert_eq!(done.status, 200);
    assert_eq!(
        done.json(),
        json!({
            "code": 202,
            "data": { "client": { "id": 105, "email": "reset@example.com", "settings": {} } },
            "done": true,
            "uuid": uuid,
            "workflow": "login",
        })
    );
    assert_eq!(reset(&rig, &uuid, NEW, NEW).await.status, 404, "finished");

    let uuid = rig.wizard().await;
    assert_eq!(rig.sign_in(&uuid, "reset@example.com", PASSWORD).await.status, 400, "the old password");
    let signed_in = rig.sign_in(&uuid, "reset@example.com", NEW).await;
    assert_eq!(signed_in.workflow(), "login");
    assert_eq!(rig.who_am_i(&signed_in.tokens().0).await, 200);
}

#[tokio::test]
async fn a_weak_or_unconfirmed_password_keeps_the_step() {
    let rig = Rig::new();
    let uuid = awaiting_password(&rig, "reset@example.com").await;
    for (password, confirmation, issue) in [
        ("Ab1", "Ab1", "The password must have at least 8 characters"),
        ("abcdefgh", "abcdefgh", "The password must have a digit"),
        ("12345678", "12345678", "The password must have a letter"),
        (NEW, "Fresh5679", "The passwords differ"),
    ] {
        let reply = reset(&rig, &uuid, password, confirmation).await;
        assert_eq!((reply.status, reply.issues()), (400, vec![issue.to_owned()]));
    }
    assert_eq!(reset(&rig, &uuid, NEW, NEW).await.json()["done"], true);
}

#[tokio::test]
async fn any_front_office_user_can_be_flagged() {
    let rig = Rig::new();
    assert!(!rig.sandbox.force_reset("root@example.com"));
    assert!(!rig.sandbox.force_reset("nobody@example.com"));
    assert!(rig.sandbox.force_reset("TOTP@example.com"));
    let uuid = awaiting_password(&rig, "totp@example.com").await;
    assert_eq!(reset(&rig, &uuid, NEW, NEW).await.json()["done"], true);
    let uuid = rig.wizard().await;
    let next = rig.sign_in(&uuid, "totp@example.com", NEW).await;
    assert_eq!(next.workflow(), "2fa_google_auth", "the second factor is back");
    assert!(rig.sandbox.users().iter().all(|user| user.email != "totp@example.com" || !user.force_reset));
}

#[tokio::test]
async fn a_wrong_password_does_not_start_a_reset() {
    let rig = Rig::new();
    let uuid = rig.wizard().await;
    assert_eq!(rig.sign_in(&uuid, "reset@example.com", "nope").await.status, 400);
    assert!(rig.sandbox.outbox().is_empty());
    assert_eq!(rig.get("/_sandbox/outbox").await.json(), Value::Array(Vec::new()));
}
