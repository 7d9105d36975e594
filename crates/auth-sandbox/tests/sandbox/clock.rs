//! A clock that can be moved.

use std::time::Duration;

use auth_sandbox::{Sandbox, SignedDuration, Timestamp};
use serde_json::json;

use crate::support::{PASSWORD, Rig};

const NOON: &str = "Sat, 01 Mar 2025 12:00:00 GMT";
const ONE: &str = "Sat, 01 Mar 2025 13:00:00 GMT";
const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn answers_tokens_and_wizards_follow_it() {
    let rig = Rig::new();
    let uuid = rig.wizard().await;
    let (access, _) = rig.enter("plain@example.com").await.tokens();
    rig.sandbox.advance(Duration::from_secs(599));
    assert_eq!(rig.sign_in(&uuid, "plain@example.com", PASSWORD).await.status, 200);
    assert_eq!(rig.who_am_i(&access).await, 200);
    rig.sandbox.advance(HOUR - Duration::from_secs(599));
    assert_eq!(rig.get("/elsewhere").await.headers["date"], ONE);
    assert_eq!(rig.who_am_i(&access).await, 401);
    let uuid = rig.wizard().await;
    rig.sandbox.advance(Duration::from_secs(600));
    assert_eq!(rig.sign_in(&uuid, "plain@example.com", PASSWORD).await.status, 404);
}

#[tokio::test]
async fn blocks_and_authenticator_codes_follow_it() {
    let rig = Rig::new();
    for _ in 0..5 {
        rig.enter("plain@example.com").await;
    }
    assert_eq!(rig.enter("plain@example.com").await.status, 429);
    rig.sandbox.advance(Duration::from_secs(600));
    assert_eq!(rig.enter("plain@example.com").await.status, 200);

    let old = rig.totp("totp@example.com");
    let uuid = rig.enter("totp@example.com").await.uuid();
    assert_eq!(rig.code("google", &uuid, &old).await.status, 400, "ten minutes old");
    rig.sandbox.set_clock(rig.now());
    assert_eq!(rig.code("google", &uuid, &old).await.status, 200);
}

#[tokio::test]
async fn it_can_be_set_and_skewed_and_goes_on_from_there() {
    let rig = Rig::with(Sandbox::builder().clock_offset(SignedDuration::from_hours(1)));
    assert_eq!(rig.get("/elsewhere").await.headers["date"], ONE);
    assert_eq!(rig.sandbox.clock_offset(), SignedDuration::from_hours(1));
    let noon = rig.now();
    rig.sandbox.set_clock(noon);
    assert_eq!((rig.sandbox.now(), rig.sandbox.clock_offset()), (noon, SignedDuration::ZERO));
    assert_eq!(rig.get("/elsewhere").await.headers["date"], NOON);
    rig.seconds(3600);
    assert_eq!(rig.get("/elsewhere").await.headers["date"], ONE);
    rig.sandbox.set_clock_offset(SignedDuration::from_hours(-1));
    assert_eq!(rig.get("/elsewhere").await.headers["date"], NOON);
}

#[tokio::test]
async fn it_is_moved_over_http() {
    let rig = Rig::new();
    let path = "/_sandbox/clock";
    let shown =
        json!({ "now": "2025-03-01T12:00:00.25Z", "unix_seconds": 1740830400, "offset_seconds": 0.0 });
    assert_eq!(rig.get(path).await.json(), shown);
    let moved = rig.post(path, json!({ "advance_seconds": 0.75 })).await.json();
    assert_eq!((&moved["now"], &moved["offset_seconds"]), (&json!("2025-03-01T12:00:01Z"), &json!(0.75)));
    let moved = rig.post(path, json!({ "offset_seconds": -3600 })).await.json();
    assert_eq!(moved["now"], "2025-03-01T11:00:00.25Z");
    rig.post(path, json!({ "now": "2030-01-01T00:00:00Z" })).await;
    assert_eq!(rig.sandbox.now(), "2030-01-01T00:00:00Z".parse::<Timestamp>().unwrap());
    assert!(rig.sandbox.requests().is_empty(), "not logged");

    for (bad, told) in [
        (json!({}), "give one of"),
        (json!({ "advance_seconds": 1, "offset_seconds": 1 }), "give one of"),
        (json!({ "advance_seconds": -1 }), "from 0 up"),
        (json!({ "offset_seconds": 1e300 }), "offset_seconds must be"),
        (json!({ "now": "noon" }), "now must be a time such as"),
        (json!({ "later": 1 }), "unknown field `later`"),
        (json!([]), "must be a JSON object"),
    ] {
        let reply = rig.post(path, bad.clone()).await;
        assert_eq!(reply.status, 400, "{bad}");
        assert!(reply.json()["error"].as_str().unwrap().contains(told), "{reply:?}");
    }
    assert_eq!(rig.sandbox.now().to_string(), "2030-01-01T00:00:00Z", "nothing was changed");
}
