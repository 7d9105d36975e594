//! From the code to the session.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use auth_sandbox::Sandbox;
use e2e::bearer;
use e2e::display::Display;
use e2e::expect::date;
use e2e::shell::{Done, Shell};
use e2e::waiting::until;
use serde_json::{Value, json};

use super::stage::{EMAIL, about, approver, count, first_code, sandbox};

#[track_caller]
fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

/// The display's process has ended well, and the display has a session of its own.
#[track_caller]
fn signed_in(sandbox: &Sandbox, display: &Shell, done: Done) {
    let done = done.exits(0);
    assert_eq!(done.err, "", "{done:#?}");
    let last: Value = serde_json::from_str(done.out.lines().last().expect("lines")).expect("JSON");
    assert_eq!((&last["state"], &last["account"]), (&json!("signed_in"), &json!(EMAIL)));
    let status = display.b2auth("status --json").run().exits(0).json();
    assert_eq!((&status["signed_in"], &status["account"]), (&json!(true), &json!(EMAIL)));
    let token = display.b2auth("token").run().exits(0).line().to_owned();
    assert_eq!(bearer::status(sandbox, &token), 200);
}

#[test]
fn two_processes_sign_a_display_in() {
    let sandbox = sandbox();
    let (shell, phone) = (Shell::at_sandbox(&sandbox), approver(&sandbox));
    let mut display = Display::start(&shell, "");
    let shown = first_code(&sandbox, &mut display);
    assert_eq!(
        keys(&shown),
        [
            "channel",
            "channel_name",
            "event",
            "expires_at",
            "ip",
            "lifetime_seconds",
            "location",
            "payload",
            "state"
        ]
    );
    let payload: Value = serde_json::from_str(shown["payload"].as_str().unwrap()).unwrap();
    assert_eq!(payload, json!({"id": shown["channel"], "host": sandbox.url()}));
    assert_eq!(shown["channel_name"], format!("qr.{}", shown["channel"].as_str().unwrap()));
    assert_eq!((&shown["event"], &shown["lifetime_seconds"]), (&json!("approved"), &json!(120)));
    assert_eq!((&shown["ip"], &shown["location"]), (&json!("127.0.0.1"), &json!("Limassol")));
    assert!(date(&shown["expires_at"]) > sandbox.now());

    let done = about(&phone, "approve --yes --json", &shown).run().exits(0).json();
    assert_eq!((&done["approved"], &done["account"]), (&json!(true), &json!(EMAIL)));
    display.expect("approved");
    let end = display.expect("signed_in");
    assert_eq!(
        keys(&end),
        ["access_expires_at", "account", "client_id", "office", "refresh_expires_at", "signed_in", "state"]
    );
    assert_eq!((&end["client_id"], &end["office"]), (&json!("101"), &json!("front")));
    signed_in(&sandbox, &shell, display.end());
    // The approver's session is another one.
    phone.b2auth("signout").run().exits(0);
    shell.b2auth("token").run().exits(0);
}

#[test]
fn the_code_goes_by_a_picture_that_only_this_user_can_read() {
    let sandbox = sandbox();
    let (shell, phone) = (Shell::at_sandbox(&sandbox), approver(&sandbox));
    let file = |name: &str| -> PathBuf { shell.home().join(name) };
    let mut display = Display::start(&shell, "--png code.png --svg code.svg");
    first_code(&sandbox, &mut display);
    for name in ["code.png", "code.svg"] {
        let mode = fs::metadata(file(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let done = phone.b2auth("qr approve --yes --json --image").arg(file("code.png")).run().exits(0).json();
    assert_eq!(done["risks"], json!(["address_unknown"]), "it was scanned from a screen");
    display.expect("approved");
    display.expect("signed_in");
    signed_in(&sandbox, &shell, display.end());
    for name in ["code.png", "code.svg"] {
        assert!(!file(name).exists(), "{name} is left");
    }
}

#[test]
fn every_form_of_the_code_works() {
    for form in ["json", "url", "id"] {
        let sandbox = sandbox();
        let (shell, phone) = (Shell::at_sandbox(&sandbox), approver(&sandbox));
        let mut display = Display::start(&shell, &format!("--qr-option payload={form}"));
        let shown = first_code(&sandbox, &mut display);
        let payload = shown["payload"].as_str().unwrap();
        assert_eq!((payload.starts_with('{'), payload.contains("/qr?id=")), (form == "json", form == "url"));
        let done = phone.b2auth("qr approve --yes").arg(payload).run().exits(0);
        assert_eq!(done.line(), format!("approved: the other screen is signed in as {EMAIL}"));
        display.expect("approved");
        display.expect("signed_in");
    }
}

#[test]
fn polling_alone_is_enough() {
    let sandbox = sandbox();
    let (shell, phone) = (Shell::at_sandbox(&sandbox), approver(&sandbox));
    let mut display = Display::start(&shell, "--qr-option transports=polling");
    let shown = first_code(&sandbox, &mut display);
    about(&phone, "approve --yes", &shown).run().exits(0);
    display.expect("approved");
    signed_in(&sandbox, &shell, display.end());
}

#[test]
fn a_code_that_expires_is_renewed_and_the_old_one_is_not_taken() {
    let sandbox = sandbox();
    let (shell, phone) = (Shell::at_sandbox(&sandbox), approver(&sandbox));
    let mut display = Display::start(&shell, "--png code.png");
    let first = first_code(&sandbox, &mut display);
    let old_picture = fs::read(shell.home().join("code.png")).unwrap();
    sandbox.advance(std::time::Duration::from_secs(121));
    assert_eq!(display.expect("expired")["reason"], "host");
    let second = display.expect("renewed");
    assert_ne!((&first["payload"], &first["channel"]), (&second["payload"], &second["channel"]));
    assert_ne!(fs::read(shell.home().join("code.png")).unwrap(), old_picture);

    let done = about(&phone, "approve --yes --json", &first).run().exits(4).json();
    assert_eq!(done["error"]["kind"], "qr_expired");
    until("the subscription", || (sandbox.live_sessions().len() == 1).then_some(()));
    about(&phone, "approve --yes", &second).run().exits(0);
    display.expect("approved");
    signed_in(&sandbox, &shell, display.end());
}

#[test]
fn an_interrupted_channel_brings_a_new_code() {
    let sandbox = sandbox();
    let (shell, phone) = (Shell::at_sandbox(&sandbox), approver(&sandbox));
    let mut display = Display::start(&shell, "");
    first_code(&sandbox, &mut display);
    sandbox.drop_live();
    assert_eq!(display.expect("expired")["reason"], "connection_lost");
    let second = display.expect("renewed");
    super::stage::watched(&sandbox, &second);
    about(&phone, "approve --yes", &second).run().exits(0);
    display.expect("approved");
    signed_in(&sandbox, &shell, display.end());
    assert_eq!(count(&sandbox, "/signin/tokens"), 1);
}
