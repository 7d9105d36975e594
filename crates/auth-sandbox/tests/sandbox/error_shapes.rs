//! The five ways of writing a refusal.

use auth_sandbox::{Dialect, Limits, Sandbox};
use serde_json::json;

use crate::support::Rig;

const NOBODY: &str = "36f59381-5b54-48bd-a0c7-3b908c476732";

#[tokio::test]
async fn the_envelope() {
    let rig = Rig::new();
    let reply = rig.enter("nobody@example.com").await;
    assert_eq!(
        (reply.status, reply.json()),
        (
            400,
            json!({ "error": {
                "code": 0,
                "message": "Sign-in failed",
                "details": [{ "issue": "The e-mail or the password is wrong" }],
            }})
        )
    );
}

#[tokio::test]
async fn laravel() {
    let rig = Rig::dialect("errors=laravel");
    let reply = rig.post("/api/v2/signin", json!({ "email": 1 })).await;
    assert_eq!(
        (reply.status, reply.json()),
        (
            422,
            json!({ "message": "The given data was invalid.", "errors": {
                "email": ["The email field must be a string"],
                "password": ["The password field is required"],
            }})
        )
    );
    let reply = rig.enter("nobody@example.com").await;
    assert_eq!(reply.status, 422);
    assert_eq!(reply.json()["errors"]["email"][0], "The e-mail or the password is wrong");
    let reply = rig.refresh("guess").await;
    assert_eq!((reply.status, reply.json()), (401, json!({ "message": "Unauthenticated" })));
    assert_eq!(rig.code("sms", NOBODY, "1").await.status, 404);
}

#[tokio::test]
async fn empty() {
    let rig = Rig::dialect("errors=empty");
    for (reply, status) in [
        (rig.enter("nobody@example.com").await, 400),
        (rig.refresh("guess").await, 401),
        (rig.code("sms", NOBODY, "1").await, 404),
    ] {
        assert_eq!((reply.status, reply.text.as_str()), (status, ""));
    }
}

#[tokio::test]
async fn html() {
    let rig = Rig::dialect("errors=html");
    for reply in [rig.enter("nobody@example.com").await, rig.refresh("guess").await] {
        assert_eq!(reply.status, 502);
        assert!(reply.headers["content-type"].to_str().unwrap().starts_with("text/html"));
        assert!(reply.text.contains("Bad Gateway"));
    }
}

#[tokio::test]
async fn v1() {
    let rig = Rig::dialect("errors=v1");
    let reply = rig.enter("nobody@example.com").await;
    assert_eq!(
        (reply.status, reply.json()),
        (
            200,
            json!({
                "status": 401,
                "meta": { "behaviours": [], "status": 401 },
                "data": { "message": "Sign-in failed", "errors": ["The e-mail or the password is wrong"] },
            })
        )
    );
    assert_eq!(rig.refresh("guess").await.json()["status"], 401);
    assert_eq!(rig.code("sms", NOBODY, "1").await.json()["meta"]["status"], 404);
}

#[tokio::test]
async fn a_block_names_its_end_in_every_shape() {
    for (shape, status) in [("envelope", 429), ("laravel", 429), ("empty", 429), ("html", 502), ("v1", 200)] {
        let dialect: Dialect = format!("errors={shape}").parse().unwrap();
        let limits = Limits::default().refresh(0);
        let rig = Rig::with(Sandbox::builder().dialect(dialect).limits(limits));
        let reply = rig.refresh("guess").await;
        assert_eq!(reply.status, status, "{shape}");
        assert_eq!(reply.headers["retry-after"], "600", "{shape}");
        let named = reply.text.contains("Too many login attempts");
        assert_eq!(named, !["empty", "html"].contains(&shape), "{shape}");
    }
}
