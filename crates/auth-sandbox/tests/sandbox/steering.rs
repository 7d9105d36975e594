//! What a test does to users and their tokens, and the codes that it is given.

use std::time::Duration;

use auth_sandbox::{Sandbox, UsersError};
use serde_json::json;

use crate::support::Rig;

const SESSIONS: &str = "/_sandbox/sessions";
const PLAIN: &str = "plain@example.com";
const TOTP: &str = "totp@example.com";

#[tokio::test]
async fn rejected_access_tokens_are_refused_and_a_refresh_gives_good_ones() {
    let rig = Rig::new();
    let (access, refresh) = rig.enter(PLAIN).await.tokens();
    let (late, _) = rig.enter(PLAIN).await.tokens();
    let (of_staff, _) = rig.back_sign_in("root@example.com", "Secret123").await.tokens();
    assert_eq!(rig.sandbox.owner_of(&access).as_deref(), Some(PLAIN));
    assert_eq!(rig.sandbox.reject_tokens("Plain@Example.com"), 2);
    assert_eq!(rig.sandbox.reject_tokens(PLAIN), 0, "none is good any more");
    for token in [&access, &late] {
        assert_eq!((rig.who_am_i(token).await, rig.sandbox.owner_of(token)), (401, None));
    }
    assert_eq!(rig.who_am_i(&of_staff).await, 200);
    let (fresh, _) = rig.refresh(&refresh).await.tokens();
    assert_eq!(rig.who_am_i(&fresh).await, 200);
    assert_eq!(rig.post(SESSIONS, json!({ "reject_tokens": PLAIN })).await.json(), json!({ "rejected": 1 }));
    assert_eq!(rig.who_am_i(&fresh).await, 401);
    assert_eq!(rig.sandbox.reject_tokens("nobody@example.com"), 0);
}

#[tokio::test]
async fn ended_sessions_are_over() {
    let rig = Rig::new();
    let (access, refresh) = rig.enter(PLAIN).await.tokens();
    rig.enter(PLAIN).await.tokens();
    let (of_staff, _) = rig.back_sign_in("root@example.com", "Secret123").await.tokens();
    assert_eq!(rig.get(SESSIONS).await.json(), json!({ "unrevoked": 3 }));
    assert_eq!(rig.sandbox.end_sessions(PLAIN), 2);
    assert_eq!((rig.who_am_i(&access).await, rig.refresh(&refresh).await.status), (401, 401));
    assert_eq!(rig.who_am_i(&of_staff).await, 200);
    assert_eq!(rig.post(SESSIONS, json!({ "end": "root@example.com" })).await.json(), json!({ "ended": 1 }));
    assert_eq!(rig.who_am_i(&of_staff).await, 401);
    for bad in [json!({}), json!({ "end": PLAIN, "reject_tokens": PLAIN }), json!({ "end": 7 })] {
        assert_eq!(rig.post(SESSIONS, bad.clone()).await.status, 400, "{bad}");
    }
}

#[tokio::test]
async fn users_are_added_all_or_none() {
    let rig = Rig::new();
    let user = |email: &str| {
        format!("[[user]]\nemail = \"{email}\"\npassword = \"Secret123\"\noffice = \"front\"\n")
    };
    rig.sandbox.add_users(&user("ann@example.org")).unwrap();
    assert_eq!(rig.enter("ann@example.org").await.status, 200);
    let bad = user("bob@example.org") + &user(PLAIN);
    let refused = rig.sandbox.add_users(&bad).unwrap_err();
    assert_eq!(refused, UsersError::DuplicateEmail { line: 5, email: PLAIN.to_owned() });
    assert_eq!(rig.sandbox.add_users("").unwrap_err(), UsersError::NoUsers);
    assert_eq!(rig.sandbox.users().len(), 8);
    rig.sandbox.add_users(&user("bob@example.org")).unwrap();
    let ids: Vec<u64> = rig.sandbox.users()[7..].iter().map(|user| user.client_id).collect();
    assert_eq!(ids, [1, 2], "the first that are free in their office");
}

#[tokio::test]
async fn codes_to_use_and_codes_that_are_wrong() {
    let rig = Rig::new();
    for _ in 0..3 {
        let uuid = rig.enter(TOTP).await.uuid();
        assert_eq!(rig.code("google", &uuid, &rig.sandbox.wrong_code(TOTP)).await.status, 400);
        assert_eq!(rig.code("google", &uuid, &rig.sandbox.totp_code(TOTP).unwrap()).await.status, 200);
        rig.sandbox.clear_limits();
    }
    let uuid = rig.enter(TOTP).await.uuid();
    assert_eq!(
        rig.code("google", &uuid, &rig.sandbox.totp_code(TOTP).unwrap()).await.status,
        400,
        "all spent"
    );
    rig.sandbox.advance(Duration::from_secs(30));
    assert_eq!(rig.code("google", &uuid, &rig.sandbox.totp_code(TOTP).unwrap()).await.status, 200);

    let uuid = rig.enter("sms@example.com").await.uuid();
    assert_eq!(rig.code("sms", &uuid, &rig.sandbox.wrong_code("sms@example.com")).await.status, 400);
    assert_eq!(Sandbox::totp_code(&rig.sandbox, "sms@example.com"), None);
    assert_eq!(rig.sandbox.totp_code("nobody@example.com"), None);
}
