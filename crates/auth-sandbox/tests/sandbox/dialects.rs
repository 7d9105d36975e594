//! Each switch of a dialect, seen in the answers it changes.

use auth_sandbox::{Dialect, Sandbox};
use serde_json::{Value, json};

use crate::support::{PASSWORD, Rig};

#[tokio::test]
async fn no_token_has_four_forms() {
    for (form, expected) in [
        ("null", Some(Value::Null)),
        ("object", Some(json!({}))),
        ("array", Some(json!([]))),
        ("missing", None),
    ] {
        let rig = Rig::dialect(&format!("no_token={form}"));
        let body = rig.enter("totp@example.com").await.json();
        assert_eq!(body["data"].get("accessToken"), expected.as_ref(), "{form}");
        assert_eq!(body["data"].get("refreshToken"), expected.as_ref(), "{form}");
        assert!(body["data"]["tfaProviders"].is_array());
    }
}

#[tokio::test]
async fn the_final_workflow_has_three_names() {
    for name in ["Terminate", "terminate", "login"] {
        let rig = Rig::dialect(&format!("final_workflow={name}"));
        assert_eq!(rig.enter("plain@example.com").await.workflow(), name);
        let uuid = rig.enter("totp@example.com").await.uuid();
        let reply = rig.code("google", &uuid, &rig.totp("totp@example.com")).await;
        assert_eq!(reply.workflow(), name);
    }
}

#[tokio::test]
async fn refreshed_tokens_may_stand_under_data() {
    let rig = Rig::dialect("refresh_shape=data");
    let (_, refresh) = rig.enter("plain@example.com").await.tokens();
    let body = rig.refresh(&refresh).await.json();
    assert_eq!(body["code"], 200);
    assert!(body["data"]["accessToken"]["token"].is_string());
    assert!(body.get("accessToken").is_none());
}

#[tokio::test]
async fn back_office_tokens_may_stand_under_data() {
    let rig = Rig::dialect("back_tokens=data");
    let body = rig.back_sign_in("root@example.com", PASSWORD).await.json();
    assert_eq!(body["data"]["2faRequired"], false);
    assert!(body["data"]["accessToken"]["token"].is_string());
    let body = rig.back_sign_in("admin@example.com", PASSWORD).await.json();
    let code = rig.sandbox.last_code("admin@example.com").unwrap();
    let confirm = json!({ "token": body["data"]["2faDetails"]["token"], "code": code });
    let body = rig.post("/api/v2/2fa/confirm", confirm).await.json();
    assert!(body["data"]["refreshToken"]["token"].is_string());
}

#[tokio::test]
async fn final_answers_may_have_http_202() {
    let rig = Rig::dialect("http_status=202");
    assert_eq!(rig.get("/api/v2/my/signin/wizard").await.status, 200);
    assert_eq!(rig.enter("totp@example.com").await.status, 200);
    let reply = rig.enter("plain@example.com").await;
    assert_eq!((reply.status, &reply.json()["code"]), (202, &json!(202)));
    assert_eq!(rig.refresh(&reply.tokens().1).await.status, 200);
}

