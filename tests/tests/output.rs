//! Standard output that cannot be written: a disk that is full, and a reader that has gone away.

use std::fs::{File, OpenOptions};
use std::io::Read;
use std::process::Stdio;

use auth_sandbox::Sandbox;
use e2e::shell::{Call, Done, Shell};

const EMAIL: &str = "plain@example.com";
/// What standard output that cannot be written ends with.
const OUTPUT: i32 = 9;

/// A device whose every write fails as on a full disk.
fn full() -> Stdio {
    OpenOptions::new().write(true).open("/dev/full").expect("the system has /dev/full").into()
}

/// A pipe whose reader has gone away.
fn unread() -> Stdio {
    let (reader, writer) = std::io::pipe().expect("the system has pipes");
    drop(reader);
    writer.into()
}

/// Exit 9 and one line that names the cause and says what was done all the same.
#[track_caller]
fn told(call: Call, words: &str) {
    let done = call.run_into(full());
    assert_eq!(done.code, OUTPUT, "{done:#?}");
    let line = done.error_line();
    assert!(line.contains("Standard output cannot be written") && line.contains(words), "{done:#?}");
}

#[test]
fn what_cannot_be_told_is_an_error_of_its_own() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    for json in ["", "--json"] {
        told(shell.b2auth(&format!("accounts {json}")), "");
        told(shell.sign_in(EMAIL, json), "You are signed in as plain@example.com all the same");
        for words in ["token", "accounts", "status"] {
            told(shell.b2auth(&format!("{words} {json}")), "");
        }
        told(shell.b2auth(&format!("refresh {json}")), "refreshed all the same");
        told(shell.b2auth(&format!("signout {json}")), "sign-out was made all the same");
        told(shell.b2auth(&format!("status {json}")), "");
        shell.sign_in(EMAIL, "").run().exits(0);
        told(shell.b2auth(&format!("signout --all {json}")), "sign-out was made all the same");
    }
    for words in ["--help", "--version", "signin --help", "demo", "sandbox"] {
        told(shell.b2auth(words), "");
    }
}

#[test]
fn a_sign_in_that_cannot_be_told_is_kept() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in(EMAIL, "").run_into(full()).exits(OUTPUT);
    shell.b2auth("token").run().exits(0);
    // What is needed next is said on standard error, and the step is kept.
    let done = shell.sign_in("sms@example.com", "--json --profile b").run_into(full()).exits(OUTPUT);
    assert!(done.err.contains("--resume") && done.err.contains("cannot be written"), "{done:#?}");
    let code = sandbox.last_code("sms@example.com").unwrap();
    shell.b2auth(&format!("signin --resume --profile b --code {code}")).run().exits(0);
}

#[test]
fn an_error_keeps_its_own_exit_code() {
    let shell = Shell::at("http://127.0.0.1:9");
    for (words, code) in [("token --json", 3), ("status --bogus --json", 2)] {
        let done = shell.b2auth(words).run_into(full()).exits(code);
        assert!(done.error_line().starts_with("b2auth: "), "{done:#?}");
    }
}

#[test]
fn a_closed_pipe_stays_quiet() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let quiet = |done: Done| assert_eq!((done.code, done.err.as_str()), (0, ""), "{done:#?}");
    quiet(shell.sign_in(EMAIL, "").run_into(unread()));
    for words in ["token", "status", "accounts --json", "refresh", "--help", "demo", "signout"] {
        quiet(shell.b2auth(words).run_into(unread()));
    }
}

#[test]
fn an_answer_that_arrives_is_whole() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let path = shell.home().join("out");
    shell.sign_in(EMAIL, "").run_into(File::create(&path).unwrap().into()).exits(0);
    let mut text = String::new();
    File::open(path).unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text, "signed in as plain@example.com\n");
}
