//! The front office: password only, authenticator app, SMS, and the choice between the two.

use auth_sandbox::Sandbox;
use e2e::codes::{app_code, other_than, wrong_app_code};
use e2e::expect::{self, Form};
use e2e::shell::Shell;

#[test]
fn a_password_alone_signs_in() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        let done = form.of(shell.sign_in("plain@example.com", "")).run();
        expect::signed_in(form, &done, "plain@example.com", "front");
        assert_eq!(done.err, "");
    }
}

#[test]
fn credentials_can_come_in_a_later_process() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        expect::needs(form, &form.of(shell.b2auth("signin")).run(), "credentials", &[]);
        let done = form.of(shell.b2auth("signin --resume --email plain@example.com")).run();
        expect::needs(form, &done, "credentials", &[]);
        let done = form.of(shell.b2auth("signin --resume --password-stdin").input("Secret123\n")).run();
        expect::signed_in(form, &done, "plain@example.com", "front");
    }
}

#[test]
fn a_password_may_come_without_an_end_of_line_or_with_a_foreign_one() {
    for password in ["Secret123", "Secret123\r\n"] {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        shell.b2auth("signin --email plain@example.com --password-stdin").input(password).run().exits(0);
    }
}

#[test]
fn an_authenticator_code_in_the_same_process() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        let code = app_code(&sandbox.totp_secret("totp@example.com").unwrap());
        let done = form.of(shell.sign_in("totp@example.com", &format!("--code {code}"))).run();
        expect::signed_in(form, &done, "totp@example.com", "front");
    }
}

#[test]
fn an_authenticator_code_in_a_later_process() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        let secret = sandbox.totp_secret("totp@example.com").unwrap();
        expect::needs(form, &form.of(shell.sign_in("totp@example.com", "")).run(), "code", &["google"]);
        let again = form.of(shell.b2auth("signin --resume")).run();
        expect::needs(form, &again, "code", &["google"]);
        let done = form.of(shell.b2auth("signin --resume --code").arg(app_code(&secret))).run();
        expect::signed_in(form, &done, "totp@example.com", "front");
    }
}

#[test]
fn a_wrong_authenticator_code_is_refused_and_the_step_stays() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        let secret = sandbox.totp_secret("totp@example.com").unwrap();
        let wrong = wrong_app_code(&secret);
        // In the process that gave the password, and in a later one.
        let done = form.of(shell.sign_in("totp@example.com", &format!("--code {wrong}"))).run();
        expect::error(form, &done, 4, "wrong_code");
        let done = form.of(shell.b2auth("signin --resume --code").arg(&wrong)).run();
        expect::error(form, &done, 4, "wrong_code");
        let done = form.of(shell.b2auth("signin --resume --code").arg(app_code(&secret))).run();
        expect::signed_in(form, &done, "totp@example.com", "front");
    }
}

#[test]
fn a_code_with_a_blank_as_apps_show_it_is_taken() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let code = app_code(&sandbox.totp_secret("totp@example.com").unwrap());
    shell.sign_in("totp@example.com", "--code").arg(format!("{} {}", &code[..3], &code[3..])).run().exits(0);
}

#[test]
fn what_cannot_be_a_code_is_refused_before_the_host_is_asked() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in("totp@example.com", "").run().exits(10);
    let before = sandbox.requests().len();
    let done = shell.b2auth("signin --resume --json --code 12ab56").run();
    expect::error(Form::Json, &done, 4, "invalid_input");
    assert_eq!(sandbox.requests().len(), before);
    let code = app_code(&sandbox.totp_secret("totp@example.com").unwrap());
    shell.b2auth("signin --resume --code").arg(code).run().exits(0);
}

#[test]
fn an_sms_code_in_a_later_process() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        expect::needs(form, &form.of(shell.sign_in("sms@example.com", "")).run(), "code", &["sms"]);
        let code = sandbox.last_code("sms@example.com").unwrap();
        let done = form.of(shell.b2auth("signin --resume --code").arg(other_than(&code))).run();
        expect::error(form, &done, 4, "wrong_code");
        let done = form.of(shell.b2auth("signin --resume --code").arg(code)).run();
        expect::signed_in(form, &done, "sms@example.com", "front");
    }
}

#[test]
fn an_sms_is_sent_once_more_on_request_and_the_old_code_is_dead() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in("sms@example.com", "").run().exits(10);
    let old = sandbox.last_code("sms@example.com").unwrap();
    let done = shell.b2auth("signin --resume --method sms --json").run();
    expect::needs(Form::Json, &done, "code", &["sms"]);
    assert_eq!(sandbox.outbox().len(), 2);
    let new = sandbox.last_code("sms@example.com").unwrap();
    // One time in a million both codes are the same.
    if old != new {
        shell.b2auth("signin --resume --code").arg(old).run().exits(4);
    }
    shell.b2auth("signin --resume --code").arg(new).run().exits(0);
}

#[test]
fn both_methods_by_the_app_in_one_process() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        let code = app_code(&sandbox.totp_secret("both@example.com").unwrap());
        let done =
            form.of(shell.sign_in("both@example.com", &format!("--method google --code {code}"))).run();
        expect::signed_in(form, &done, "both@example.com", "front");
    }
}

