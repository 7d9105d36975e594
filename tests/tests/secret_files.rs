//! Secrets from files and from programs, as services and people keep them.

use auth_sandbox::Sandbox;
use e2e::expect::{self, Form};
use e2e::shell::{Call, Shell};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;

const EMAIL: &str = "plain@example.com";
const TOTP: &str = "totp@example.com";
const KEY_FILE: &str = "B2AUTH_STORE_KEY_FILE";

fn file(shell: &Shell, name: &str, text: &str, mode: u32) -> PathBuf {
    let path = shell.home().join(name);
    fs::write(&path, text).expect("it is written");
    fs::set_permissions(&path, PermissionsExt::from_mode(mode)).expect("it is written");
    path
}

fn key_file(shell: &Shell) -> PathBuf {
    shell.store().with_file_name("store.key")
}

#[test]
fn the_passphrase_comes_from_a_file_less_one_end_of_a_line() {
    for (text, passphrase) in [
        ("correct horse", "correct horse"),
        ("correct horse\n", "correct horse"),
        ("correct horse\r\n", "correct horse"),
        (" correct horse \n\n", " correct horse \n"),
        ("ein Paßwort\n", "ein Paßwort"),
    ] {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        let path = file(&shell, "passphrase", text, 0o400);
        // As Kubernetes has it: by way of a link.
        let link = shell.home().join("link");
        symlink(&path, &link).unwrap();
        shell.sign_in(EMAIL, "").env(KEY_FILE, &link).run().exits(0);
        assert!(!key_file(&shell).exists());
        let done = shell.b2auth("token").env(KEY_FILE, &path).run().exits(0);
        assert_eq!(done.err, "");
        shell.b2auth("token").env("B2AUTH_STORE_KEY", passphrase).run().exits(0);
        shell.b2auth("token").env("B2AUTH_STORE_KEY", "battery staple").run().exits(8);
        shell.b2auth("token").run().exits(8);
    }
}

/// A wrong call that seals nothing, asks nobody, and shows no secret.
#[track_caller]
fn refused(sandbox: &Sandbox, shell: &Shell, call: impl Fn() -> Call, parts: &[&str]) {
    for form in Form::BOTH {
        let done = form.of(call()).run();
        expect::error(form, &done, 2, "usage");
        for part in parts {
            assert!(done.err.contains(part), "{part}: {done:#?}");
        }
        assert!(!format!("{done:?}").contains("correct horse"), "{done:#?}");
    }
    assert!(!shell.store().exists() && !key_file(shell).exists());
    assert!(sandbox.requests().is_empty(), "{:#?}", sandbox.requests());
}

#[test]
fn a_secret_that_others_can_read_or_that_did_not_arrive_is_refused() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let large = "correct horse".repeat(10_000);
    fs::create_dir(shell.home().join("folder")).unwrap();
    let mut cases = Vec::new();
    for mode in [0o644, 0o640, 0o604, 0o444] {
        cases.push((file(&shell, &format!("open-{mode:o}"), "correct horse\n", mode), "0600"));
    }
    cases.push((file(&shell, "empty", "", 0o600), "empty"));
    cases.push((file(&shell, "line", "\n", 0o600), "empty"));
    cases.push((file(&shell, "large", &large, 0o600), "too large"));
    cases.push((shell.home().join("folder"), "no file"));
    cases.push((shell.home().join("missing"), "no such file"));
    let binary = file(&shell, "binary", "", 0o600);
    fs::write(&binary, [0xff, 0xfe, 0]).unwrap();
    cases.push((binary, "no text"));
    for (path, why) in cases {
        let named = path.to_string_lossy().into_owned();
        let seal = || shell.sign_in(EMAIL, "").env(KEY_FILE, &path);
        refused(&sandbox, &shell, seal, &[&named, KEY_FILE, why]);
        let sign_in = || shell.b2auth(&format!("signin --email {EMAIL} --password-file")).arg(&path);
        refused(&sandbox, &shell, sign_in, &[&named, "--password-file", why]);
    }
    let good = file(&shell, "good", "correct horse", 0o600);
    let both = || shell.sign_in(EMAIL, "").env(KEY_FILE, &good).env("B2AUTH_STORE_KEY", "correct horse");
    refused(&sandbox, &shell, both, &["B2AUTH_STORE_KEY", KEY_FILE]);
    let none = || shell.sign_in(EMAIL, "").env(KEY_FILE, "");
    refused(&sandbox, &shell, none, &[KEY_FILE]);
    let twice = || shell.sign_in(EMAIL, "--password-file").arg(&good);
    refused(&sandbox, &shell, twice, &["--password-file"]);
}

