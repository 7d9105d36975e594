//! What QR sign-in refuses.

use auth_sandbox::{Act, Endpoint, Fault, Limits, QrOff, QrSettings, Sandbox};
use serde_json::{Value, json};

use crate::support::{PASSWORD, Rig, fingerprint};

const CODES: &str = "/api/v2/my/signin/qrcodes";
const DECISIONS: [&str; 3] = ["qrcodes/inspect", "tokens", "qrcodes/decline"];

#[tokio::test]
async fn decisions_need_a_session_of_the_front_office() {
    let rig = Rig::new();
    let id = rig.channel().await;
    let staff = rig.back_sign_in("root@example.com", PASSWORD).await.tokens().0;
    let (gone, _) = rig.enter("plain@example.com").await.tokens();
    rig.post_bearer("/api/v2/my/signout", &gone).await;
    for path in DECISIONS {
        for token in [staff.as_str(), gone.as_str(), "guess"] {
            let refused = rig.decide(path, token, json!({ "id": id })).await;
            assert_eq!(refused.status, 401, "{path}");
            assert_eq!(refused.issues(), ["The token is missing, expired or revoked"]);
        }
        let anonymous = rig.post(&format!("/api/v2/my/signin/{path}"), json!({ "id": id })).await;
        assert_eq!(anonymous.status, 401, "{path}");
    }
    assert!(rig.sandbox.approve_qr(&id, "plain@example.com"), "nothing was decided");
}

#[tokio::test]
async fn decisions_need_a_channel_that_is_open() {
    let rig = Rig::with(Sandbox::builder().limits(Limits::off()));
    let approver = rig.approver().await;
    let id = rig.channel().await;
    let (approved, declined) = (rig.channel().await, rig.channel().await);
    rig.sandbox.approve_qr(&approved, "plain@example.com");
    rig.sandbox.decline_qr(&declined);
    for path in DECISIONS {
        for (body, status, issue) in [
            (json!({}), 400, "The id field is required"),
            (json!({ "channelId": null, "id": "" }), 400, "The id field is required"),
            (json!({ "channelId": 7, "id": id }), 400, "The channelId field must be a string"),
            (json!({ "id": [id] }), 400, "The id field must be a string"),
            (json!([id]), 400, "The body must be a JSON object"),
            (json!({ "id": "unknown" }), 404, "No such sign-in channel"),
            (json!({ "channelId": approved }), 409, "The sign-in was already approved or declined"),
            (json!({ "channelId": declined }), 409, "The sign-in was already approved or declined"),
        ] {
            let refused = rig.decide(path, &approver, body.clone()).await;
            assert_eq!((refused.status, refused.issues()[0].as_str()), (status, issue), "{path} {body}");
        }
    }
    rig.seconds(120);
    for path in DECISIONS {
        let refused = rig.decide(path, &approver, json!({ "id": id })).await;
        assert_eq!((refused.status, refused.issues()[0].as_str()), (410, "The sign-in channel has expired"));
    }
}

#[tokio::test]
async fn a_token_is_good_once_and_for_a_while() {
    let rig = Rig::new();
    let token = rig.authorization_token().await;
    assert_eq!(rig.exchange(&token).await.status, 200);
    let again = rig.exchange(&token).await;
    assert_eq!((again.status, again.issues()[0].as_str()), (409, "The authorization token was already used"));

    let late = rig.authorization_token().await;
    rig.seconds(120);
    for token in [late.as_str(), "$2y$10$guess"] {
        let refused = rig.exchange(token).await;
        let issue = "The authorization token is unknown or expired";
        assert_eq!((refused.status, refused.issues()[0].as_str()), (401, issue));
    }
}

#[tokio::test]
async fn a_double_approval_is_refused_and_the_first_stands() {
    let rig = Rig::new();
    let (first, second) = (rig.approver().await, rig.approver().await);
    let id = rig.channel().await;
    let approve = |token: String| {
        let body = json!({ "id": id });
        let rig = &rig;
        async move { rig.decide("tokens", &token, body).await.status }
    };
    let statuses = tokio::join!(approve(first), approve(second));
    assert!(matches!(statuses, (200, 409) | (409, 200)), "{statuses:?}");
}

