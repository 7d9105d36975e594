//! Faults and settings of a running sandbox, over HTTP and from Rust.

use std::time::Duration;

use auth_sandbox::{Dialect, Limits, Sandbox};
use serde_json::{Value, json};

use crate::support::{PASSWORD, Rig, credentials};

const FAULTS: &str = "/_sandbox/faults";
const SETTINGS: &str = "/_sandbox/settings";

#[tokio::test]
async fn faults_are_set_shown_and_cleared() {
    let rig = Rig::new();
    assert_eq!(rig.get(FAULTS).await.json(), json!([]));
    let set = rig.post(FAULTS, json!({ "fault": "signin:status=503,times=1" })).await;
    assert_eq!(set.json(), json!([{ "fault": "sign_in:status=503,times=1", "seen": 0, "acted": 0 }]));
    assert_eq!(rig.enter("plain@example.com").await.status, 503);
    assert_eq!(rig.enter("plain@example.com").await.status, 200);
    rig.post(FAULTS, json!({ "fault": "any:html=502" })).await;
    let shown = rig.get(FAULTS).await.json();
    assert_eq!(
        shown,
        json!([
            { "fault": "sign_in:status=503,times=1", "seen": 2, "acted": 1 },
            { "fault": "any:html=502", "seen": 0, "acted": 0 },
        ])
    );
    let logged = rig.get("/_sandbox/requests").await.json();
    assert_eq!(
        (&logged[1]["fault"], &logged[3]["fault"]),
        (&json!("sign_in:status=503,times=1"), &Value::Null)
    );
    let url = format!("{}{FAULTS}", rig.sandbox.url());
    assert_eq!(rig.send(rig.http.delete(url)).await.json(), json!([]));
    assert_eq!(rig.enter("plain@example.com").await.status, 200);
    assert!(rig.sandbox.requests().iter().all(|request| !request.path.starts_with("/_sandbox")));
}

#[tokio::test]
async fn a_bad_fault_is_told_and_not_set() {
    let rig = Rig::new();
    for (bad, told) in [
        (json!({ "fault": "any:explode" }), "there are status, delay, drop"),
        (json!({ "fault": 1 }), "expected a string"),
        (json!({}), "missing field `fault`"),
        (json!({ "fault": "any:garbage", "times": 1 }), "unknown field `times`"),
        (json!("any:garbage"), "must be a JSON object"),
    ] {
        let reply = rig.post(FAULTS, bad.clone()).await;
        assert_eq!(reply.status, 400, "{bad}");
        assert!(reply.json()["error"].as_str().unwrap().contains(told), "{reply:?}");
    }
    assert!(rig.sandbox.faults().is_empty());
}

#[tokio::test]
async fn wizards_are_forgotten() {
    let rig = Rig::new();
    let uuid = rig.wizard().await;
    rig.back_sign_in("admin@example.com", PASSWORD).await;
    let url = format!("{}/_sandbox/wizards", rig.sandbox.url());
    assert_eq!(rig.send(rig.http.post(url)).await.json(), json!({ "forgotten": 2 }));
    assert_eq!(rig.sign_in(&uuid, "plain@example.com", PASSWORD).await.status, 404);
    assert_eq!(rig.post("/_sandbox/wizards", json!({ "uuid": uuid })).await.status, 400);
}

