//! What the front office refuses.

use auth_sandbox::Sandbox;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
use serde_json::json;

use crate::support::{PASSWORD, Rig, credentials, other_than};

const NOBODY: &str = "36f59381-5b54-48bd-a0c7-3b908c476732";

#[tokio::test]
async fn wrong_email_and_wrong_password_look_the_same_and_keep_the_wizard() {
    let rig = Rig::new();
    let uuid = rig.wizard().await;
    let wrong_password = rig.sign_in(&uuid, "plain@example.com", "nope").await;
    let wrong_email = rig.sign_in(&uuid, "nobody@example.com", PASSWORD).await;
    let wrong_office = rig.sign_in(&uuid, "root@example.com", PASSWORD).await;
    assert_eq!(wrong_password.status, 400);
    assert_eq!(wrong_password.issues(), ["The e-mail or the password is wrong"]);
    assert_eq!(wrong_password.text, wrong_email.text);
    assert_eq!(wrong_password.text, wrong_office.text);
    assert_eq!(rig.sign_in(&uuid, "plain@example.com", PASSWORD).await.json()["done"], true);
}

#[tokio::test]
async fn missing_and_mistyped_fields_are_named() {
    let rig = Rig::new();
    let reply = rig.post("/api/v2/my/signin", json!({})).await;
    assert_eq!(reply.status, 400);
    assert_eq!(
        reply.issues(),
        [
            "The uuid field is required",
            "The email field is required",
            "The password field is required",
            "The device_fingerprint field is required",
        ]
    );
    for (path, body, issue) in [
        ("signin/2fa", json!({ "uuid": NOBODY }), "The type field is required"),
        ("signin/2fa", json!({ "uuid": NOBODY, "type": "pigeon" }), "The type field must be google or sms"),
        ("2fa/google", json!({ "uuid": NOBODY, "code": 123_456 }), "The code field must be a string"),
        ("2fa/sms", json!({ "uuid": 1, "code": "123456" }), "The uuid field must be a string"),
        ("2fa/sms", json!({ "uuid": "x", "code": "123456" }), "The uuid field must be a UUID"),
        ("signin/password/restore", json!({ "uuid": NOBODY, "code": "1" }), "The action field is required"),
        (
            "signin/password/restore",
            json!({ "uuid": NOBODY, "code": "1", "action": "mail" }),
            "The action field must be code",
        ),
        (
            "signin/password/reset",
            json!({ "uuid": NOBODY, "password": "1234567As" }),
            "The passwordConfirmation field is required",
        ),
        ("refresh", json!({ "refreshToken": null }), "The refreshToken field is required"),
        ("refresh", json!([]), "The body must be a JSON object"),
    ] {
        let reply = rig.post(&format!("/api/v2/my/{path}"), body).await;
        assert_eq!((reply.status, reply.issues()), (400, vec![issue.to_owned()]), "{path}");
    }
}