#[tokio::test]
async fn an_exchange_needs_both_fields() {
    let rig = Rig::new();
    let token = rig.authorization_token().await;
    for (body, issue) in [
        (json!({ "authorizationToken": token }), "The deviceFingerprint field is required"),
        (json!({ "authorizationToken": token, "deviceFingerprint": "x" }), "must be padded Base64"),
        (json!({ "deviceFingerprint": fingerprint() }), "The authorizationToken field is required"),
        (
            json!({ "deviceFingerprint": fingerprint(), "authorizationToken": 1 }),
            "The authorizationToken field must be a string",
        ),
    ] {
        let refused = rig.post(CODES, body).await;
        assert_eq!(refused.status, 400);
        assert!(refused.issues()[0].contains(issue), "{refused:?}");
    }
    assert_eq!(rig.exchange(&token).await.status, 200, "nothing was spent");
}

#[tokio::test]
async fn where_it_is_off_there_is_no_such_endpoint() {
    let rig = Rig::with(Sandbox::builder().qr_available(false));
    let approver = rig.approver().await;
    let statuses = async || {
        let mut statuses = vec![rig.get(CODES).await.status, rig.exchange("x").await.status];
        for path in DECISIONS {
            statuses.push(rig.decide(path, &approver, json!({ "id": "x" })).await.status);
        }
        statuses
    };
    assert_eq!(statuses().await, [404; 5]);
    assert_eq!(rig.get(CODES).await.issues(), ["No such endpoint"]);
    rig.sandbox.set_qr(QrSettings::default().off(QrOff::MethodNotAllowed));
    assert_eq!(statuses().await, [405; 5]);
    rig.post("/_sandbox/settings", json!({ "qr": { "off_status": 404 } })).await;
    assert_eq!(statuses().await, [404; 5]);
    rig.post("/_sandbox/settings", json!({ "qr": { "available": true } })).await;
    assert_eq!(rig.get("/api/v2/my/signin/wizard").await.json()["data"]["is_qr_available"], true);
    assert_eq!(rig.get(CODES).await.status, 200);
    rig.sandbox.set_qr_available(false);
    assert_eq!(rig.get(CODES).await.status, 404);
}

#[tokio::test]
async fn every_call_is_limited_by_itself() {
    let rig = Rig::with(Sandbox::builder().limits(Limits::default().qr(1)));
    let approver = rig.approver().await;
    assert_eq!((rig.get(CODES).await.status, rig.get(CODES).await.status), (200, 429));
    assert_eq!((rig.exchange("x").await.status, rig.exchange("x").await.status), (401, 429));
    let decide = async |path| rig.decide(path, &approver, json!({ "id": "x" })).await.status;
    assert_eq!((decide("tokens").await, decide("qrcodes/decline").await), (404, 429));
    assert_eq!(rig.post("/_sandbox/settings", json!({ "clear_limits": true })).await.status, 200);
    assert_eq!(decide("qrcodes/inspect").await, 404);
}

#[tokio::test]
async fn faults_act_on_every_call() {
    let rig = Rig::new();
    let approver = rig.approver().await;
    let id = rig.channel().await;
    for endpoint in [
        Endpoint::QrChannel,
        Endpoint::QrExchange,
        Endpoint::QrInspect,
        Endpoint::QrApprove,
        Endpoint::QrDecline,
    ] {
        rig.sandbox.clear_faults();
        rig.sandbox.fault(Fault::at(endpoint, Act::status(503)).times(1));
        let mut statuses = vec![rig.get(CODES).await.status, rig.exchange("x").await.status];
        for path in DECISIONS {
            statuses.push(rig.decide(path, &approver, json!({ "id": id })).await.status);
        }
        let hit: Vec<usize> = (0..5).filter(|at| statuses[*at] == 503).collect();
        let place = [
            Endpoint::QrChannel,
            Endpoint::QrExchange,
            Endpoint::QrInspect,
            Endpoint::QrApprove,
            Endpoint::QrDecline,
        ];
        let wanted = place.iter().position(|one| *one == endpoint).unwrap();
        assert_eq!(hit, [wanted], "{endpoint:?}: {statuses:?}");
    }
}

#[tokio::test]
async fn nothing_secret_is_in_the_log() {
    let rig = Rig::new();
    let token = rig.authorization_token().await;
    rig.exchange(&token).await;
    let log = rig.get("/_sandbox/requests").await.text;
    assert!(log.contains("authorizationToken") && log.contains("/socket.io/"), "{log}");
    assert!(!log.contains(&token));
    let fields = rig.sandbox.requests().last().map(|request| request.body_fields.clone());
    let Value::Array(names) = json!(fields) else { panic!("{fields:?}") };
    assert_eq!(names.len(), 2);
}
