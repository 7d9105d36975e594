//! A phone signs the page in.

use auth_sandbox::{QrSettings, Sandbox};
use e2e::shell::Shell;
use serde_json::json;

use super::browser::{Look, Page, approve, call, phone};

const SHOWN: &str = "#qr[data-state=shown]";

#[test]
fn a_phone_scans_and_approves() {
    let sandbox = Sandbox::builder().qr(QrSettings::default().location(Some("Limassol"))).start().unwrap();
    let mut page = Page::open(&sandbox);
    page.wait(SHOWN);
    assert!(page.wait("#countdown").contains("1:5") || page.wait("#countdown").contains("2:00"));
    assert_eq!(page.wait("#screen"), "The host sees this screen at 127.0.0.1, Limassol.");
    assert!(page.text("#status").contains("A code is shown"));
    let payload = page.scan("light");
    assert_eq!(payload["host"], sandbox.url());
    assert_eq!(payload.as_object().unwrap().len(), 2);
    page.is_flawless();

    let channel = payload["id"].as_str().unwrap();
    let inspect =
        call(&sandbox, "/signin/qrcodes/inspect", Some(&phone(&sandbox)), Some(&json!({ "id": channel })));
    assert!(inspect.1["userAgent"].as_str().unwrap().contains("Chrome/"), "{inspect:?}");
    approve(&sandbox, channel);
    assert_eq!(page.wait("#done-title"), "Signed in as plain@example.com");
    assert_eq!(page.wait("#done-client"), "Client 101");
    assert_eq!(page.focused(), "done-title");
    assert_eq!(page.text("#status"), "Signed in as plain@example.com");
    page.picture("signed-in");
    page.is_flawless();

    page.click("#sign-out");
    page.wait(SHOWN);
    assert_ne!(page.channel("after"), channel, "a new code");
    assert_eq!(page.focused(), "email");
    page.is_flawless();
    let log = sandbox.requests();
    assert!(log.iter().any(|request| request.path.ends_with("/signout") && request.status == 200));
    assert!(log.iter().all(|request| !request.path.contains(channel)), "the channel is in no URL");
}

#[test]
fn a_shell_approves_a_picture_of_the_page() {
    for scheme in ["light", "dark"] {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        shell.sign_in("plain@example.com", "").run().exits(0);
        let mut page = Page::with(&sandbox, "/", &Look { scheme, ..Look::default() });
        page.wait(SHOWN);
        let picture = page.picture(&format!("for-the-shell-{scheme}"));
        shell.b2auth("qr approve --yes --image").arg(picture).run().exits(0);
        assert_eq!(page.wait("#done-title"), "Signed in as plain@example.com");
        page.is_flawless();
    }
}

#[test]
fn below_a_base_path_and_in_another_dialect() {
    for dialect in ["laravel", "legacy"] {
        let builder = Sandbox::builder().base_path("/broker").dialect(dialect.parse().unwrap());
        let sandbox = builder.start().unwrap();
        let mut page = Page::open(&sandbox);
        page.wait(SHOWN);
        let payload = page.scan("base");
        assert_eq!(payload["host"], sandbox.url());
        assert!(sandbox.approve_qr(payload["id"].as_str().unwrap(), "totp@example.com"));
        assert_eq!(page.wait("#done-title"), "Signed in as totp@example.com");
        page.is_flawless();
    }
}

#[test]
fn a_decline_is_shown_and_a_new_code_only_on_demand() {
    let sandbox = Sandbox::start().unwrap();
    let mut page = Page::open(&sandbox);
    page.wait(SHOWN);
    let channel = page.channel("declined");
    assert!(sandbox.decline_qr(&channel));
    page.wait("#qr[data-state=declined]");
    assert_eq!(page.wait("#qr-message"), "The sign-in was declined on the phone.");
    page.is_flawless();
    page.click("#qr-again");
    page.wait(SHOWN);
    let next = page.channel("again");
    assert_ne!(next, channel);
    approve(&sandbox, &next);
    page.wait("#done-title");
    page.is_flawless();
}

#[test]
fn a_token_that_is_refused_is_told() {
    let sandbox = Sandbox::start().unwrap();
    let mut page = Page::open(&sandbox);
    page.wait(SHOWN);
    let channel = page.channel("refused");
    sandbox.publish_live(
        &format!("qr.{channel}"),
        &json!("approved"),
        &json!({ "authorizationToken": "guess" }),
    );
    page.wait("#qr[data-state=failed]");
    assert_eq!(page.wait("#qr-message"), "The sign-in did not succeed.");
    page.has_no_barriers();
    let problems = page.problems();
    assert!(problems.len() == 1 && problems[0].contains("401"), "{problems:?}");
}