#[test]
fn the_password_comes_from_a_file_or_from_another_program() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let path = file(&shell, "password", "Secret123\n", 0o600);
    let call = shell.b2auth(&format!("signin --no-input --email {EMAIL} --password-file")).arg(&path);
    expect::signed_in(Form::Text, &call.run(), EMAIL, "front");
    shell.b2auth("signout").run().exits(0);
    let script = format!(
        "printf 'Secret123' | '{}' signin --no-input --email {EMAIL} --password-file /dev/stdin",
        e2e::binary::b2auth().display()
    );
    expect::signed_in(Form::Text, &shell.program("sh").arg("-c").arg(script).run(), EMAIL, "front");
}

fn sign_in_with(shell: &Shell, command: &str) -> Call {
    shell.sign_in(TOTP, "--no-input --code-command").arg(command)
}

#[test]
fn a_code_comes_from_a_program() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let secret = file(&shell, "my secret", &sandbox.totp_secret(TOTP).unwrap(), 0o600);
    let command = format!("oathtool --totp -b '@{}'", secret.display());
    expect::signed_in(Form::Text, &sign_in_with(&shell, &command).run(), TOTP, "front");
    // It is not asked where no code is.
    let call = shell.sign_in(EMAIL, "--profile other --code-command no-such-program");
    expect::signed_in(Form::Text, &call.run(), EMAIL, "front");
}

#[test]
fn the_program_of_a_code_runs_without_a_shell_and_without_our_secrets() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox).with("B2AUTH_STORE_KEY", "correct horse");
    let script = "#!/bin/sh\nprintf '%s\\n' \"$@\" > said; env >> said; cat >> said; echo 000000x\n";
    let program = file(&shell, "my program", script, 0o700);
    let command = format!("'{}' $HOME `id` ~ '; touch x' a\\ b", program.display());
    let call = sign_in_with(&shell, &command).env("B2AUTH_TOKEN", "eyJ").env("B2AUTH_CODE", "123456");
    let done = call.env("OTHER", "stays").run().exits(4);
    assert!(!done.err.contains("000000x"), "{done:#?}");
    let said = fs::read_to_string(shell.home().join("said")).unwrap();
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[..5], ["$HOME", "`id`", "~", "; touch x", "a b"]);
    assert!(lines.contains(&"OTHER=stays"), "{said}");
    for secret in ["correct horse", "B2AUTH_STORE_KEY", "B2AUTH_TOKEN", "123456", "Secret123"] {
        assert!(!said.contains(secret), "{secret}: {said}");
    }
    assert!(!shell.home().join("x").exists());
}

#[test]
fn a_program_that_gives_no_code_costs_no_attempt_and_no_step() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        let asked = |sandbox: &Sandbox| sandbox.requests().iter().filter(|r| r.method == "POST").count();
        let first = form.of(sign_in_with(&shell, "false"));
        expect::error(form, &first.run(), 1, "code_command");
        let before = asked(&sandbox);
        for command in ["no-such-program", "true", "sh -c 'echo 123456; exit 3'", "printf '\\n'"] {
            let call = shell.b2auth("signin --resume --no-input --code-command").arg(command);
            let done = form.of(call).run();
            expect::error(form, &done, 1, "code_command");
            assert!(done.err.contains("--resume") && !done.err.contains("123456"), "{done:#?}");
        }
        assert_eq!(asked(&sandbox), before, "{:#?}", sandbox.requests());
        let secret = sandbox.totp_secret(TOTP).unwrap();
        let call = shell.b2auth("signin --resume --no-input --code-command");
        call.arg(format!("oathtool --totp -b {secret}")).run().exits(0);
    }
    for command in ["", "'pass otp", "''"] {
        let done = Shell::at("https://broker.example").b2auth("signin --code-command").arg(command).run();
        expect::error(Form::Text, &done, 2, "usage");
    }
}

#[test]
fn a_command_that_is_run_is_told_the_place_of_the_passphrase_and_can_ask_again() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    file(&shell, "passphrase", "correct horse", 0o600);
    shell.sign_in(EMAIL, "").env(KEY_FILE, "passphrase").run().exits(0);
    let script = "mkdir -p sub; cd sub; \"$B2AUTH_PROGRAM\" status; env";
    let call = shell.b2auth("run -- sh -c").arg(script).env(KEY_FILE, "passphrase");
    let done = call.run().exits(0);
    assert!(done.out.contains(&format!("signed in as {EMAIL}")), "{done:#?}");
    assert!(!done.out.contains("correct horse"), "{done:#?}");
}
