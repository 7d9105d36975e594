//! `b2auth store copy`: all records of one store in another one, or none of them.

use std::fs;
use std::path::Path;

use auth_sandbox::Sandbox;
use e2e::expect::{self, Form};
use e2e::shell::{Call, Shell};
use serde_json::json;

const EMAIL: &str = "plain@example.com";

fn spec(kind: &str, shell: &Shell) -> String {
    format!("{kind}:{}", shell.home().join(kind).join("store").display())
}

/// A shell with two accounts in the store of this kind.
fn with_two(sandbox: &Sandbox, kind: &str) -> Shell {
    let shell = Shell::at_sandbox(sandbox);
    let from = spec(kind, &shell);
    let shell = shell.with("B2AUTH_STORE", from);
    shell.sign_in(EMAIL, "--profile one").run().exits(0);
    shell.sign_in("root@example.com", "--office back").run().exits(0);
    shell
}

fn copy(shell: &Shell, from: &str, to: &str) -> Call {
    shell.b2auth("store copy").arg(spec(from, shell)).arg(spec(to, shell))
}

fn token(shell: &Shell, kind: &str) -> String {
    shell.b2auth("token --profile one").env("B2AUTH_STORE", spec(kind, shell)).run().exits(0).out
}

#[test]
fn all_records_go_from_a_file_to_a_database_and_back() {
    let sandbox = Sandbox::start().unwrap();
    for (from, to) in [("file", "sqlite"), ("sqlite", "file")] {
        let shell = with_two(&sandbox, from);
        let requests = sandbox.requests().len();
        let done = copy(&shell, from, to).arg("--json").run().exits(0);
        let (said, there) = (done.json(), token(&shell, from));
        assert_eq!((&said["sessions"], &said["there_already"]), (&json!(2), &json!(0)), "{said}");
        assert!(!done.out.contains(there.trim()), "it prints no token");
        assert_eq!(token(&shell, to), there);
        shell.b2auth("token --office back").env("B2AUTH_STORE", spec(to, &shell)).run().exits(0);
        // It can be repeated, and then does nothing.
        let again = copy(&shell, from, to).arg("--json").run().exits(0).json();
        assert_eq!((&again["copied"], &again["there_already"]), (&json!(0), &said["copied"]), "{again}");
        assert!(copy(&shell, from, to).run().exits(0).line().contains("copied: 0 records"));
        assert_eq!(sandbox.requests().len(), requests, "nothing is sent");
    }
}

#[test]
fn another_session_is_replaced_only_on_demand_and_nothing_is_copied_else() {
    let sandbox = Sandbox::start().unwrap();
    for (form, kind) in [(Form::Text, "sqlite"), (Form::Json, "file")] {
        let from = if kind == "file" { "sqlite" } else { "file" };
        let shell = with_two(&sandbox, from);
        let there = spec(kind, &shell);
        shell.sign_in(EMAIL, "--profile one").env("B2AUTH_STORE", &there).run().exits(0);
        let before = token(&shell, kind);
        let done = form.of(copy(&shell, from, kind)).run();
        expect::error(form, &done, 2, "usage");
        assert!(done.err.contains("--replace") || done.out.contains("--replace"), "{done:#?}");
        assert_eq!(token(&shell, kind), before);
        shell.b2auth("token --office back").env("B2AUTH_STORE", &there).run().exits(3);
        copy(&shell, from, kind).arg("--replace").run().exits(0);
        assert_eq!(token(&shell, kind), token(&shell, from));
        shell.b2auth("token --office back").env("B2AUTH_STORE", &there).run().exits(0);
    }
}

#[test]
fn what_cannot_be_copied_is_a_wrong_call() {
    let sandbox = Sandbox::start().unwrap();
    let shell = with_two(&sandbox, "file");
    let file = spec("file", &shell);
    for (from, to) in [("memory", &*file), (&*file, "memory"), (&*file, &*file), (&*file, ""), (&*file, "x")]
    {
        let done = shell.b2auth("store copy --json").arg(from).arg(to).run();
        expect::error(Form::Json, &done, 2, "usage");
    }
    let done = shell.b2auth("store copy --json --host https://broker.example a b").run();
    expect::error(Form::Json, &done, 2, "usage");
}

#[test]
fn a_copy_of_nothing_makes_nothing_and_an_unreadable_store_is_told() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let said = copy(&shell, "file", "sqlite").arg("--json").run().exits(0).json();
    assert_eq!(said, json!({ "copied": 0, "there_already": 0, "sessions": 0 }));
    assert!(shell.files().is_empty(), "{:?}", shell.files());

    let shell = with_two(&sandbox, "file");
    let key = shell.home().join("file/store.key");
    let to = shell.home().join("sqlite/store");
    fs::rename(&key, shell.home().join("away")).unwrap();
    expect::error(Form::Json, &copy(&shell, "file", "sqlite").arg("--json").run(), 8, "store_key_missing");
    assert!(!to.exists());
    fs::rename(shell.home().join("away"), &key).unwrap();
    write_notes(&to);
    expect::error(Form::Json, &copy(&shell, "file", "sqlite").arg("--json").run(), 8, "not_a_store");
    assert_eq!(fs::read(&to).unwrap(), b"my notes");
}

fn write_notes(path: &Path) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    fs::write(path, "my notes").expect("written");
}
