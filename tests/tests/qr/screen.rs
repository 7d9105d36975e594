//! A display on a terminal.

use std::time::Duration;

use e2e::pictures::{photographed_by_browser, read_by_zbar, terminal_as_html};
use e2e::shell::Shell;
use e2e::terminal::Terminal;
use e2e::waiting::until;
use serde_json::{Value, json};

use super::stage::{EMAIL, approver, sandbox};

/// What is on the screen between the start of a code and its countdown.
#[track_caller]
fn shown(text: &str) -> &str {
    let start = text.rfind("Scan this code").expect("the code has a heading");
    let end = text[start..].find("The code is renewed in").expect("there is a countdown");
    &text[start..start + end]
}

#[track_caller]
fn widest(text: &str) -> usize {
    let lines = text.lines().filter(|line| line.contains('█') || line.contains('▀'));
    let visible = |line: &str| line.chars().filter(|c| " █▀▄".contains(*c)).count();
    lines.map(visible).max().expect("a code")
}

#[test]
fn zbar_reads_the_terminal_in_dark_and_light_and_it_fits_80_columns() {
    let sandbox = sandbox();
    let shell = Shell::at_sandbox(&sandbox);
    for (plain, schemes) in [
        (false, &[("#000000", "#d0d0d0"), ("#ffffff", "#202020"), ("#002b36", "#839496")][..]),
        (true, &[("#000000", "#ffffff")][..]),
    ] {
        let shell = if plain {
            Shell::at_sandbox(&sandbox).with("NO_COLOR", "1")
        } else {
            Shell::at_sandbox(&sandbox)
        };
        let mut terminal = Terminal::start(&shell, "qr show");
        terminal.expect("The host sees this screen as \"Limassol, 127.0.0.1\".");
        terminal.expect("The code is renewed in");
        let (_, text) = terminal.interrupt();
        assert!(widest(&text) <= 80, "{} columns", widest(&text));
        for scheme in schemes {
            let (page, picture) = (shell.home().join("terminal.html"), shell.home().join("terminal.png"));
            std::fs::write(&page, terminal_as_html(shown(&text), *scheme)).unwrap();
            photographed_by_browser(&page, &picture, (900, 700));
            let payload: Value = serde_json::from_str(&read_by_zbar(&picture)).unwrap();
            assert_eq!(payload["host"], sandbox.url(), "{scheme:?}");
            std::fs::remove_file(picture).unwrap();
        }
    }
    drop(shell);
}

#[test]
fn a_display_on_a_terminal_counts_down_renews_and_takes_the_code_away() {
    let sandbox = sandbox();
    let (shell, phone) = (Shell::at_sandbox(&sandbox), approver(&sandbox));
    let mut terminal = Terminal::start(&shell, "qr show --png code.png");
    terminal.expect("The code is renewed in 1 min");
    sandbox.advance(Duration::from_secs(121));
    terminal.expect("The code has expired. A new one follows.");
    terminal.expect("The code is renewed in 1 min");
    until("the subscription", || (sandbox.live_sessions().len() == 1).then_some(()));
    phone.b2auth("qr approve --yes --image").arg(shell.home().join("code.png")).run().exits(0);
    terminal.expect("Approved. Signing in now.");
    terminal.expect(&format!("signed in as {EMAIL}"));
    let (code, text) = terminal.end();
    assert_eq!(code, 0, "{text}");
    // The text of the code is in its modules alone.
    assert!(!text.contains("\"id\"") && !text.contains("$2y$"), "{text}");
    assert!(!shell.home().join("code.png").exists());
}

#[test]
fn an_error_after_the_approval_has_a_line_of_its_own() {
    let sandbox = sandbox();
    let (shell, phone) = (Shell::at_sandbox(&sandbox), approver(&sandbox));
    sandbox.fault("qr_exchange:status=409".parse().unwrap());
    let mut terminal = Terminal::start(&shell, "qr show --png code.png");
    terminal.expect("The code is renewed in");
    until("the subscription", || (sandbox.live_sessions().len() == 1).then_some(()));
    phone.b2auth("qr approve --yes --image").arg(shell.home().join("code.png")).run().exits(0);
    terminal.expect("Approved. Signing in now.");
    let (code, text) = terminal.end();
    assert_ne!(code, 0, "{text}");
    let before = text.split("b2auth: ").next().unwrap();
    assert!(before.ends_with("\r\u{1b}[J"), "{:?}", text.rsplit("Approved").next());
}

#[test]
fn an_interrupt_leaves_no_code_on_the_screen() {
    let sandbox = sandbox();
    let shell = Shell::at_sandbox(&sandbox);
    let mut terminal = Terminal::start(&shell, "qr show");
    terminal.expect("The code is renewed in");
    let (_, text) = terminal.interrupt();
    let after = &text[text.rfind("The code is renewed in").unwrap()..];
    assert!(after.contains("A\u{1b}[J"), "the lines above are cleared: {after:?}");
}

#[test]
fn a_file_alone_needs_no_terminal_and_there_is_no_countdown() {
    let sandbox = sandbox();
    let (shell, phone) = (Shell::at_sandbox(&sandbox), approver(&sandbox));
    let child = shell.b2auth("qr show --svg code.svg --png code.png").start();
    let (svg, png) = (shell.home().join("code.svg"), shell.home().join("code.png"));
    until("the pictures", || (svg.exists() && png.exists()).then_some(()));
    until("the subscription", || (sandbox.live_sessions().len() == 1).then_some(()));
    let picture = shell.home().join("rasterised.png");
    photographed_by_browser(&svg, &picture, (600, 600));
    let (by_svg, by_png) = (read_by_zbar(&picture), read_by_zbar(&png));
    assert_eq!(by_svg, by_png);
    let payload: Value = serde_json::from_str(&by_svg).unwrap();
    assert_eq!(payload["host"], json!(sandbox.url()));
    phone.b2auth("qr approve --yes -").input(&by_png).run().exits(0);
    let done = e2e::shell::Done::of(child.wait_with_output().unwrap()).exits(0);
    assert_eq!(done.out, format!("signed in as {EMAIL}\n"));
    assert_eq!(done.err.lines().count(), 2, "{done:#?}");
    assert!(!svg.exists() && !png.exists());
}
