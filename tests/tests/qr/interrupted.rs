//! One side goes away without a word; the other one knows what became of it.

use auth_sandbox::Sandbox;
use e2e::display::Display;
use e2e::shell::Shell;
use e2e::terminal::Terminal;
use e2e::waiting::until;

use super::stage::{EMAIL, about, approver, count, first_code, sandbox};

/// The exchange is at the host.
fn exchange_is_there(sandbox: &Sandbox) {
    let is_exchange =
        |one: &auth_sandbox::LoggedRequest| one.method == "POST" && one.path.ends_with("/qrcodes");
    until("the exchange", || sandbox.requests().iter().any(is_exchange).then_some(()));
}

#[test]
fn a_display_that_was_killed_while_it_showed_a_code_leaves_nothing_behind() {
    let sandbox = sandbox();
    let (shell, phone) = (Shell::at_sandbox(&sandbox), approver(&sandbox));
    let mut display = Display::start(&shell, "");
    let shown = first_code(&sandbox, &mut display);
    display.kill();
    until("the end of its channel", || sandbox.live_sessions().is_empty().then_some(()));
    // The host takes the approval; nobody is there to use it.
    about(&phone, "approve --yes", &shown).run().exits(0);
    shell.b2auth("status").run().exits(3);
    let mut display = Display::start(&shell, "");
    let shown = first_code(&sandbox, &mut display);
    about(&phone, "approve --yes", &shown).run().exits(0);
    display.expect("approved");
    display.end().exits(0);
    shell.b2auth("status").run().exits(0);
}

#[test]
fn a_display_that_was_killed_in_its_exchange_is_not_signed_in() {
    let sandbox = sandbox();
    let (shell, phone) = (Shell::at_sandbox(&sandbox), approver(&sandbox));
    let mut display = Display::start(&shell, "");
    let shown = first_code(&sandbox, &mut display);
    sandbox.fault("qr_exchange:delay=30s,when=after,times=1".parse().unwrap());
    about(&phone, "approve --yes", &shown).run().exits(0);
    display.expect("approved");
    exchange_is_there(&sandbox);
    display.kill();
    shell.b2auth("status").run().exits(3);
    let done = about(&phone, "approve --yes --json", &shown).run().exits(4).json();
    assert_eq!(done["error"]["kind"], "qr_already_used");
}

#[test]
fn an_approver_that_was_killed_before_its_decision_has_decided_nothing() {
    let sandbox = sandbox();
    let (shell, phone) = (Shell::at_sandbox(&sandbox), approver(&sandbox));
    let mut display = Display::start(&shell, "");
    let shown = first_code(&sandbox, &mut display);
    let channel = shown["channel"].as_str().unwrap();
    let mut question = Terminal::start(&phone, &format!("qr approve {channel}"));
    question.expect("[y/N]");
    question.kill();
    assert_eq!(count(&sandbox, "/signin/tokens"), 0);
    about(&phone, "approve --yes", &shown).run().exits(0);
    display.expect("approved");
    display.end().exits(0);
}

#[test]
fn an_approver_that_was_killed_behind_its_decision_has_signed_the_display_in() {
    let sandbox = sandbox();
    let (shell, phone) = (Shell::at_sandbox(&sandbox), approver(&sandbox));
    let mut display = Display::start(&shell, "");
    let shown = first_code(&sandbox, &mut display);
    sandbox.fault("qr_approve:delay=30s,when=after,times=1".parse().unwrap());
    let mut approving = about(&phone, "approve --yes", &shown).start();
    display.expect("approved");
    approving.kill().unwrap();
    approving.wait().unwrap();
    let end = display.expect("signed_in");
    assert_eq!(end["account"], EMAIL);
    display.end().exits(0);
    phone.b2auth("token").run().exits(0);
}

#[test]
fn an_approver_that_was_killed_in_its_inspection_has_decided_nothing() {
    let sandbox = sandbox();
    let (shell, phone) = (Shell::at_sandbox(&sandbox), approver(&sandbox));
    let mut display = Display::start(&shell, "");
    let shown = first_code(&sandbox, &mut display);
    sandbox.fault("qr_inspect:delay=30s,when=after,times=1".parse().unwrap());
    let mut inspecting = about(&phone, "approve --yes --qr-option inspect=true", &shown).start();
    until("the inspection", || (count(&sandbox, "/inspect") == 1).then_some(()));
    inspecting.kill().unwrap();
    inspecting.wait().unwrap();
    about(&phone, "approve --yes --qr-option inspect=true", &shown).run().exits(0);
    display.expect("approved");
    display.end().exits(0);
}

#[test]
fn an_interrupt_in_the_exchange_does_not_lose_it() {
    let sandbox = sandbox();
    let (shell, phone) = (Shell::at_sandbox(&sandbox), approver(&sandbox));
    let mut display = Display::start(&shell, "");
    let shown = first_code(&sandbox, &mut display);
    sandbox.fault("qr_exchange:delay=1s,when=after,times=1".parse().unwrap());
    about(&phone, "approve --yes", &shown).run().exits(0);
    display.expect("approved");
    exchange_is_there(&sandbox);
    send(&display, "INT");
    display.expect("signed_in");
    display.end().exits(0);
    shell.b2auth("status").run().exits(0);
}

#[test]
fn an_interrupt_takes_the_code_away() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let sandbox = sandbox();
        let shell = Shell::at_sandbox(&sandbox);
        let mut display = Display::start(&shell, "--png code.png");
        first_code(&sandbox, &mut display);
        assert!(shell.home().join("code.png").exists());
        send(&display, signal);
        let done = display.end().exits(code);
        assert_eq!((done.out.lines().count(), done.err.as_str()), (1, ""), "{done:#?}");
        assert!(!shell.home().join("code.png").exists());
        until("the end of its channel", || sandbox.live_sessions().is_empty().then_some(()));
    }
}

fn send(display: &Display, signal: &str) {
    let id = display.id().to_string();
    let sent =
        std::process::Command::new("kill").args(["-s", signal, &id]).status().expect("there is a kill");
    assert!(sent.success());
}

#[test]
fn a_display_whose_reader_is_gone_ends() {
    let sandbox = sandbox();
    let shell = Shell::at_sandbox(&sandbox);
    let mut child = shell.b2auth("qr show --json").start();
    let mut out = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    std::io::BufRead::read_line(&mut out, &mut line).unwrap();
    assert!(line.contains("\"shown\""), "{line}");
    drop(out);
    sandbox.drop_live();
    let status = until("its end", || child.try_wait().unwrap());
    assert_eq!(status.code(), Some(9));
}
