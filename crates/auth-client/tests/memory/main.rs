//! After a sign-out a process holds no token any more: its memory is read from outside and searched for every piece of them.
//!
//! The transport is one that wipes what it owns. What reqwest, hyper and rustls keep of a request and its answer is theirs, and
//! goes when its memory is used again.
#![cfg(target_os = "linux")]

mod child;
mod markers;
mod scan;

use std::{
    env,
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
};

/// Which store the child uses; set for the child only.
const STORE: &str = "B2AUTH_TEST_STORE";

#[test]
fn no_token_is_left_after_a_sign_out() {
    if let Ok(store) = env::var(STORE) {
        return child::run(&store);
    }
    for store in ["memory", "file"] {
        watch(store);
    }
}

/// Runs the child and looks into it each time it pauses.
fn watch(store: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = Command::new(env::current_exe().expect("this program"))
        .args(["--exact", "no_token_is_left_after_a_sign_out", "--nocapture", "--test-threads=1"])
        .env(STORE, store)
        .env("TMPDIR", folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("this program again");
    let mut go_on = child.stdin.take().expect("piped");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let mut pause = || {
        let named = lines.find_map(|line| line.expect("a line").strip_prefix("pause: ").map(str::to_owned));
        let found = scan::pieces(child.id(), &markers::ALL);
        (named.expect("the child pauses"), found)
    };

    let (name, found) = pause();
    assert_eq!(name, "signed in");
    for token in markers::TOKENS {
        assert!(found.contains_key(token), "the search would not find the {token} ({store})");
    }
    assert!(
        !found.contains_key("first access token") && !found.contains_key("first refresh token"),
        "{found:#?}"
    );
    writeln!(go_on).expect("the child waits");

    let (name, found) = pause();
    assert_eq!(name, "signed out");
    assert!(found.is_empty(), "left in memory ({store} store): {found:#?}");
    writeln!(go_on).expect("the child waits");
    assert!(child.wait().expect("it ends").success());
}
