//! A sign-in outlives the process it was begun in.

use std::time::Duration;

use auth_sandbox::Sandbox;
use e2e::codes::app_code;
use e2e::expect::{self, Form};
use e2e::past;
use e2e::shell::Shell;
use e2e::terminal::Terminal;
use rustix::process::Signal;

#[test]
fn a_step_of_a_killed_process_goes_on_in_another() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let mut terminal = Terminal::start(&shell, "signin --email totp@example.com");
    terminal.expect_hidden("Password");
    terminal.type_line("Secret123");
    terminal.expect("Code of the authenticator app");
    terminal.kill();

    assert_eq!(shell.b2auth("status --json").run().exits(3).json()["pending_step"], "code");
    let code = app_code(&sandbox.totp_secret("totp@example.com").unwrap());
    let done = shell.b2auth("signin --resume --code").arg(code).run();
    expect::signed_in(Form::Text, &done, "totp@example.com", "front");
}

#[test]
fn a_forced_reset_of_a_killed_process_goes_on_in_another() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let mut terminal = Terminal::start(&shell, "signin --email reset@example.com");
    terminal.expect_hidden("Password");
    terminal.type_line("Secret123");
    terminal.expect("Code of the e-mail");
    let code = sandbox.last_code("reset@example.com").unwrap();
    terminal.type_line(&code);
    terminal.expect_hidden("New password");
    terminal.kill();

    let done = shell.b2auth("signin --resume --new-password-stdin").input("NewSecret456\n").run();
    expect::signed_in(Form::Text, &done, "reset@example.com", "front");
}

#[test]
fn a_mailed_code_of_a_killed_process_goes_on_in_another() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox).with("B2AUTH_OFFICE", "back");
    let mut terminal = Terminal::start(&shell, "signin --email admin@example.com");
    terminal.expect_hidden("Password");
    terminal.type_line("Secret123");
    terminal.expect("Code sent by \"email\"");
    terminal.kill();

    let code = sandbox.last_code("admin@example.com").unwrap();
    let done = shell.b2auth("signin --resume --code").arg(code).run();
    expect::signed_in(Form::Text, &done, "admin@example.com", "back");
}

#[test]
fn a_step_that_was_kept_too_long_is_over() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        past::after_the_password(
            &shell,
            sandbox.url(),
            "totp@example.com",
            Duration::from_secs(24 * 60 * 60),
        );
        let before = sandbox.requests().len();
        let done = form.of(shell.b2auth("signin --resume --code 123456")).run();
        expect::error(form, &done, 3, "sign_in_expired");
        let done = form.of(shell.b2auth("signin --resume --code 123456")).run();
        expect::error(form, &done, 3, "nothing_pending");
        assert_eq!(sandbox.requests().len(), before, "the host is not asked about it");
    }
}

#[test]
fn ctrl_c_at_a_prompt_leaves_a_step_to_go_on_from() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let mut terminal = Terminal::start(&shell, "signin --email sms@example.com");
    terminal.expect_hidden("Password");
    terminal.type_line("Secret123");
    terminal.expect("Code of the SMS");
    let (shows_typing, shown) = terminal.interrupt();
    assert!(shows_typing, "{shown}");
    let code = sandbox.last_code("sms@example.com").unwrap();
    shell.b2auth("signin --resume --code").arg(code).run().exits(0);
}

#[test]
fn ctrl_c_at_a_hidden_prompt_leaves_a_terminal_that_shows_typing() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let mut terminal = Terminal::start(&shell, "signin --email plain@example.com");
    terminal.expect_hidden("Password");
    let (shows_typing, shown) = terminal.interrupt();
    assert!(shows_typing, "{shown}");
}

#[test]
fn ctrl_c_at_the_method_menu_leaves_a_terminal_with_a_cursor() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let mut terminal = Terminal::start(&shell, "signin --email both@example.com");
    terminal.expect_hidden("Password");
    terminal.type_line("Secret123");
    terminal.expect("Google Authenticator");
    let (shows_typing, shown) = terminal.interrupt();
    assert!(shows_typing, "{shown}");
    let (hidden, visible) = (shown.rfind("\u{1b}[?25l"), shown.rfind("\u{1b}[?25h"));
    assert!(visible >= hidden, "{shown:?}");
    shell.b2auth("signin --resume --method google").run().exits(10);
}

#[test]
fn a_signal_at_a_hidden_prompt_leaves_a_terminal_that_shows_typing() {
    let sandbox = Sandbox::start().unwrap();
    for (signal, exit) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::QUIT, 131), (Signal::INT, 130)] {
        let shell = Shell::at_sandbox(&sandbox);
        let mut terminal = Terminal::start(&shell, "signin --email plain@example.com");
        terminal.expect_hidden("Password");
        let (code, shows_typing, shown) = terminal.end_by(signal);
        assert_eq!((code, shows_typing), (exit, true), "{signal:?}: {shown}");
    }
}

#[test]
fn ctrl_z_at_a_hidden_prompt_shows_typing_until_the_prompt_goes_on() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let mut terminal = Terminal::start_shell(&shell);
    terminal.expect("ready> ");
    terminal.type_line("\"$B2AUTH\" signin --email plain@example.com");
    terminal.expect_hidden("Password");
    for _ in 0..2 {
        terminal.type_keys("\u{1a}");
        terminal.expect("ready> ");
        assert!(terminal.shows_typing());
        terminal.type_line("fg");
        terminal.expect_hidden("Password: ");
    }
    terminal.type_line("Secret123");
    terminal.expect("signed in as plain@example.com");
    terminal.expect("ready> ");
    assert!(terminal.shows_typing());
    terminal.type_line("exit");
    let (_, shown) = terminal.end();
    assert!(!shown.contains("Secret"), "{shown}");
}

#[test]
fn ctrl_z_where_nobody_could_let_it_go_on_changes_nothing() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let mut terminal = Terminal::start(&shell, "signin --email plain@example.com");
    terminal.expect_hidden("Password");
    terminal.type_keys("\u{1a}");
    terminal.type_line("Secret123");
    terminal.expect("signed in as plain@example.com");
    let (code, shown) = terminal.end();
    assert!(code == 0 && !shown.contains("Secret"), "{shown}");
}
