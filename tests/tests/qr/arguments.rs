//! What can be wrong with a call.

use std::fs;

use e2e::expect::{self, Form};
use e2e::shell::Shell;

use super::stage::{approver, count, sandbox};

const CODE: &str = "0a4682f9-7e6c-49a7-b946-db58f28d8171";

#[test]
fn wrong_calls() {
    let shell = Shell::at("http://127.0.0.1:9");
    for words in [
        "qr frobnicate",
        "qr show extra",
        "qr inspect",
        "qr approve",
        "qr decline",
        "qr approve --yes",
        "qr approve x --image y.png",
        "qr inspect x y",
        "qr inspect --image no-such-file.png",
        "qr show --png code.png --qr-option colour=red",
        "qr show --png code.png --qr-option inspect",
        "qr show --png code.png --qr-option inspect=perhaps",
        "qr inspect - --qr-option transports=pigeon",
        // Nothing comes on standard input.
        "qr inspect -",
    ] {
        for form in Form::BOTH {
            let done = form.of(shell.b2auth(words)).run();
            expect::error(form, &done, 2, "usage");
        }
    }
    assert!(shell.files().is_empty());
}

#[test]
fn a_code_that_nobody_would_see_is_not_asked_for() {
    let sandbox = sandbox();
    let shell = Shell::at_sandbox(&sandbox);
    let done = shell.b2auth("qr show").run();
    expect::error(Form::Text, &done, 2, "usage");
    assert!(done.err.contains("--json") && done.err.contains("--png"), "{done:#?}");
    assert!(sandbox.requests().is_empty());
}

#[test]
fn a_wrong_option_names_the_keys_and_not_its_value() {
    let shell = Shell::at("http://127.0.0.1:9");
    for option in ["colour=s3cret", "s3cret", "channel_authorizatoin=s3cret"] {
        let done = shell.b2auth("qr show --json --qr-option").arg(option).run();
        let error = expect::error(Form::Json, &done, 2, "usage");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("channel_authorization") && message.contains("id_fields"), "{message}");
        assert!(!format!("{done:?}").contains("s3cret"), "{done:#?}");
    }
}

#[test]
fn options_come_from_a_variable_too_and_help_does_not_show_it() {
    let sandbox = sandbox();
    let phone = approver(&sandbox);
    let call =
        |options: &str| phone.b2auth(&format!("qr inspect --json {CODE}")).env("B2AUTH_QR_OPTION", options);
    // Nothing is asked with the first; the host knows no such code with the second.
    call(";").run().exits(0);
    // It may carry a secret, which did not arrive.
    expect::error(Form::Json, &call("").run(), 2, "usage");
    assert_eq!(count(&sandbox, "/inspect"), 0);
    expect::error(Form::Json, &call("inspect=true;decline=true").run(), 4, "qr_expired");
    assert_eq!(count(&sandbox, "/inspect"), 1);
    expect::error(Form::Json, &call("colour=red").run(), 2, "usage");
    let help = phone.b2auth("qr show --help").env("B2AUTH_QR_OPTION", "channel_authorization=s3cret").run();
    assert!(help.out.contains("--qr-option") && !help.out.contains("s3cret"), "{help:#?}");
    // A command that is run does not get it: it can hold a secret.
    let run = phone.b2auth("run -- env").env("B2AUTH_QR_OPTION", "decline=true").run().exits(0);
    assert!(run.out.contains("B2AUTH_TOKEN=") && !run.out.contains("B2AUTH_QR_OPTION"), "{run:#?}");
}

#[test]
fn where_nobody_can_be_asked_nothing_is_approved() {
    let sandbox = sandbox();
    let phone = approver(&sandbox);
    let before = sandbox.requests().len();
    for words in ["", "--no-input"] {
        let done = phone.b2auth(&format!("qr approve {CODE} {words}")).run().exits(10);
        assert!(done.error_line().contains("--yes"), "{done:#?}");
        assert_eq!(done.out, "");
        let done = phone.b2auth(&format!("qr approve {CODE} --json {words}")).run().exits(10);
        assert_eq!(done.json(), serde_json::json!({"step": "approve", "methods": []}));
    }
    assert_eq!(sandbox.requests().len(), before);
}

#[test]
fn what_is_no_code_of_this_host_is_told_apart() {
    let sandbox = sandbox();
    let phone = approver(&sandbox);
    let before = sandbox.requests().len();
    let long = "x".repeat(10_000);
    for (text, kind) in [
        ("hello world", "not_a_qr_code"),
        ("{\"id\":", "not_a_qr_code"),
        ("https://evil.example/qr?id=7", "qr_other_host"),
        (r#"{"id":"7","host":"https://broker.example"}"#, "qr_other_host"),
        (&long, "not_a_qr_code"),
    ] {
        for command in ["inspect --json", "approve --yes --json", "decline --json"] {
            let done = phone.b2auth(&format!("qr {command} -")).input(text).run();
            expect::error(Form::Json, &done, 4, kind);
        }
    }
    assert_eq!(sandbox.requests().len(), before);
    expect::error(Form::Json, &phone.b2auth("qr inspect - --json").input(" \n").run(), 2, "usage");
}

#[test]
fn a_file_that_cannot_be_written_is_a_wrong_call() {
    let sandbox = sandbox();
    let shell = Shell::at_sandbox(&sandbox);
    fs::write(shell.home().join("file"), "").unwrap();
    for option in ["--png", "--svg"] {
        let done = shell.b2auth(&format!("qr show {option} file/code")).run();
        expect::error(Form::Text, &done, 2, "usage");
        assert!(done.err.contains(option), "{done:#?}");
    }
    assert_eq!(
        fs::read_dir(shell.home())
            .unwrap()
            .filter(|e| e.as_ref().unwrap().file_name().to_string_lossy().starts_with(".b2auth"))
            .count(),
        0
    );
}
