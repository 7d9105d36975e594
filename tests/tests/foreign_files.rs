//! Another program's file in a place that a person names: it stays as it is, and the message says which it was.

use auth_sandbox::Sandbox;
use e2e::expect::{self, Form};
use e2e::shell::Shell;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

const EMAIL: &str = "plain@example.com";

/// All that must not change: place, content, mode, time.
fn state(path: &Path) -> (Vec<u8>, u32, u64, (i64, i64)) {
    let found = fs::metadata(path).expect("the file is there");
    (fs::read(path).expect("it can be read"), found.mode(), found.ino(), (found.mtime(), found.mtime_nsec()))
}

fn foreign(shell: &Shell, name: &str) -> PathBuf {
    let path = shell.home().join(name);
    fs::write(&path, "shopping: milk, bread\n").expect("it is written");
    fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).expect("it is ours");
    path
}

#[test]
fn no_command_touches_another_program_s_file_in_a_store_s_place() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let path = foreign(&shell, "notes.txt");
    let before = state(&path);
    for words in [
        "status",
        "accounts",
        "token",
        "refresh",
        "run -- true",
        "signout",
        "signout --all",
        "signin --resume --code 000000",
        "signin --email plain@example.com --password-stdin",
        "qr show",
    ] {
        for form in Form::BOTH {
            let mut options = format!("--store file:{} ", path.display());
            if form == Form::Json {
                options.push_str("--json ");
            } else if words.starts_with("qr") {
                continue;
            }
            let done = shell.b2auth(&(options + words)).input("Secret123\n").run();
            expect::error(form, &done, 8, "not_a_store");
            assert!(done.err.contains(&*path.to_string_lossy()), "{words}: {done:#?}");
            assert_eq!(state(&path), before, "{words}");
            assert_eq!(shell.files(), std::slice::from_ref(&path), "{words} has made a file");
        }
    }
    assert!(sandbox.requests().iter().all(|request| request.method == "GET"), "{:#?}", sandbox.requests());
}

#[test]
fn an_empty_file_in_a_store_s_place_counts_as_none() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let path = shell.home().join("store");
    fs::write(&path, "").unwrap();
    let shell = shell.with("B2AUTH_STORE", format!("file:{}", path.display()));
    shell.b2auth("status").run().exits(3);
    assert_eq!(fs::read(&path).unwrap(), b"");
    shell.sign_in(EMAIL, "").run().exits(0);
    shell.b2auth("token").run().exits(0);
}

#[test]
fn another_program_s_file_in_a_key_file_s_place_stays() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let key = foreign(&shell, "mine.key");
    let before = state(&key);
    let spec = format!("file:{}", shell.home().join("mine").display());
    let done = shell.sign_in(EMAIL, "--json --store").arg(&spec).run();
    expect::error(Form::Json, &done, 8, "not_a_store");
    assert!(done.err.contains(&*key.to_string_lossy()), "{done:#?}");
    assert_eq!(state(&key), before);
    assert!(sandbox.requests().iter().all(|request| request.method == "GET"), "{:#?}", sandbox.requests());
}

#[test]
fn a_code_is_not_drawn_over_another_program_s_file() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    for name in ["drawing.svg", "photo.png"] {
        let path = foreign(&shell, name);
        let before = state(&path);
        let option = if name.ends_with("svg") { "--svg" } else { "--png" };
        let link = shell.home().join("link");
        symlink(&path, &link).unwrap();
        for named in [&path, &link] {
            let done = shell.b2auth(&format!("qr show --json {option}")).arg(named).run();
            expect::error(Form::Json, &done, 8, "not_a_store");
            assert!(done.err.contains(&*named.to_string_lossy()), "{done:#?}");
            assert_eq!(state(&path), before);
        }
        fs::remove_file(link).unwrap();
        let device = shell.b2auth(&format!("qr show --json {option} /dev/full")).run();
        expect::error(Form::Json, &device, 8, "not_a_store");
    }
    assert!(!fs::metadata("/dev/full").unwrap().is_file());
    assert!(sandbox.requests().is_empty(), "{:#?}", sandbox.requests());
}

#[test]
fn a_sandbox_does_not_write_over_another_program_s_file() {
    let shell = Shell::new();
    for options in ["--port-file", "--steering-token-file", "--tls --ca-out"] {
        let path = foreign(&shell, "precious");
        let part = foreign(&shell, "precious.part");
        let before = (state(&path), state(&part));
        let done = shell.b2auth(&format!("--json sandbox {options}")).arg(&path).run();
        expect::error(Form::Json, &done, 8, "not_a_store");
        assert!(done.err.contains(&*path.to_string_lossy()), "{done:#?}");
        assert_eq!((state(&path), state(&part)), before);
    }
}

#[test]
fn what_a_sandbox_wrote_is_written_again() {
    let shell = Shell::new();
    let (port, root) = (shell.home().join("port"), shell.home().join("root.pem"));
    let mut before = None;
    for _ in 0..2 {
        let words = format!("sandbox --tls --ca-out {} --port-file {}", root.display(), port.display());
        let mut served = shell.b2auth(&words).start();
        let written = e2e::waiting::until("another port", || {
            let there = (fs::read(&port).ok()?, fs::read(&root).ok()?);
            (before.as_ref() != Some(&there.1)).then_some(there)
        });
        served.kill().unwrap();
        served.wait().unwrap();
        before = Some(written.1);
    }
}
