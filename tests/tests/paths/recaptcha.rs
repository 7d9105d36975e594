//! A host that demands a reCAPTCHA response.

use auth_sandbox::Sandbox;
use e2e::codes::app_code;
use e2e::expect::{self, Form};
use e2e::raw_host::{Answer, RawHost, json_bytes, signed_in, wizard};
use e2e::shell::Shell;
use serde_json::json;

fn sandbox() -> Sandbox {
    Sandbox::builder().recaptcha(true).start().expect("a sandbox starts")
}

#[test]
fn in_one_process() {
    for form in Form::BOTH {
        let sandbox = sandbox();
        let shell = Shell::at_sandbox(&sandbox);
        let code = app_code(&sandbox.totp_secret("totp@example.com").unwrap());
        let more = format!("--recaptcha solved --code {code}");
        expect::signed_in(
            form,
            &form.of(shell.sign_in("totp@example.com", &more)).run(),
            "totp@example.com",
            "front",
        );
    }
}

#[test]
fn step_by_step() {
    for form in Form::BOTH {
        let sandbox = sandbox();
        let shell = Shell::at_sandbox(&sandbox);
        expect::needs(form, &form.of(shell.sign_in("plain@example.com", "")).run(), "recaptcha", &[]);
        assert!(sandbox.requests().iter().all(|request| request.method == "GET"), "no attempt was spent");
        let call = shell.b2auth("signin --resume --recaptcha solved --password-stdin").input("Secret123\n");
        expect::signed_in(form, &form.of(call).run(), "plain@example.com", "front");
    }
}

#[test]
fn a_refused_response_is_told_apart_from_a_wrong_password() {
    for form in Form::BOTH {
        let sandbox = sandbox();
        let shell = Shell::at_sandbox(&sandbox);
        let done = form.of(shell.sign_in("plain@example.com", "--recaptcha bad")).run();
        expect::error(form, &done, 4, "recaptcha_refused");
    }
}

#[test]
fn a_host_that_wants_one_without_announcing_it() {
    for form in Form::BOTH {
        let errors = json!({"recaptchaResponse": ["The recaptcha response field is required."]});
        let refusal = json_bytes(422, &json!({"message": "The given data was invalid.", "errors": errors}));
        let host = RawHost::start(move |request| match request.json().get("recaptchaResponse") {
            _ if request.method == "GET" => wizard(),
            None => Answer::Bytes(refusal.clone()),
            Some(_) => signed_in("access-1", "refresh-1"),
        });
        let shell = Shell::at(&host.url());
        expect::needs(form, &form.of(shell.sign_in("plain@example.com", "")).run(), "recaptcha", &[]);
        assert_eq!(host.count("/signin"), 1);
        let call = shell.b2auth("signin --resume --recaptcha solved --password-stdin").input("Secret123\n");
        expect::signed_in(form, &form.of(call).run(), "plain@example.com", "front");
        assert_eq!(host.count("/signin"), 2);
    }
}
