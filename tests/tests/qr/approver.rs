//! What an approver is shown, and asked.

use e2e::display::Display;
use e2e::shell::Shell;
use e2e::terminal::{ENTER, Terminal};
use serde_json::json;

use super::stage::{EMAIL, about, approver, asked, count, first_code, sandbox};

#[test]
fn without_the_inspect_call_the_details_are_unknown() {
    let sandbox = sandbox();
    let (shell, phone) = (Shell::at_sandbox(&sandbox), approver(&sandbox));
    let mut display = Display::start(&shell, "");
    let shown = first_code(&sandbox, &mut display);
    let before = asked(&sandbox);
    let seen = about(&phone, "inspect --json", &shown).run().exits(0).json();
    assert_eq!(
        seen,
        json!({
            "account": EMAIL, "host": sandbox.url(), "ip": null, "location": null, "user_agent": null,
            "created_at": null, "expires_at": null, "risks": ["address_unknown", "not_from_camera"],
        })
    );
    let text = about(&phone, "inspect", &shown).run().exits(0);
    assert!(text.out.contains("Place of the screen: unknown"), "{text:#?}");
    assert!(text.out.contains("! The code was not scanned from a screen."), "{text:#?}");
    assert_eq!((text.err.as_str(), asked(&sandbox)), ("", before));
}

#[test]
fn with_the_inspect_call_the_host_s_words_are_shown() {
    let sandbox = sandbox();
    let (shell, phone) = (Shell::at_sandbox(&sandbox), approver(&sandbox));
    let mut display = Display::start(&shell, "");
    let shown = first_code(&sandbox, &mut display);
    let inspect = |more: &str| {
        about(&phone, &format!("inspect --qr-option inspect=true {more}"), &shown).run().exits(0)
    };
    let seen = inspect("--json").json();
    assert_eq!(
        (&seen["ip"], &seen["location"], &seen["risks"]),
        (&json!("127.0.0.1"), &json!("Limassol"), &json!(["not_from_camera"]))
    );
    assert!(seen["user_agent"].as_str().unwrap().starts_with("b2auth/"), "{seen}");
    assert!(e2e::expect::date(&seen["created_at"]) < e2e::expect::date(&seen["expires_at"]));
    assert!(inspect("").out.contains("Place of the screen: Limassol"));
    assert!(inspect("--language de").out.contains("Ort des Bildschirms: Limassol"));
    assert!(inspect("--language es").out.contains("Lugar de la pantalla: Limassol"));
    assert_eq!(count(&sandbox, "/signin/tokens"), 0);
}

#[test]
fn the_question_names_account_and_place_and_the_return_key_is_a_no() {
    let sandbox = sandbox();
    let (shell, phone) = (Shell::at_sandbox(&sandbox), approver(&sandbox));
    let mut display = Display::start(&shell, "");
    let shown = first_code(&sandbox, &mut display);
    let channel = shown["channel"].as_str().unwrap();
    let words = format!("qr approve {channel} --qr-option inspect=true");
    for no in [ENTER, "n"] {
        let mut terminal = Terminal::start(&phone, &words);
        terminal.expect("! The code does not say which site it belongs to.");
        terminal.expect(&format!("A screen in \"Limassol\" will be signed in as {EMAIL}."));
        terminal.expect("[y/N]");
        terminal.type_keys(no);
        let (code, text) = terminal.end();
        assert_eq!(code, 4, "{text}");
        assert!(text.contains("Nothing was approved"), "{text}");
    }
    let mut terminal = Terminal::start(&phone, &words);
    terminal.expect("[y/N]");
    let (shows_typing, _) = terminal.interrupt();
    assert!(shows_typing);
    assert_eq!(count(&sandbox, "/signin/tokens"), 0);

    let mut terminal = Terminal::start(&phone, &words);
    terminal.expect("[y/N]");
    terminal.type_keys("y");
    terminal.expect(&format!("approved: the other screen is signed in as {EMAIL}"));
    assert_eq!(terminal.end().0, 0);
    display.expect("approved");
    display.end().exits(0);
}

#[test]
fn the_question_without_a_place_is_in_the_user_s_language() {
    let sandbox = sandbox();
    let (shell, phone) = (Shell::at_sandbox(&sandbox), approver(&sandbox));
    let mut display = Display::start(&shell, "");
    let shown = first_code(&sandbox, &mut display);
    let channel = shown["channel"].as_str().unwrap();
    let mut terminal = Terminal::start(&phone, &format!("qr approve {channel} --language de"));
    terminal.expect("Ein Bildschirm an einem unbekannten Ort");
    terminal.expect("[y/N]");
    terminal.type_keys("n");
    assert_eq!(terminal.end().0, 4);
}
