//! Limits and blocks, by the sandbox's clock.

use std::time::Duration;

use auth_sandbox::{Limits, Sandbox};
use serde_json::json;

use crate::support::{PASSWORD, Reply, Rig, other_than};

fn assert_blocked(reply: &Reply, retry_after: &str) {
    assert_eq!(reply.status, 429, "{reply:?}");
    assert_eq!(reply.headers["retry-after"], retry_after);
    assert_eq!(reply.json()["error"]["message"], "Too many login attempts");
    assert_eq!(reply.issues().len(), 1);
}

#[tokio::test]
async fn the_sixth_sign_in_within_a_minute_blocks_for_ten() {
    let rig = Rig::new();
    let uuid = rig.wizard().await;
    for _ in 0..5 {
        assert_eq!(rig.sign_in(&uuid, "plain@example.com", "nope").await.status, 400);
    }
    assert_blocked(&rig.sign_in(&uuid, " PLAIN@example.com", PASSWORD).await, "600");
    rig.pass(Duration::from_millis(90_500));
    assert_blocked(&rig.sign_in(&uuid, "plain@example.com", PASSWORD).await, "510");
    assert_eq!(rig.enter("totp@example.com").await.status, 200, "others are free");
    assert_eq!(rig.back_sign_in("root@example.com", PASSWORD).await.status, 200);

    rig.pass(Duration::from_millis(509_499));
    let uuid = rig.wizard().await;
    assert_blocked(&rig.sign_in(&uuid, "plain@example.com", PASSWORD).await, "1");
    rig.pass(Duration::from_millis(1));
    assert_eq!(rig.sign_in(&uuid, "plain@example.com", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn successful_attempts_count_and_old_ones_do_not() {
    let rig = Rig::new();
    for _ in 0..2 {
        for _ in 0..5 {
            assert_eq!(rig.enter("plain@example.com").await.status, 200);
        }
        rig.seconds(60);
    }
    for _ in 0..5 {
        rig.enter("plain@example.com").await;
    }
    assert_blocked(&rig.enter("plain@example.com").await, "600");
}

#[tokio::test]
async fn unknown_accounts_are_limited_too() {
    let rig = Rig::with(Sandbox::builder().limits(Limits::default().sign_in(1)));
    assert_eq!(rig.enter("nobody@example.com").await.status, 400);
    assert_blocked(&rig.enter("nobody@example.com").await, "600");
}

#[tokio::test]
async fn refreshes_are_limited() {
    let rig = Rig::new();
    let (_, mut refresh) = rig.enter("plain@example.com").await.tokens();
    for _ in 0..5 {
        refresh = rig.refresh(&refresh).await.tokens().1;
    }
    assert_blocked(&rig.refresh(&refresh).await, "600");
    rig.seconds(600);
    assert_eq!(rig.refresh(&refresh).await.status, 200, "a blocked attempt spends nothing");
}

#[tokio::test]
async fn guessed_refresh_tokens_are_limited() {
    let rig = Rig::new();
    for _ in 0..5 {
        assert_eq!(rig.refresh("guess").await.status, 401);
    }
    assert_blocked(&rig.refresh("guess").await, "600");
}

#[tokio::test]
async fn code_checks_are_limited_over_both_factors() {
    let rig = Rig::new();
    let uuid = rig.enter("both@example.com").await.uuid();
    rig.choose(&uuid, "google").await;
    for _ in 0..3 {
        assert_eq!(rig.code("google", &uuid, "12345").await.status, 400);
    }
    rig.choose(&uuid, "sms").await;
    let code = rig.sandbox.last_code("both@example.com").unwrap();
    for _ in 0..2 {
        assert_eq!(rig.code("sms", &uuid, other_than(&code)).await.status, 400);
    }
    assert_blocked(&rig.code("sms", &uuid, &code).await, "600");
}

#[tokio::test]
async fn reset_codes_are_limited() {
    let rig = Rig::with(Sandbox::builder().limits(Limits::default().codes(1)));
    let uuid = rig.enter("reset@example.com").await.uuid();
    let body = json!({ "uuid": uuid, "action": "code", "code": "12345" });
    assert_eq!(rig.post("/api/v2/my/signin/password/restore", body.clone()).await.status, 400);
    assert_blocked(&rig.post("/api/v2/my/signin/password/restore", body).await, "600");
}

#[tokio::test]
async fn the_back_office_allows_three_codes() {
    let rig = Rig::new();
    let token = rig.back_sign_in("admin@example.com", PASSWORD).await.json()["2faDetails"]["token"].clone();
    let code = rig.sandbox.last_code("admin@example.com").unwrap();
    for _ in 0..3 {
        let wrong = json!({ "token": token, "code": other_than(&code) });
        assert_eq!(rig.post("/api/v2/2fa/confirm", wrong).await.status, 400);
    }
    assert_blocked(&rig.post("/api/v2/2fa/confirm", json!({ "token": token, "code": code })).await, "600");
}

#[tokio::test]
async fn every_number_can_be_set() {
    let limits = Limits::default().sign_in(2).window(Duration::from_secs(10)).block(Duration::from_secs(30));
    let rig = Rig::with(Sandbox::builder().limits(limits));
    rig.enter("plain@example.com").await;
    rig.enter("plain@example.com").await;
    rig.seconds(10);
    rig.enter("plain@example.com").await;
    assert_eq!(rig.enter("plain@example.com").await.status, 200);
    assert_blocked(&rig.enter("plain@example.com").await, "30");

    let rig = Rig::with(Sandbox::builder().limits(Limits::default().refresh(0).confirm(0)));
    assert_blocked(&rig.refresh("guess").await, "600");
}

#[tokio::test]
async fn limits_can_be_off() {
    let rig = Rig::with(Sandbox::builder().limits(Limits::off()));
    for _ in 0..20 {
        assert_eq!(rig.enter("plain@example.com").await.status, 200);
    }
}