#[tokio::test]
async fn a_fingerprint_is_padded_base64_of_an_object_with_a_user_agent() {
    let rig = Rig::new();
    let uuid = rig.wizard().await;
    let bad = [
        "not base64".to_owned(),
        STANDARD_NO_PAD.encode(r#"{"user_agent":"ab"}"#),
        URL_SAFE.encode(r#"{"user_agent":"??>>??>>"}"#),
        STANDARD.encode("[]"),
        STANDARD.encode(r#"{"agent":"a"}"#),
        STANDARD.encode(r#"{"user_agent":7}"#),
    ];
    let send = async |fingerprint: &str| {
        let mut body = credentials(&uuid, "plain@example.com", PASSWORD);
        body["device_fingerprint"] = json!(fingerprint);
        rig.post("/api/v2/my/signin", body).await
    };
    for fingerprint in bad {
        let reply = send(&fingerprint).await;
        assert_eq!(reply.status, 400, "{fingerprint}");
        assert!(reply.issues()[0].starts_with("The device_fingerprint field must"), "{reply:?}");
    }
    let large = json!({ "userAgent": "a", "canvasCode": "x".repeat(12_000) }).to_string();
    assert_eq!(send(&STANDARD.encode(large)).await.json()["done"], true);
}

#[tokio::test]
async fn unknown_finished_and_expired_wizards_are_gone() {
    let rig = Rig::new();
    assert_eq!(rig.sign_in(NOBODY, "plain@example.com", PASSWORD).await.status, 404);
    assert_eq!(rig.choose(NOBODY, "sms").await.status, 404);
    assert_eq!(rig.code("google", NOBODY, "123456").await.status, 404);
    let restore = json!({ "uuid": NOBODY, "action": "code", "code": "123456" });
    assert_eq!(rig.post("/api/v2/my/signin/password/restore", restore).await.status, 404);

    let finished = rig.enter("plain@example.com").await.uuid();
    let reply = rig.sign_in(&finished, "plain@example.com", PASSWORD).await;
    assert_eq!(reply.status, 404);
    assert_eq!(reply.issues(), ["The sign-in is unknown, finished or expired"]);

    let uuid = rig.enter("totp@example.com").await.uuid();
    rig.seconds(599);
    assert_eq!(rig.code("google", &uuid, "12345").await.status, 400, "still there");
    rig.seconds(1);
    assert_eq!(rig.code("google", &uuid, &rig.totp("totp@example.com")).await.status, 404);
}

#[tokio::test]
async fn the_lifetime_of_a_wizard_can_be_set() {
    let rig = Rig::with(Sandbox::builder().wizard_lifetime(std::time::Duration::from_secs(5)));
    let uuid = rig.wizard().await;
    rig.seconds(5);
    assert_eq!(rig.sign_in(&uuid, "plain@example.com", PASSWORD).await.status, 404);
}

#[tokio::test]
async fn each_step_has_its_own_endpoint() {
    let rig = Rig::new();
    let start = rig.wizard().await;
    let choose = rig.enter("both@example.com").await.uuid();
    let google = rig.enter("totp@example.com").await.uuid();
    let mailed = rig.enter("reset@example.com").await.uuid();
    let restore = |uuid: &str| json!({ "uuid": uuid, "action": "code", "code": "123456" });
    let reset =
        |uuid: &str| json!({ "uuid": uuid, "password": "1234567As", "passwordConfirmation": "1234567As" });
    let restored = "/api/v2/my/signin/password/restore";
    for reply in [
        rig.choose(&start, "sms").await,
        rig.code("sms", &start, "123456").await,
        rig.post(restored, restore(&start)).await,
        rig.sign_in(&choose, "both@example.com", PASSWORD).await,
        rig.code("google", &choose, &rig.totp("both@example.com")).await,
        rig.code("sms", &google, "123456").await,
        rig.choose(&mailed, "google").await,
        rig.post("/api/v2/my/signin/password/reset", reset(&mailed)).await,
    ] {
        assert_eq!(reply.status, 400, "{reply:?}");
        assert_eq!(reply.issues(), ["The sign-in is at another step"]);
    }
    let not_enabled = rig.choose(&google, "sms").await;
    assert_eq!(not_enabled.issues(), ["The type field names a method that is not enabled"]);
    assert_eq!(rig.code("google", &google, &rig.totp("totp@example.com")).await.status, 200);
}

#[tokio::test]
async fn a_wrong_code_keeps_the_step() {
    let rig = Rig::new();
    let uuid = rig.enter("sms@example.com").await.uuid();
    let code = rig.sandbox.last_code("sms@example.com").unwrap();
    let reply = rig.code("sms", &uuid, other_than(&code)).await;
    assert_eq!((reply.status, reply.issues()), (400, vec!["The code is wrong".to_owned()]));
    assert_eq!(rig.code("sms", &uuid, &code).await.status, 200);
}

#[tokio::test]
async fn an_authenticator_code_is_good_for_one_use() {
    let rig = Rig::new();
    let code = rig.totp("totp@example.com");
    let first = rig.enter("totp@example.com").await.uuid();
    assert_eq!(rig.code("google", &first, &code).await.status, 200);

    let second = rig.enter("totp@example.com").await.uuid();
    let reply = rig.code("google", &second, &code).await;
    assert_eq!((reply.status, reply.issues()), (400, vec!["The code was already used".to_owned()]));
    rig.seconds(30);
    assert_eq!(rig.code("google", &second, &rig.totp("totp@example.com")).await.status, 200);
}

#[tokio::test]
async fn an_authenticator_may_be_one_step_off() {
    let rig = Rig::new();
    let uuid = rig.enter("totp@example.com").await.uuid();
    let code = rig.totp("totp@example.com");
    rig.seconds(60);
    assert_eq!(rig.code("google", &uuid, &code).await.issues(), ["The code is wrong"]);
    let code = rig.totp("totp@example.com");
    rig.seconds(30);
    assert_eq!(rig.code("google", &uuid, &code).await.status, 200);
}

#[tokio::test]
async fn recaptcha_is_asked_for_and_checked() {
    let rig = Rig::with(Sandbox::builder().recaptcha(true));
    let start = rig.get("/api/v2/my/signin/wizard").await;
    assert_eq!(start.json()["data"]["recaptcha"]["enabled"], true);
    let mut body = credentials(&start.uuid(), "plain@example.com", PASSWORD);
    assert_eq!(rig.post("/api/v2/my/signin", body.clone()).await.status, 400);
    for response in ["", "bad"] {
        body["recaptchaResponse"] = json!(response);
        let reply = rig.post("/api/v2/my/signin", body.clone()).await;
        assert_eq!(reply.issues(), ["The reCAPTCHA response was refused"]);
    }
    body["recaptchaResponse"] = json!("good");
    assert_eq!(rig.post("/api/v2/my/signin", body).await.json()["done"], true);
}

#[tokio::test]
async fn unknown_paths_and_methods_answer_in_the_envelope() {
    let rig = Rig::new();
    let reply = rig.get("/api/v2/my/nothing").await;
    assert_eq!((reply.status, reply.issues().len()), (404, 1));
    let reply = rig.get("/api/v2/my/signin").await;
    assert_eq!((reply.status, reply.issues().len()), (405, 1));
    let reply = rig.post("/api/v2/my/signin", json!({ "uuid": "x".repeat(2_000_000) })).await;
    assert_eq!(reply.status, 413);
    assert_eq!(rig.sandbox.requests().len(), 3);
}
