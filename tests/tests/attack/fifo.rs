//! A pipe, a socket or a folder where a file is expected: nothing waits for it longer than the call may take.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests too")]

use super::campaign::Campaign;
use auth_client::{
    AccountKey, Host, Office, Profile,
    ports::{RecordKey, RecordKind, SessionStore},
    store::FileStore,
};
use auth_sandbox::Sandbox;
use e2e::expect::{self, Form};
use e2e::shell::{Call, Done, Shell};
use e2e::waiting;
use std::fs;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

const EMAIL: &str = "plain@example.com";

fn make_pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Runs a call that could wait for ever, to its end or to that of this test.
#[track_caller]
fn ends(call: Call) -> Done {
    let mut child = call.start();
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        waiting::until("the call's end", || child.try_wait().unwrap())
    }));
    if ended.is_err() {
        child.kill().unwrap();
        child.wait().unwrap();
        panic!("the call waits for ever");
    }
    Done::of(child.wait_with_output().unwrap())
}

/// The file of a session's lock, whatever it is called: it is there while the lock is held.
fn lease(shell: &Shell, host: &str) -> PathBuf {
    let account =
        AccountKey { profile: Profile::default(), host: Host::parse(host).unwrap(), office: Office::Front };
    let store = FileStore::with_key_file(shell.store()).run_inline();
    let key = RecordKey { account, kind: RecordKind::Session };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let _held = runtime.block_on(store.lock(&key)).unwrap();
    let locks = fs::read_dir(shell.store().with_file_name("store.locks")).unwrap();
    locks.map(|entry| entry.unwrap().path()).next().unwrap()
}

#[test]
fn a_pipe_in_the_place_of_a_file_of_the_store_is_told_at_once() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in(EMAIL, "").run().exits(0);
    let store = shell.store();
    let lease = lease(&shell, sandbox.url());
    let cases: [(PathBuf, &[&str]); 4] = [
        (store.clone(), &["status", "token", "refresh", "signout", "accounts"]),
        (store.with_file_name("store.key"), &["status", "token", "refresh", "signout"]),
        (store.with_file_name("store.lock"), &["refresh", "signin"]),
        (lease, &["refresh"]),
    ];
    for (path, commands) in cases {
        let kept = fs::read(&path).ok();
        let _gone = fs::remove_file(&path);
        for kind in ["pipe", "socket", "folder"] {
            let _socket = match kind {
                "pipe" => {
                    make_pipe(&path);
                    None
                }
                "socket" => Some(UnixListener::bind(&path).unwrap()),
                _ => {
                    fs::create_dir(&path).unwrap();
                    None
                }
            };
            // A folder in a store's place is one to put the store into.
            if kind != "folder" || path != store {
                for words in commands {
                    let call = match *words {
                        "signin" => shell.sign_in(EMAIL, "--timeout 5 --limits off"),
                        words => shell.b2auth(words).arg("--timeout").arg("5"),
                    };
                    let done = ends(Form::Json.of(call));
                    expect::error(Form::Json, &done, 8, "store_io");
                    for part in [&*path.to_string_lossy(), "regular file"] {
                        assert!(done.err.contains(part), "{kind} {words} {part}: {done:#?}");
                    }
                }
            }
            if kind == "folder" { fs::remove_dir(&path).unwrap() } else { fs::remove_file(&path).unwrap() }
        }
        if let Some(kept) = kept {
            fs::write(&path, kept).unwrap();
            fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        }
    }
    shell.b2auth("token").run().exits(0);
}

/// A pipe takes a file's place between a look at the name and the opening of it.
#[test]
fn a_pipe_that_takes_a_file_s_place_at_any_moment_holds_nobody_up() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in(EMAIL, "").run().exits(0);
    let folder = shell.store().parent().unwrap().to_owned();
    let pipe = folder.join("pipe");
    make_pipe(&pipe);
    for (seed, mut rng) in Campaign::of("a pipe for a file", 20).rounds() {
        let name = *rng.choice(&["store", "store.key"]).unwrap();
        let (path, kept) = (folder.join(name), folder.join("kept"));
        let pauses = rng.u32(0..400);
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    for (from, to) in [(&path, &kept), (&pipe, &path), (&path, &pipe), (&kept, &path)] {
                        fs::rename(from, to).unwrap();
                        (0..pauses).for_each(|_| std::hint::spin_loop());
                    }
                }
            });
            let done = std::panic::catch_unwind(|| {
                (0..4).for_each(|_| {
                    let done = ends(shell.b2auth("status"));
                    // Signed in, nobody (in the moment without a file), or what is wrong.
                    assert!([0, 3, 8].contains(&done.code), "seed {seed}: {done:#?}");
                });
            });
            over.store(true, Ordering::Relaxed);
            done.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        });
    }
    shell.b2auth("token").run().exits(0);
}

#[test]
fn a_secret_is_waited_for_in_a_pipe_as_long_as_the_call_may_take() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let pipe = shell.home().join("pipe");
    make_pipe(&pipe);
    let sign_in = |option: &str| {
        shell.b2auth(&format!("signin --no-input --timeout 1 --email {EMAIL} {option}")).arg(&pipe)
    };
    for call in [
        sign_in("--password-file"),
        sign_in("--totp-secret-file"),
        shell.b2auth("status --timeout 1").env("B2AUTH_STORE_KEY_FILE", &pipe),
    ] {
        let done = ends(Form::Json.of(call));
        expect::error(Form::Json, &done, 2, "usage");
        assert!(done.err.contains(&*pipe.to_string_lossy()) && done.err.contains("within 1 s"), "{done:#?}");
    }
    // One that opens it and never writes.
    let open = fs::OpenOptions::new().read(true).write(true).open(&pipe).unwrap();
    let done = ends(Form::Json.of(sign_in("--password-file")));
    expect::error(Form::Json, &done, 2, "usage");
    drop(open);
    assert!(sandbox.requests().is_empty(), "{:#?}", sandbox.requests());

    // One that writes, sooner or later: by name, and as a shell hands it over.
    let call = shell.b2auth(&format!("signin --no-input --email {EMAIL} --password-file")).arg(&pipe).start();
    fs::write(&pipe, "Secret123\n").unwrap();
    expect::signed_in(Form::Text, &Done::of(call.wait_with_output().unwrap()), EMAIL, "front");
    shell.b2auth("signout").run().exits(0);
    let script = format!(
        "'{}' signin --no-input --email {EMAIL} --password-file <(printf 'Secret123')",
        e2e::binary::b2auth().display()
    );
    let done = shell.program("bash").arg("-c").arg(script).run();
    expect::signed_in(Form::Text, &done, EMAIL, "front");
}
