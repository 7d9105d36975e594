//! The back office: password only, and an e-mailed code.

use auth_sandbox::Sandbox;
use e2e::codes::other_than;
use e2e::expect::{self, Form};
use e2e::shell::Shell;

#[test]
fn root_needs_a_password_only() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        let done = form.of(shell.sign_in("root@example.com", "--office back")).run();
        expect::signed_in(form, &done, "root@example.com", "back");
    }
}

#[test]
fn admin_needs_the_mailed_code_too() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox).with("B2AUTH_OFFICE", "back");
        expect::needs(form, &form.of(shell.sign_in("admin@example.com", "")).run(), "code", &["email"]);
        let code = sandbox.last_code("admin@example.com").unwrap();
        let done = form.of(shell.b2auth("signin --resume --code").arg(other_than(&code))).run();
        expect::error(form, &done, 4, "wrong_code");
        let done = form.of(shell.b2auth("signin --resume --code").arg(code)).run();
        expect::signed_in(form, &done, "admin@example.com", "back");
    }
}

#[test]
fn credentials_can_come_in_a_later_process() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox).with("B2AUTH_OFFICE", "back");
    let done = shell.b2auth("signin --email root@example.com --json").run();
    expect::needs(Form::Json, &done, "credentials", &[]);
    let done = shell.b2auth("signin --resume --password-stdin").input("Secret123\n").run();
    expect::signed_in(Form::Text, &done, "root@example.com", "back");
}

#[test]
fn clients_and_staff_are_not_taken_at_each_other_s_office() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in("root@example.com", "").run().exits(4);
    shell.sign_in("plain@example.com", "--office back").run().exits(4);
}

#[test]
fn the_back_office_has_token_status_and_sign_out_as_well() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox).with("B2AUTH_OFFICE", "back");
    shell.sign_in("root@example.com", "").run().exits(0);
    assert!(shell.b2auth("token").run().exits(0).line().starts_with("eyJ"));
    assert_eq!(shell.b2auth("status --json").run().exits(0).json()["office"], "back");
    shell.b2auth("signout").run().exits(0);
    shell.b2auth("status").run().exits(3);
    assert_eq!(sandbox.requests().last().unwrap().path, "/api/v2/signout");
}
