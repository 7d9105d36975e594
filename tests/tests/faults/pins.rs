//! Pinned keys: the sandbox's own authority and a second one, both trusted. What does not lead to a pinned key gets no request.

use std::{
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
};

use auth_sandbox::Sandbox;
use e2e::expect::{self, Form};
use e2e::shell::Shell;

const EMAIL: &str = "plain@example.com";
const NOBODY: &str = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const NOBODY_ELSE: &str = "sha256/AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

fn https() -> Sandbox {
    Sandbox::builder().tls(["localhost"]).start().expect("it starts")
}

/// A shell that trusts the authorities of all of these, and is at the first of them.
fn trusting(sandboxes: &[&Sandbox]) -> Shell {
    let shell = Shell::at_sandbox(sandboxes[0]);
    let file: PathBuf = shell.home().join("roots.pem");
    let roots: String = sandboxes.iter().map(|sandbox| sandbox.ca_pem().expect("it has a root")).collect();
    std::fs::write(&file, roots).expect("the home can be written");
    shell.with("B2AUTH_CA_FILE", file)
}

/// The pin of a certificate in PEM, as an operator would make it: by `openssl`, which shares no code with us.
fn pin_of(pem: &str) -> String {
    let script = "openssl x509 -pubkey -noout | openssl pkey -pubin -outform der \
                  | openssl dgst -sha256 -binary | openssl base64";
    let mut sh = Command::new("sh");
    let mut child = sh
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("openssl is installed by `cargo xtask test`");
    child.stdin.take().expect("it is piped").write_all(pem.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    format!("sha256/{}", String::from_utf8_lossy(&output.stdout).trim())
}

fn authority(sandbox: &Sandbox) -> String {
    pin_of(sandbox.ca_pem().expect("it has a root"))
}

/// The pins that `b2auth pins` prints, the host's own first.
fn printed(shell: &Shell) -> Vec<String> {
    let done = shell.b2auth("pins --json").run().exits(0);
    let pins = done.json()["pins"].as_array().expect("a list").clone();
    assert_eq!(pins[0]["of"], "host");
    assert!(pins[1..].iter().all(|pin| pin["of"] == "issuer"), "{pins:?}");
    pins.iter().map(|pin| pin["pin"].as_str().expect("a text").to_owned()).collect()
}

#[test]
fn the_pins_that_are_printed_are_those_that_openssl_makes_and_they_work() {
    let sandbox = https();
    let shell = trusting(&[&sandbox]);
    let pins = printed(&shell);
    assert_eq!(pins[1..], [authority(&sandbox)]);
    let text = shell.b2auth("pins").run().exits(0);
    assert_eq!(text.out, format!("{} host\n{} issuer\n", pins[0], pins[1]));
    assert!(text.err.contains("two pins at least"), "{text:#?}");
    for pin in &pins {
        let call = shell.sign_in(EMAIL, "").arg("--pin").arg(pin).arg("--pin").arg(NOBODY);
        expect::signed_in(Form::Text, &call.run(), EMAIL, "front");
        // In curl's spelling, and by the variable.
        let list = format!("{NOBODY},{}", pin.replacen('/', "//", 1));
        shell.b2auth("refresh").env("B2AUTH_PINS", list).run().exits(0);
    }
}

#[test]
fn other_keys_are_a_pin_mismatch_before_anything_is_sent() {
    let sandbox = https();
    let shell = trusting(&[&sandbox]);
    for form in Form::BOTH {
        for office in ["front", "back"] {
            let words = format!("--office {office} --pin {NOBODY} --pin {NOBODY_ELSE}");
            let done = form.of(shell.sign_in("root@example.com", &words)).run();
            expect::error(form, &done, 6, "pin_mismatch");
            assert!(done.err.contains("Ask its operator"), "{done:#?}");
            assert!(done.err.contains("leads to none of the pinned keys"), "{done:#?}");
        }
    }
    assert!(sandbox.requests().is_empty(), "{:#?}", sandbox.requests());
}

#[test]
fn a_second_authority_that_is_trusted_is_a_pin_mismatch() {
    let (ours, second) = (https(), https());
    let shell = trusting(&[&second, &ours]);
    let words = format!("--json --pin {} --pin {NOBODY}", authority(&ours));
    expect::error(Form::Json, &shell.sign_in(EMAIL, &words).run(), 6, "pin_mismatch");
    assert!(second.requests().is_empty(), "{:#?}", second.requests());
    let words = format!("--pin {} --pin {}", authority(&ours), authority(&second));
    expect::signed_in(Form::Text, &shell.sign_in(EMAIL, &words).run(), EMAIL, "front");
}

#[test]
fn a_session_outlives_a_pin_mismatch() {
    let sandbox = https();
    let shell = trusting(&[&sandbox]);
    expect::signed_in(Form::Text, &shell.sign_in(EMAIL, "").run(), EMAIL, "front");
    let wrong = format!("{NOBODY},{NOBODY_ELSE}");
    let asked = sandbox.requests().len();
    for words in ["refresh --json", "token --force-refresh --json"] {
        let done = shell.b2auth(words).env("B2AUTH_PINS", &wrong).run();
        expect::error(Form::Json, &done, 6, "pin_mismatch");
        assert_eq!(done.json()["error"]["recovery"], "report");
    }
    assert_eq!(sandbox.requests().len(), asked);
    shell.b2auth("status").env("B2AUTH_PINS", &wrong).run().exits(0);
    shell.b2auth("refresh").run().exits(0);
}

#[test]
fn expired_pins_are_ignored_or_refused_as_chosen() {
    let sandbox = https();
    let shell = trusting(&[&sandbox]);
    let right = format!("{},{NOBODY}", authority(&sandbox));
    let wrong = format!("{NOBODY},{NOBODY_ELSE}");
    let with = |pins: &str, expiry: &str| {
        let words = format!("--json --pin-expires {expiry}");
        shell.sign_in(EMAIL, &words).env("B2AUTH_PINS", pins).run()
    };
    expect::error(Form::Json, &with(&wrong, "9999-01-01"), 6, "pin_mismatch");
    let refused = with(&right, "2020-01-01,refuse");
    expect::error(Form::Json, &refused, 6, "pin_mismatch");
    let cause = refused.json()["error"]["cause"].to_string();
    assert!(cause.contains("the pins have expired on 2020-01-01T00:00:00Z"), "{cause}");
    assert!(sandbox.requests().is_empty(), "{:#?}", sandbox.requests());
    with(&wrong, "2020-01-01").exits(0);
    with(&right, "9999-01-01,refuse").exits(0);
}

#[test]
fn pins_that_cannot_be_used_are_a_wrong_call() {
    let sandbox = https();
    let shell = trusting(&[&sandbox]);
    for (words, said) in [
        (format!("--pin {NOBODY}"), "at least two different pins"),
        (format!("--pin {NOBODY} --pin {NOBODY}"), "at least two different pins"),
        (format!("--pin {NOBODY} --pin 123456"), "a one-time code is given by --code"),
        (format!("--pin {NOBODY} --pin sha256/AAAA"), "not 32 bytes long"),
        (format!("--pin {NOBODY} --pin {NOBODY_ELSE} --pin-expires soon"), "2027-01-31"),
        ("--pin-expires 9999-01-01".to_owned(), "--pin"),
    ] {
        let done = shell.sign_in(EMAIL, &words).run();
        expect::error(Form::Text, &done, 2, "usage");
        assert!(done.err.contains(said), "{words}: {done:#?}");
    }
    for variable in ["B2AUTH_PINS", "B2AUTH_PIN_EXPIRES"] {
        let done = shell.sign_in(EMAIL, "").env(variable, "").run();
        expect::error(Form::Text, &done, 2, "usage");
        assert!(done.err.contains("--pin"), "{variable}: {done:#?}");
    }
    let list = format!("{NOBODY},{NOBODY_ELSE}");
    shell.sign_in(EMAIL, "").run().exits(0);
    let nowhere = shell.b2auth("keep-alive --once").env("B2AUTH_PINS", &list).env_remove("B2AUTH_HOST");
    let done = nowhere.run().exits(2);
    assert!(done.err.contains("whose pins these are"), "{done:#?}");
    // A host of plain http has no key.
    let plain = Sandbox::start().expect("it starts");
    let done = Shell::at_sandbox(&plain).b2auth("pins --json").run();
    expect::error(Form::Json, &done, 6, "tls");
}

#[test]
fn a_command_that_is_run_gets_the_pins_too() {
    let sandbox = https();
    let shell = trusting(&[&sandbox]);
    shell.sign_in(EMAIL, "").run().exits(0);
    let script = "printf '%s %s' \"$B2AUTH_PINS\" \"$B2AUTH_PIN_EXPIRES\"";
    let pin = authority(&sandbox);
    let call = shell.b2auth("run --pin").arg(&pin).arg("--pin").arg(NOBODY).arg("--pin-expires=9999-01-01");
    let done = call.arg("--").arg("sh").arg("-c").arg(script).run().exits(0);
    assert_eq!(done.out.trim(), format!("{pin},{NOBODY} 9999-01-01"));
}
