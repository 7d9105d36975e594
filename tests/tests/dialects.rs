//! Hosts, documents and clients differ: every way to sign in, in every way a host is known to speak.

use std::time::Duration;

use auth_sandbox::{Dialect, Sandbox};
use e2e::codes::{app_code, wrong_app_code};
use e2e::expect::{self, Form};
use e2e::past;
use e2e::shell::Shell;

/// Every switch with all its values; presets first.
const SPECS: [&str; 40] = [
    "reference",
    "tutorial",
    "laravel",
    "legacy",
    "no_token=null",
    "no_token=object",
    "no_token=array",
    "no_token=missing",
    "final_workflow=Terminate",
    "final_workflow=terminate",
    "final_workflow=login",
    "refresh_shape=top",
    "refresh_shape=data",
    "back_tokens=top",
    "back_tokens=data",
    "errors=envelope",
    "errors=laravel",
    "errors=empty",
    "errors=html",
    "errors=v1",
    "http_status=202",
    "wizard_done=true",
    "providers=empty",
    "single_2fa=list",
    "single_2fa=list,providers=empty",
    "uuid=rotate",
    "extra=on",
    "wizard_method=post",
    "dates=php",
    "dates=milliseconds",
    "dates=seconds_text",
    "dates=mail",
    "dates=missing",
    "refresh_token=kept",
    "encoding=latin1",
    "cookies=pinned",
    "laravel,wizard_method=post,dates=php,refresh_token=kept,encoding=latin1",
    "tutorial,errors=laravel,uuid=rotate",
    "laravel,http_status=202,extra=on",
    "legacy,no_token=null,uuid=rotate,extra=on",
];

fn sandbox(spec: &str) -> Sandbox {
    let dialect: Dialect = spec.parse().expect("the dialect is known");
    Sandbox::builder().dialect(dialect).start().expect("a sandbox starts")
}

/// A wrong code or password is refused as such, unless the host hides it behind a web page.
fn refusal(spec: &str) -> i32 {
    if spec.contains("errors=html") { 7 } else { 4 }
}

#[track_caller]
fn signed_in(spec: &str, done: &e2e::shell::Done, email: &str, office: &str) {
    if spec.contains("dates=missing") {
        expect::signed_in_undated(Form::Json, done, email, office);
    } else {
        expect::signed_in(Form::Json, done, email, office);
    }
}

#[test]
fn every_switch_of_the_sandbox_is_tried() {
    let all = Dialect::default().to_string();
    for name in all.split(',').filter_map(|part| part.split('=').next()) {
        assert!(SPECS.iter().any(|spec| spec.contains(name)), "{name}");
    }
    assert!(Dialect::PRESETS.iter().all(|preset| SPECS.contains(preset)));
}

#[test]
fn authenticator_app() {
    for spec in SPECS {
        let sandbox = sandbox(spec);
        let shell = Shell::at_sandbox(&sandbox);
        let secret = sandbox.totp_secret("totp@example.com").unwrap();
        shell.sign_in("totp@example.com", "--method google --json").run().exits(10).json()["step"]
            .as_str()
            .filter(|step| *step == "code")
            .unwrap_or_else(|| panic!("{spec}"));
        let done = shell.b2auth("signin --resume --code").arg(wrong_app_code(&secret)).run();
        assert_eq!(done.code, refusal(spec), "{spec}: {done:#?}");
        let done = shell.b2auth("signin --resume --json --code").arg(app_code(&secret)).run();
        signed_in(spec, &done, "totp@example.com", "front");
    }
}

#[test]
fn sms() {
    for spec in SPECS {
        let sandbox = sandbox(spec);
        let shell = Shell::at_sandbox(&sandbox);
        shell.sign_in("sms@example.com", "--method sms").run().exits(10);
        let code = sandbox.last_code("sms@example.com").unwrap_or_else(|| panic!("{spec}"));
        let done = shell.b2auth("signin --resume --code").arg(code).run();
        expect::signed_in(Form::Text, &done, "sms@example.com", "front");
    }
}

#[test]
fn the_choice_of_a_method() {
    for spec in SPECS {
        let sandbox = sandbox(spec);
        let shell = Shell::at_sandbox(&sandbox);
        let done = shell.sign_in("both@example.com", "--json").run().exits(10);
        assert_eq!(done.json()["step"], "choose_method", "{spec}");
        shell.b2auth("signin --resume --method google").run().exits(10);
        shell.b2auth("signin --resume --method sms").run().exits(10);
        let code = sandbox.last_code("both@example.com").unwrap_or_else(|| panic!("{spec}"));
        let done = shell.b2auth("signin --resume --code").arg(code).run();
        expect::signed_in(Form::Text, &done, "both@example.com", "front");
    }
}

#[test]
fn forced_reset() {
    for spec in SPECS {
        let sandbox = sandbox(spec);
        let shell = Shell::at_sandbox(&sandbox);
        let done = shell.sign_in("reset@example.com", "--json").run().exits(10);
        assert_eq!(done.json()["step"], "reset_code", "{spec}");
        let code = sandbox.last_code("reset@example.com").unwrap();
        shell.b2auth("signin --resume --code").arg(code).run().exits(10);
        let done = shell.b2auth("signin --resume --new-password-stdin").input("weak\n").run();
        assert_eq!(done.code, refusal(spec), "{spec}: {done:#?}");
        let call = shell.b2auth("signin --resume --new-password-stdin").input("NewSecret456\n");
        expect::signed_in(Form::Text, &call.run(), "reset@example.com", "front");
    }
}

#[test]
fn back_office() {
    for spec in SPECS {
        let sandbox = sandbox(spec);
        let shell = Shell::at_sandbox(&sandbox).with("B2AUTH_OFFICE", "back");
        let done = shell.sign_in("root@example.com", "").run();
        expect::signed_in(Form::Text, &done, "root@example.com", "back");
        shell.sign_in("admin@example.com", "").run().exits(10);
        let code = sandbox.last_code("admin@example.com").unwrap();
        let done = shell.b2auth("signin --resume --json --code").arg(code).run();
        signed_in(spec, &done, "admin@example.com", "back");
    }
}

#[test]
fn wrong_password_refresh_and_sign_out() {
    for spec in SPECS {
        let sandbox = sandbox(spec);
        let shell = Shell::at_sandbox(&sandbox);
        let done = shell.b2auth("signin --email plain@example.com --password-stdin").input("wrong\n").run();
        assert_eq!(done.code, refusal(spec), "{spec}: {done:#?}");
        past::sign_in(&shell, sandbox.url(), "plain@example.com", Duration::from_secs(16 * 60));
        let done = shell.b2auth("token").run();
        assert_eq!(done.code, 0, "{spec}: {done:#?}");
        assert!(sandbox.requests().iter().any(|request| request.path.ends_with("/refresh")), "{spec}");
        let done = shell.b2auth("signout").run();
        assert_eq!((done.code, done.err.as_str()), (0, ""), "{spec}: {done:#?}");
    }
}

#[test]
fn a_step_that_nobody_knows_is_no_way_in_and_is_said_so() {
    for form in Form::BOTH {
        let sandbox = sandbox("unknown_workflow=retina_scan");
        let shell = Shell::at_sandbox(&sandbox);
        let done = form.of(shell.sign_in("plain@example.com", "")).run();
        expect::error(form, &done, 1, "unsupported_workflow");
        assert!(done.err.contains("retina_scan"), "{done:#?}");
        shell.b2auth("status").run().exits(3);
    }
}
