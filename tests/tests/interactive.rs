//! Somebody at a terminal.

use auth_sandbox::Sandbox;
use e2e::codes::{app_code, other_than, wrong_app_code};
use e2e::shell::Shell;
use e2e::terminal::{DOWN, ENTER, Terminal};

#[test]
fn email_and_password_are_asked_for_and_the_password_is_not_shown() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let mut terminal = Terminal::start(&shell, "signin");
    terminal.expect("E-mail");
    terminal.type_line("plain@example.com");
    terminal.expect_hidden("Password");
    terminal.type_line("Secret123");
    terminal.expect("signed in as plain@example.com");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert!(!shown.contains("Secret"), "{shown}");
}

#[test]
fn a_wrong_password_is_asked_for_again() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let mut terminal = Terminal::start(&shell, "signin --email plain@example.com");
    terminal.expect_hidden("Password");
    terminal.type_line("NotTheSecret1");
    terminal.expect("Wrong e-mail or password");
    // Which of the two is wrong nobody says; the return key keeps the e-mail.
    terminal.expect("E-mail [plain@example.com]");
    terminal.type_keys(ENTER);
    terminal.expect_hidden("Password");
    terminal.type_line("Secret123");
    terminal.expect("signed in as plain@example.com");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert!(!shown.contains("Secret"), "{shown}");
}

#[test]
fn a_mistyped_email_can_be_corrected() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let mut terminal = Terminal::start(&shell, "signin");
    terminal.expect("E-mail");
    terminal.type_line("plane@example.com");
    terminal.expect_hidden("Password");
    terminal.type_line("Secret123");
    terminal.expect("Wrong e-mail or password");
    terminal.expect("E-mail");
    terminal.type_line("plain@example.com");
    terminal.expect_hidden("Password");
    terminal.type_line("Secret123");
    terminal.expect("signed in as plain@example.com");
    assert_eq!(terminal.end().0, 0);
}

#[test]
fn the_second_entry_of_the_method_menu_a_wrong_code_and_the_right_one() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let secret = sandbox.totp_secret("both@example.com").unwrap();
    let mut terminal = Terminal::start(&shell, "signin --email both@example.com");
    terminal.expect_hidden("Password");
    terminal.type_line("Secret123");
    terminal.expect("Google Authenticator");
    terminal.type_keys(DOWN);
    terminal.type_keys(ENTER);
    terminal.expect("Code of the authenticator app");
    terminal.type_line(&wrong_app_code(&secret));
    terminal.expect("The code is wrong or has expired");
    terminal.expect("Code of the authenticator app");
    terminal.type_line(&app_code(&secret));
    terminal.expect("signed in as both@example.com");
    assert_eq!(terminal.end().0, 0);
}

#[test]
fn the_first_entry_of_the_method_menu_a_wrong_code_and_the_right_one() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let mut terminal = Terminal::start(&shell, "signin --email both@example.com");
    terminal.expect_hidden("Password");
    terminal.type_line("Secret123");
    terminal.expect("Google Authenticator");
    terminal.type_keys(ENTER);
    terminal.expect("Code of the SMS");
    let code = sandbox.last_code("both@example.com").unwrap();
    terminal.type_line(&other_than(&code));
    terminal.expect("The code is wrong or has expired");
    terminal.expect("Code of the SMS");
    terminal.type_line(&code);
    terminal.expect("signed in as both@example.com");
    assert_eq!(terminal.end().0, 0);
}

#[test]
fn a_forced_reset_asks_for_the_new_password_twice_and_hides_it() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let mut terminal = Terminal::start(&shell, "signin --email reset@example.com");
    terminal.expect_hidden("Password");
    terminal.type_line("Secret123");
    terminal.expect("Code of the e-mail");
    terminal.type_line(&sandbox.last_code("reset@example.com").unwrap());
    terminal.expect_hidden("New password");
    terminal.type_line("weak");
    terminal.expect_hidden("The same again");
    terminal.type_line("weak");
    terminal.expect("does not accept this new password");
    terminal.expect_hidden("New password");
    terminal.type_line("NewSecret456");
    terminal.expect_hidden("The same again");
    terminal.type_line("NewSecret456");
    terminal.expect("signed in as reset@example.com");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert!(!shown.contains("Secret"), "{shown}");
}

#[test]
fn a_resumed_sign_in_asks_for_what_is_missing() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in("sms@example.com", "").run().exits(10);
    let mut terminal = Terminal::start(&shell, "signin --resume");
    terminal.expect("Code of the SMS");
    terminal.type_line(&sandbox.last_code("sms@example.com").unwrap());
    terminal.expect("signed in as sms@example.com");
    assert_eq!(terminal.end().0, 0);
}

#[test]
fn no_input_means_that_nothing_is_asked_even_here() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let terminal = Terminal::start(&shell, "signin --email plain@example.com --no-input");
    let (code, shown) = terminal.end();
    assert_eq!(code, 10, "{shown}");
    assert!(!shown.contains("Password:"), "{shown}");
}

#[test]
fn prompts_stay_out_of_standard_output() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let mut terminal = Terminal::start_with_output_elsewhere(&shell, "signin --json");
    terminal.expect("E-mail");
    terminal.type_line("plain@example.com");
    terminal.expect_hidden("Password");
    terminal.type_line("Secret123");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    let server_message: serde_json::Value = serde_json::from_str(shown.lines().last().unwrap()).unwrap();
    assert_eq!(server_message["account"], "plain@example.com");
}

#[test]
fn a_lock_out_ends_the_asking() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let mut terminal = Terminal::start(&shell, "signin --email plain@example.com");
    for _ in 0..5 {
        terminal.expect_hidden("Password");
        terminal.type_line("NotTheSecret1");
        terminal.expect("Wrong e-mail or password");
        terminal.expect("E-mail");
        terminal.type_keys(ENTER);
    }
    // The sixth is not sent.
    terminal.expect_hidden("Password");
    terminal.type_line("NotTheSecret1");
    let (code, shown) = terminal.end();
    assert_eq!(code, 5, "{shown}");
    assert!(shown.contains("try again in"), "{shown}");
}

#[test]
fn a_terminal_that_cannot_move_its_cursor_gets_plain_numbered_lines() {
    let sandbox = Sandbox::start().unwrap();
    let secret = sandbox.totp_secret("both@example.com").unwrap();
    for kind in ["dumb", "unknown", ""] {
        let shell = Shell::at_sandbox(&sandbox).with("TERM", kind);
        let mut terminal = Terminal::start(&shell, "signin");
        terminal.expect("E-mail: ");
        terminal.type_line("both@example.com");
        terminal.expect_hidden("Password: ");
        terminal.type_line("Secret123");
        terminal.expect("Two-factor method:\r\n1) ");
        terminal.expect("2) google: \"Google Authenticator\"\r\n");
        terminal.expect("Number [1]: ");
        terminal.type_line("3");
        terminal.expect("Number [1]: ");
        terminal.type_line("2");
        terminal.expect("Code of the authenticator app: ");
        terminal.type_line(&wrong_app_code(&secret));
        terminal.expect("The code is wrong or has expired");
        terminal.expect("Code of the authenticator app: ");
        let (shows_typing, shown) = terminal.interrupt();
        assert!(shows_typing && !shown.contains('\u{1b}') && !shown.contains("Secret"), "{shown:?}");
    }
}