#[test]
fn both_methods_step_by_step() {
    for (form, method) in
        [(Form::Text, "google"), (Form::Json, "google"), (Form::Text, "sms"), (Form::Json, "sms")]
    {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        let done = form.of(shell.sign_in("both@example.com", "")).run();
        expect::needs(form, &done, "choose_method", &["sms", "google"]);
        let done = form.of(shell.b2auth("signin --resume --method").arg(method)).run();
        let other = if method == "google" { "sms" } else { "google" };
        expect::needs(form, &done, "code", &[method, other]);
        let code = match method {
            "sms" => sandbox.last_code("both@example.com").unwrap(),
            _ => app_code(&sandbox.totp_secret("both@example.com").unwrap()),
        };
        let done = form.of(shell.b2auth("signin --resume --code").arg(code)).run();
        expect::signed_in(form, &done, "both@example.com", "front");
    }
}

#[test]
fn the_method_can_be_changed_at_the_code_step() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        let done = form.of(shell.sign_in("both@example.com", "--method sms")).run();
        expect::needs(form, &done, "code", &["sms", "google"]);
        let done = form.of(shell.b2auth("signin --resume --method google")).run();
        expect::needs(form, &done, "code", &["google", "sms"]);
        let done = form.of(shell.b2auth("signin --resume --method sms")).run();
        expect::needs(form, &done, "code", &["sms", "google"]);
        // Changed and answered in one call.
        let code = app_code(&sandbox.totp_secret("both@example.com").unwrap());
        let done = form.of(shell.b2auth("signin --resume --method google --code").arg(code)).run();
        expect::signed_in(form, &done, "both@example.com", "front");
    }
}

#[test]
fn a_method_that_is_not_offered_is_refused_and_the_step_stays() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in("totp@example.com", "").run().exits(10);
    let before = sandbox.requests().len();
    let done = shell.b2auth("signin --resume --method sms --json").run();
    expect::error(Form::Json, &done, 4, "method_not_available");
    assert_eq!(sandbox.requests().len(), before);
    let code = app_code(&sandbox.totp_secret("totp@example.com").unwrap());
    shell.b2auth("signin --resume --code").arg(code).run().exits(0);
}

#[test]
fn a_code_for_one_method_is_not_spent_on_another() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let done = shell.sign_in("totp@example.com", "--method sms --code 123456 --json").run();
    assert_eq!((done.code, done.json()["step"].as_str()), (10, Some("code")), "{done:#?}");
    assert!(sandbox.requests().iter().all(|request| !request.path.contains("/2fa/")));
}

#[test]
fn wrong_credentials_are_refused_alike() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        let mut server_message = Vec::new();
        for email in ["plain@example.com", "nobody@example.com"] {
            let call = shell.b2auth(&format!("signin --email {email} --password-stdin")).input("wrong\n");
            let done = form.of(call).run();
            let mut error = expect::error(form, &done, 4, "wrong_credentials");
            error["correlation_id"] = serde_json::Value::Null;
            server_message.push((error, done.err));
        }
        assert_eq!(server_message[0], server_message[1]);
        shell.b2auth("signin --resume").run().exits(3);
    }
}

#[test]
fn what_cannot_be_an_email_is_refused_before_the_host_is_asked_for_a_sign_in() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let done = shell.sign_in("plain", "--json").run();
    expect::error(Form::Json, &done, 4, "invalid_input");
    assert!(sandbox.requests().iter().all(|request| request.method == "GET"));
}

#[test]
fn a_fresh_sign_in_replaces_a_pending_one() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in("sms@example.com", "").run().exits(10);
    shell.sign_in("both@example.com", "--method sms").run().exits(10);
    let code = sandbox.last_code("both@example.com").unwrap();
    let done = shell.b2auth("signin --resume --code").arg(code).run();
    expect::signed_in(Form::Text, &done, "both@example.com", "front");
}

#[test]
fn nothing_pending_is_said_so() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        let done = form.of(shell.b2auth("signin --resume")).run();
        expect::error(form, &done, 3, "nothing_pending");
        // Neither before the first sign-in nor after a finished one.
        shell.sign_in("plain@example.com", "").run().exits(0);
        let done = form.of(shell.b2auth("signin --resume --code 123456")).run();
        expect::error(form, &done, 3, "nothing_pending");
    }
}

#[test]
fn a_forgotten_resume_does_not_throw_a_step_away() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        shell.sign_in("sms@example.com", "").run().exits(10);
        let done = form.of(shell.b2auth("signin --code 123456")).run();
        expect::error(form, &done, 2, "usage");
        assert!(done.err.contains("--resume"), "{done:#?}");
        let code = sandbox.last_code("sms@example.com").unwrap();
        shell.b2auth("signin --resume --code").arg(code).run().exits(0);
    }
}

#[test]
fn a_step_is_not_gone_on_from_in_another_s_name() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        shell.sign_in("sms@example.com", "").run().exits(10);
        let code = sandbox.last_code("sms@example.com").unwrap();
        let call = shell.b2auth("signin --resume --email plain@example.com --code").arg(&code);
        expect::error(form, &form.of(call).run(), 2, "usage");
        let call = shell.b2auth("signin --resume --email SMS@example.com --code").arg(code);
        expect::signed_in(form, &form.of(call).run(), "sms@example.com", "front");
    }
}