#[tokio::test]
async fn settings_are_shown_and_changed() {
    let rig = Rig::new();
    let before = rig.get(SETTINGS).await.json();
    assert_eq!(
        before,
        json!({
            "recaptcha": false,
            "dialect": Dialect::default().to_string(),
            "limits": {
                "enabled": true, "sign_in": 5, "refresh": 5, "codes": 5, "confirm": 3, "qr": 30,
                "window_seconds": 60, "block_seconds": 600,
            },
            "qr": {
                "available": true, "lifetime_seconds": 120.0, "lifetime_form": "number", "location": null,
                "off_status": 404,
            },
            "access_seconds": 900,
            "refresh_seconds": 3600,
            "refresh_grace_seconds": 0,
        })
    );
    let change = json!({
        "recaptcha": true,
        "dialect": "tutorial,errors=laravel",
        "limits": { "sign_in": 2, "block_seconds": 30 },
        "access_seconds": 10,
        "refresh_seconds": 20,
        "refresh_grace_seconds": 7,
    });
    let after = rig.post(SETTINGS, change).await.json();
    assert_eq!((&after["recaptcha"], &after["limits"]["sign_in"]), (&json!(true), &json!(2)));
    assert_eq!((&after["limits"]["codes"], &after["access_seconds"]), (&json!(5), &json!(10)));
    assert_eq!(after["refresh_grace_seconds"], 7);

    let uuid = rig.wizard().await;
    let refused = rig.sign_in(&uuid, "plain@example.com", PASSWORD).await;
    assert_eq!(refused.status, 422, "{refused:?}");
    let mut form = credentials(&uuid, "plain@example.com", PASSWORD);
    form["recaptchaResponse"] = json!("ok");
    let reply = rig.post("/api/v2/my/signin", form).await;
    assert_eq!(reply.workflow(), "Terminate");
    let (access, _) = reply.tokens();
    rig.seconds(10);
    assert_eq!(rig.who_am_i(&access).await, 401);
    assert_eq!(rig.enter("plain@example.com").await.headers["retry-after"], "30");
}

#[tokio::test]
async fn blocks_are_lifted_and_a_reset_is_forced() {
    let rig = Rig::with(Sandbox::builder().limits(Limits::default().sign_in(1)));
    rig.enter("plain@example.com").await;
    assert_eq!(rig.enter("plain@example.com").await.status, 429);
    rig.post(SETTINGS, json!({ "clear_limits": true, "force_reset": "plain@example.com" })).await;
    assert_eq!(rig.enter("plain@example.com").await.workflow(), "reset_password_email");
    rig.post(SETTINGS, json!({ "clear_limits": true, "limits": { "enabled": false } })).await;
    for _ in 0..7 {
        assert_eq!(rig.enter("plain@example.com").await.status, 200);
    }
}

#[tokio::test]
async fn bad_settings_change_nothing() {
    let rig = Rig::new();
    let before = rig.get(SETTINGS).await.json();
    for (bad, told) in [
        (json!({ "recaptcha": true, "dialect": "french" }), "no dialect is called \"french\"; there are"),
        (json!({ "recaptcha": true, "force_reset": "root@example.com" }), "no front-office user"),
        (json!({ "recaptcha": true, "limits": { "signin": 1 } }), "unknown field `signin`, expected one of"),
        (json!({ "recaptcha": "yes" }), "expected a boolean"),
        (json!({ "qr": { "lifetime_form": "soon" } }), "number, text, fraction or missing"),
        (json!({ "qr": { "lifetime_seconds": -1 } }), "number of seconds from 0 up"),
        (json!({ "qr": { "off_status": 500 } }), "404 or 405"),
        (json!({ "qr": { "colour": 1 } }), "unknown field `colour`"),
        (json!({ "access_seconds": -1 }), "expected u64"),
        (json!({ "colour": 1 }), "unknown field `colour`"),
    ] {
        let reply = rig.post(SETTINGS, bad.clone()).await;
        assert_eq!(reply.status, 400, "{bad}");
        assert!(reply.json()["error"].as_str().unwrap().contains(told), "{reply:?}");
    }
    assert_eq!(rig.get(SETTINGS).await.json(), before);
}

#[tokio::test]
async fn the_same_from_rust() {
    let rig = Rig::new();
    rig.sandbox.set_recaptcha(true);
    assert_eq!(rig.enter("plain@example.com").await.status, 400);
    rig.sandbox.set_recaptcha(false);
    rig.sandbox.set_dialect("reference,uuid=rotate".parse().unwrap());
    rig.sandbox.set_token_lifetimes(Duration::from_secs(5), Duration::from_secs(6));
    let uuid = rig.wizard().await;
    let reply = rig.sign_in(&uuid, "plain@example.com", PASSWORD).await;
    assert_ne!(reply.uuid(), uuid);
    let (_, refresh) = reply.tokens();
    rig.sandbox.advance(Duration::from_secs(6));
    assert_eq!(rig.refresh(&refresh).await.status, 401);
    rig.sandbox.set_limits(Limits::default().sign_in(1));
    assert_eq!(rig.enter("plain@example.com").await.status, 429);
    rig.sandbox.clear_limits();
    assert_eq!(rig.enter("plain@example.com").await.status, 200);
}