#[tokio::test]
async fn a_wizard_may_be_done_at_its_start() {
    let rig = Rig::dialect("wizard_done=true");
    let reply = rig.get("/api/v2/my/signin/wizard").await;
    let body = reply.json();
    assert_eq!((reply.status, &body["code"], &body["done"]), (200, &json!(202), &json!(true)));
    assert_eq!(rig.sign_in(&reply.uuid(), "plain@example.com", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn the_provider_list_may_be_empty() {
    let rig = Rig::dialect("providers=empty");
    let reply = rig.enter("both@example.com").await;
    let body = reply.json();
    assert_eq!((&body["workflow"], &body["data"]["tfaProviders"]), (&json!("2fa"), &json!([])));
    assert_eq!(rig.choose(&reply.uuid(), "google").await.status, 200, "both can be chosen all the same");
}

#[tokio::test]
async fn a_single_factor_may_have_to_be_chosen() {
    let rig = Rig::dialect("single_2fa=list");
    let reply = rig.enter("sms@example.com").await;
    let body = reply.json();
    assert_eq!(body["workflow"], "2fa");
    assert_eq!(body["data"]["tfaProviders"][0]["enabled"], true);
    assert_eq!(body["data"]["tfaProviders"][1]["enabled"], false);
    assert!(rig.sandbox.outbox().is_empty());
    assert_eq!(rig.choose(&reply.uuid(), "google").await.status, 400);
    assert_eq!(rig.choose(&reply.uuid(), "sms").await.workflow(), "2fa_sms_auth");
    let code = rig.sandbox.last_code("sms@example.com").unwrap();
    assert_eq!(rig.code("sms", &reply.uuid(), &code).await.json()["done"], true);
}

#[tokio::test]
async fn the_uuid_may_change_with_every_answer() {
    let rig = Rig::dialect("uuid=rotate");
    let first = rig.wizard().await;
    let second = rig.sign_in(&first, "both@example.com", PASSWORD).await.uuid();
    assert_ne!(first, second);
    assert_eq!(rig.choose(&first, "google").await.status, 404, "the one before is dead");
    let third = rig.choose(&second, "google").await.uuid();
    assert_ne!(second, third);
    assert_eq!(rig.code("google", &third, "12345").await.status, 400, "a refusal keeps the uuid");
    let last = rig.code("google", &third, &rig.totp("both@example.com")).await;
    assert_eq!(last.json()["done"], true);
    assert_ne!(last.uuid(), third);
}

#[tokio::test]
async fn answers_may_have_unknown_things() {
    let rig = Rig::dialect("extra=on");
    let reply = rig.enter("both@example.com").await;
    let body = reply.json();
    assert!(body["apiRevision"].is_object());
    assert!(body["data"]["theme"].is_string());
    assert_eq!(body["data"]["tfaProviders"][2]["name"], "passkey");
    rig.choose(&reply.uuid(), "google").await;
    let reply = rig.code("google", &reply.uuid(), &rig.totp("both@example.com")).await;
    assert_eq!(reply.json()["data"]["accessToken"]["tokenType"], "Bearer");
    assert!(rig.refresh(&reply.tokens().1).await.json()["apiRevision"].is_object());
}

#[tokio::test]
async fn a_wizard_may_be_opened_by_one_method_only() {
    for (switch, other, allow) in [("get", false, "GET"), ("post", true, "POST")] {
        let rig = Rig::dialect(&format!("wizard_method={switch}"));
        let path = "/api/v2/my/signin/wizard";
        let (get, post) = (rig.get(path).await, rig.post(path, json!({})).await);
        let (right, wrong) = if other { (post, get) } else { (get, post) };
        assert_eq!((right.status, wrong.status), (200, 405), "{switch}");
        assert_eq!(wrong.headers["allow"], allow);
    }
}

#[tokio::test]
async fn the_dates_of_tokens_have_several_forms() {
    let of = |form: &str| {
        let rig = Rig::dialect(&format!("dates={form}"));
        async move { rig.enter("plain@example.com").await.json()["data"]["accessToken"]["expiresAt"].clone() }
    };
    let php = of("php").await;
    assert_eq!((&php["timezone_type"], &php["timezone"]), (&json!(3), &json!("UTC")));
    assert!(php["date"].as_str().unwrap().ends_with(".000000"), "{php}");
    assert!(of("milliseconds").await.as_u64().unwrap() > 1_600_000_000_000);
    assert!(of("seconds_text").await.as_str().unwrap().parse::<u64>().unwrap() < 100_000_000_000);
    assert!(of("mail").await.as_str().unwrap().ends_with(" +0000"));
    assert_eq!(of("missing").await, Value::Null);
}

#[tokio::test]
async fn a_refresh_may_leave_the_refresh_token_as_it_is() {
    let rig = Rig::dialect("refresh_token=kept");
    let (first, refresh) = rig.enter("plain@example.com").await.tokens();
    for _ in 0..3 {
        let body = rig.refresh(&refresh).await.json();
        assert!(body.get("refreshToken").is_none());
        assert_ne!(body["accessToken"]["token"], json!(first));
    }
}

#[tokio::test]
async fn refusals_may_be_in_an_old_encoding() {
    for errors in ["envelope", "laravel", "v1"] {
        let rig = Rig::dialect(&format!("encoding=latin1,errors={errors}"));
        let reply = rig.sign_in(&rig.wizard().await, "plain@example.com", "wrong").await;
        // The test's own client reads what is not UTF-8 as U+FFFD.
        assert!(reply.text.contains(":\"\u{FFFD}"), "{errors}: {reply:?}");
    }
}

#[tokio::test]
async fn a_sign_in_may_answer_an_unknown_workflow() {
    let rig = Rig::dialect("unknown_workflow=2fa_email_auth");
    for email in ["plain@example.com", "totp@example.com", "reset@example.com"] {
        let reply = rig.enter(email).await;
        let body = reply.json();
        assert_eq!((&body["workflow"], &body["done"]), (&json!("2fa_email_auth"), &json!(false)));
        assert_eq!(body["data"]["accessToken"], json!({}));
        assert_eq!(rig.choose(&reply.uuid(), "google").await.status, 400, "a dead end");
    }
    assert!(rig.sandbox.outbox().is_empty());
}

#[tokio::test]
async fn presets_differ_as_documented() {
    let tutorial = Rig::with(Sandbox::builder().dialect(Dialect::preset("tutorial").unwrap()));
    let body = tutorial.enter("both@example.com").await.json();
    assert_eq!(
        body["data"],
        json!({ "accessToken": null, "refreshToken": null, "tfaProviders": [] }),
        "as the tutorial's sample"
    );
    assert_eq!(tutorial.enter("plain@example.com").await.workflow(), "Terminate");

    let laravel = Rig::dialect("laravel");
    assert_eq!(laravel.enter("both@example.com").await.json()["data"]["accessToken"], json!([]));
    assert_eq!(laravel.post("/api/v2/signin", json!({})).await.status, 422);

    let legacy = Rig::dialect("legacy");
    assert_eq!(legacy.get("/api/v2/my/signin/wizard").await.json()["done"], true);
    assert_eq!(legacy.enter("totp@example.com").await.workflow(), "2fa");
    assert_eq!(legacy.post("/api/v2/signin", json!({})).await.json()["status"], 400);
}

#[test]
fn the_readme_lists_every_switch_of_every_preset() {
    let readme = include_str!("../../README.md");
    let table = readme.split("| switch |").nth(1).unwrap();
    let rows: Vec<&str> = table.lines().skip(2).take_while(|line| line.starts_with("| `")).collect();
    for (place, name) in Dialect::PRESETS.iter().enumerate() {
        let listed: Vec<String> = rows
            .iter()
            .map(|row| row.split('|').map(str::trim).collect::<Vec<_>>())
            .filter(|cells| cells[3 + place] != "–")
            .map(|cells| {
                format!("{}={}", cells[1].split('`').nth(1).unwrap(), cells[3 + place].trim_matches('*'))
            })
            .collect();
        assert_eq!(listed.join(","), Dialect::preset(name).unwrap().to_string(), "{name}");
    }
}
