//! The back office: happy paths and refusals.

use serde_json::json;

use crate::support::{PASSWORD, Rig, other_than};

#[tokio::test]
async fn without_a_mailed_code_tokens_come_at_once() {
    let rig = Rig::new();
    let reply = rig.back_sign_in("root@example.com", PASSWORD).await;
    assert_eq!(reply.status, 200);
    let body = reply.json();
    assert_eq!(body["2faRequired"], false);
    assert_eq!(body["accessToken"]["expiresAt"], "2025-03-01T12:15:00+00:00");
    assert_eq!(body["refreshToken"]["expiresAt"], "2025-03-01T13:00:00+00:00");
    assert_eq!(rig.who_am_i(&reply.tokens().0).await, 200);
}

#[tokio::test]
async fn a_mailed_code_is_confirmed_once() {
    let rig = Rig::new();
    let body = rig.back_sign_in("admin@example.com", PASSWORD).await.json();
    let token = body["2faDetails"]["token"].clone();
    assert_eq!(
        body,
        json!({
            "2faRequired": true,
            "2faDetails": { "token": token, "provider": "email", "expiresAt": "2025-03-01T12:10:00+00:00" },
        })
    );
    let code = rig.sandbox.last_code("admin@example.com").unwrap();
    let wrong = rig.post("/api/v2/2fa/confirm", json!({ "token": token, "code": other_than(&code) })).await;
    assert_eq!((wrong.status, wrong.issues()), (400, vec!["The code is wrong".to_owned()]));

    let right = json!({ "token": token, "code": code });
    let reply = rig.post("/api/v2/2fa/confirm/", right.clone()).await;
    assert_eq!(reply.status, 200);
    assert!(reply.json().get("2faRequired").is_none());
    assert_eq!(rig.who_am_i(&reply.tokens().0).await, 200);
    assert_eq!(rig.post("/api/v2/2fa/confirm", right).await.status, 404, "finished");
}

#[tokio::test]
async fn a_mailed_code_expires() {
    let rig = Rig::new();
    let body = rig.back_sign_in("admin@example.com", PASSWORD).await.json();
    let code = rig.sandbox.last_code("admin@example.com").unwrap();
    rig.seconds(600);
    let late = json!({ "token": body["2faDetails"]["token"], "code": code });
    assert_eq!(rig.post("/api/v2/2fa/confirm", late).await.status, 404);
}

#[tokio::test]
async fn wrong_credentials_say_nothing_more() {
    let rig = Rig::new();
    let wrong_password = rig.back_sign_in("root@example.com", "nope").await;
    let wrong_email = rig.back_sign_in("nobody@example.com", PASSWORD).await;
    let wrong_office = rig.back_sign_in("plain@example.com", PASSWORD).await;
    assert_eq!(wrong_password.status, 400);
    assert_eq!(wrong_password.text, wrong_email.text);
    assert_eq!(wrong_password.text, wrong_office.text);
}

#[tokio::test]
async fn required_fields_are_checked() {
    let rig = Rig::new();
    let reply = rig.post("/api/v2/signin", json!({ "email": 7 })).await;
    assert_eq!(reply.status, 400);
    assert_eq!(
        reply.issues(),
        ["The email field must be a string", "The password field is required"].map(str::to_owned)
    );
    let reply = rig.post("/api/v2/2fa/confirm", json!({})).await;
    assert_eq!(reply.issues(), ["The token field is required", "The code field is required"]);
    assert_eq!(rig.post("/api/v2/refresh", json!({})).await.issues(), ["The refreshToken field is required"]);
}

#[tokio::test]
async fn refresh_and_sign_out_work_as_in_the_front_office() {
    let rig = Rig::new();
    let (_, refresh) = rig.back_sign_in("root@example.com", PASSWORD).await.tokens();
    let reply = rig.post("/api/v2/refresh", json!({ "refreshToken": refresh })).await;
    assert_eq!(reply.status, 200);
    let (access, refresh) = reply.tokens();
    assert_eq!(rig.post_bearer("/api/v2/signout", &access).await.status, 200);
    assert_eq!(rig.post("/api/v2/refresh", json!({ "refreshToken": refresh })).await.status, 401);
}

#[tokio::test]
async fn tokens_of_one_office_are_nothing_in_the_other() {
    let rig = Rig::new();
    let (front_access, front_refresh) = rig.enter("plain@example.com").await.tokens();
    let (back_access, back_refresh) = rig.back_sign_in("root@example.com", PASSWORD).await.tokens();

    assert_eq!(rig.post_bearer("/api/v2/signout", &front_access).await.status, 401);
    assert_eq!(rig.post_bearer("/api/v2/my/signout", &back_access).await.status, 401);
    assert_eq!(rig.post("/api/v2/refresh", json!({ "refreshToken": front_refresh })).await.status, 401);
    assert_eq!(rig.refresh(&back_refresh).await.status, 401);

    assert_eq!(rig.refresh(&front_refresh).await.status, 200, "the wrong office spent nothing");
    assert_eq!(rig.post_bearer("/api/v2/signout", &back_access).await.status, 200);
}
