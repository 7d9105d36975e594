//! `b2auth` on a store in an SQLite database: the same commands, and what only a database can do.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use auth_sandbox::Sandbox;
use e2e::expect::{self, Form};
use e2e::shell::Shell;
use rusqlite::Connection;

const EMAIL: &str = "plain@example.com";

/// A shell whose store is a database, and where that lies.
fn at(sandbox: &Sandbox) -> (Shell, PathBuf) {
    let shell = Shell::at_sandbox(sandbox);
    let path = shell.home().join("kept/sessions.sqlite");
    let spec = format!("sqlite:{}", path.display());
    (shell.with("B2AUTH_STORE", spec), path)
}

#[test]
fn a_session_goes_its_whole_way_in_a_database() {
    let sandbox = Sandbox::start().unwrap();
    let (shell, path) = at(&sandbox);
    shell.b2auth("token").run().exits(3);
    assert!(!path.exists());
    shell.sign_in("sms@example.com", "--profile second").run().exits(10);
    shell.sign_in(EMAIL, "").run().exits(0);
    let first = shell.b2auth("token").run().exits(0).out;
    shell.b2auth("refresh").run().exits(0);
    assert_ne!(shell.b2auth("token").run().exits(0).out, first);
    shell.sign_in("root@example.com", "--office back").run().exits(0);
    let listed = shell.b2auth("accounts --json").run().exits(0).json();
    assert_eq!(listed["accounts"].as_array().map(Vec::len), Some(3), "{listed}");
    for file in shell.files() {
        let mode = fs::metadata(&file).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", file.display());
        assert!(!String::from_utf8_lossy(&fs::read(&file).unwrap()).contains("example.com"));
    }
    assert_eq!(fs::metadata(path.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
    // A program that is started asks the same store.
    let asked = shell.b2auth("run -- sh -c").arg("b=$B2AUTH_PROGRAM; exec \"$b\" token");
    assert_eq!(asked.run().exits(0).out, shell.b2auth("token").run().exits(0).out);
    shell.b2auth("signout --all").run().exits(0);
    assert_eq!(shell.b2auth("accounts").run().exits(0).line(), "no accounts");
    shell.b2auth("token").run().exits(3);
}

#[test]
fn a_passphrase_seals_a_database_and_a_wrong_one_changes_nothing() {
    let sandbox = Sandbox::start().unwrap();
    let (shell, path) = at(&sandbox);
    let shell = shell.with("B2AUTH_STORE_KEY", "correct horse");
    shell.sign_in(EMAIL, "").run().exits(0);
    assert!(!path.with_extension("sqlite.key").exists());
    let kept = fs::read(&path).unwrap();
    for form in Form::BOTH {
        for words in ["status", "token", "signout", "accounts"] {
            let call = form.of(shell.b2auth(words).env("B2AUTH_STORE_KEY", "battery staple"));
            expect::error(form, &call.run(), 8, "store_wrong_key");
        }
    }
    assert_eq!(fs::read(&path).unwrap(), kept);
    let anew = shell.sign_in(EMAIL, "--set-store-aside").env("B2AUTH_STORE_KEY", "battery staple");
    anew.run().exits(0);
    let aside = format!("sqlite:{}", path.with_extension("sqlite.kept-1").display());
    shell.b2auth("token --store").arg(aside).run().exits(0);
}

#[test]
fn another_program_s_database_and_a_store_of_the_other_kind_are_left_alone() {
    let sandbox = Sandbox::start().unwrap();
    let (shell, path) = at(&sandbox);
    fs::create_dir(path.parent().unwrap()).unwrap();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE notes (text)").unwrap();
    let kept = fs::read(&path).unwrap();
    for form in Form::BOTH {
        for words in ["status", "token", "signout", "accounts"] {
            expect::error(form, &form.of(shell.b2auth(words)).run(), 8, "not_a_store");
        }
        expect::error(form, &form.of(shell.sign_in(EMAIL, "")).run(), 8, "not_a_store");
    }
    assert_eq!(fs::read(&path).unwrap(), kept);

    let file = shell.home().join("file/store");
    shell.sign_in(EMAIL, "--store").arg(format!("file:{}", file.display())).run().exits(0);
    let kept = fs::read(&file).unwrap();
    let done = shell.b2auth("status --json --store").arg(format!("sqlite:{}", file.display())).run();
    expect::error(Form::Json, &done, 8, "not_a_store");
    assert_eq!(fs::read(&file).unwrap(), kept);
}

#[test]
fn a_database_that_somebody_holds_is_told_in_time_and_before_an_attempt_is_spent() {
    let sandbox = Sandbox::start().unwrap();
    let (shell, path) = at(&sandbox);
    shell.sign_in(EMAIL, "").run().exits(0);
    let token = shell.b2auth("token").run().exits(0).out;
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let before = sandbox.requests().len();
    assert_eq!(shell.b2auth("token").run().exits(0).out, token, "reading waits for nobody");
    let done = shell.b2auth("refresh --json").run();
    expect::error(Form::Json, &done, 8, "store_unavailable");
    assert!(sandbox.requests()[before..].iter().all(|request| request.method == "GET"));
    other.execute_batch("ROLLBACK").unwrap();
    shell.b2auth("refresh").run().exits(0);
}
