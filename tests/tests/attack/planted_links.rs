//! Links, and files of another user, where something is written that an option names: `--port-file`, `--ca-out`, `--svg`, `--png`, and
//! where secrets are read.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests too")]

use auth_sandbox::Sandbox;
use e2e::expect::{self, Form};
use e2e::shell::{Call, Shell};
use e2e::users::{OTHER, USER, are_several, as_user, give, give_home, set_mode, whose};
use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::PathBuf;

const EMAIL: &str = "plain@example.com";

/// Two users, and a folder that both can write to; nothing if this test cannot be two.
fn two_users(test: &str) -> Option<(Sandbox, Shell, PathBuf)> {
    if !are_several(test, "nothing, as that takes another user") {
        return None;
    }
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let folder = shell.home().join("shared");
    fs::create_dir(&folder).unwrap();
    give_home(&shell, USER);
    give(&folder, 0);
    set_mode(&folder, 0o1777);
    Some((sandbox, shell, folder))
}

/// Every option that names a file to write.
const WRITERS: [(&str, &str); 4] = [
    ("sandbox --port-file", "port"),
    ("sandbox --tls --ca-out", "ca.pem"),
    ("qr show --svg", "code.svg"),
    ("qr show --png", "code.png"),
];

/// Runs a call that may serve for ever, up to its first line or its end.
#[track_caller]
fn is_refused(call: Call, path: &str) {
    let mut child = call.start();
    let mut first = String::new();
    let mut out = std::io::BufReader::new(child.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut out, &mut first).unwrap();
    if !first.contains("\"error\"") {
        let _over = child.kill();
    }
    let done = child.wait_with_output().unwrap();
    let err = String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(2), "{first} {err}");
    assert!(err.contains(path) && err.contains("another user"), "{err}");
}

#[test]
fn a_planted_link_decides_nothing_of_what_is_written() {
    let Some((_sandbox, shell, folder)) = two_users("a link where a file is written") else { return };
    let mine = shell.home().join("mine");
    fs::create_dir(&mine).unwrap();
    for (words, name) in WRITERS {
        // Of the victim's: a file with nothing in it, one that such a call wrote, and none.
        let contents = [("empty", Some("")), ("port", Some("80\n")), ("none", None)];
        for (target, content) in contents {
            let (target, link) = (mine.join(target), folder.join(name));
            if let Some(content) = content {
                fs::write(&target, content).unwrap();
                give(&target, USER);
            }
            symlink(&target, &link).unwrap();
            give(&link, OTHER);
            for user in [USER, 0] {
                is_refused(Form::Json.of(as_user(&shell, user, words).arg(&link)), &link.to_string_lossy());
            }
            assert_eq!(fs::read_to_string(&target).ok().as_deref(), content, "{words}");
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
            fs::remove_file(link).unwrap();
        }
        // A file of the attacker's own, which would stay theirs to read.
        let planted = folder.join(name);
        fs::write(&planted, "").unwrap();
        set_mode(&planted, 0o666);
        give(&planted, OTHER);
        for user in [USER, 0] {
            is_refused(Form::Json.of(as_user(&shell, user, words).arg(&planted)), &planted.to_string_lossy());
        }
        assert_eq!((fs::read(&planted).unwrap().len(), whose(&planted).0), (0, OTHER));
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), WRITERS.len(), "nothing else is left there");
}

/// What is written first is written under a name that nobody can foresee.
#[test]
fn a_name_that_can_be_guessed_is_not_written_through() {
    let shell = Shell::new();
    let (port, precious) = (shell.home().join("port"), shell.home().join("precious"));
    fs::write(&precious, "precious").unwrap();
    let inode = fs::metadata(&precious).unwrap().ino();
    for suffix in [".part", ".tmp", ".new", "~"] {
        symlink(&precious, shell.home().join(format!("port{suffix}"))).unwrap();
    }
    symlink(&precious, shell.home().join(".port")).unwrap();
    let mut served = shell.b2auth("sandbox --port-file").arg(&port).start();
    e2e::waiting::until("the port file", || port.exists().then_some(()));
    served.kill().unwrap();
    served.wait().unwrap();
    assert_eq!(fs::read(&precious).unwrap(), b"precious");
    assert_eq!((fs::metadata(&precious).unwrap().ino(), fs::metadata(&port).unwrap().nlink()), (inode, 1));
}

#[test]
fn a_secret_is_not_read_by_a_planted_link_or_from_another_user_s_pipe() {
    let Some((sandbox, shell, folder)) = two_users("a link where a secret is read") else { return };
    let mine = shell.home().join("private");
    fs::write(&mine, "the victim's own secret").unwrap();
    set_mode(&mine, 0o600);
    give(&mine, USER);
    let planted = folder.join("password");
    let sign_in = |user| {
        let words = format!("signin --no-input --timeout 5 --email {EMAIL} --password-file");
        Form::Json.of(as_user(&shell, user, &words).arg(&planted)).run()
    };
    symlink(&mine, &planted).unwrap();
    give(&planted, OTHER);
    for user in [USER, 0] {
        let done = sign_in(user);
        expect::error(Form::Json, &done, 2, "usage");
        assert!(done.err.contains("a link of another user"), "{done:#?}");
    }
    fs::remove_file(&planted).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&planted).status().unwrap().success());
    give(&planted, OTHER);
    set_mode(&planted, 0o666);
    let open = fs::OpenOptions::new().read(true).write(true).open(&planted).unwrap();
    std::io::Write::write_all(&mut &open, b"Secret123\n").unwrap();
    let done = sign_in(USER);
    expect::error(Form::Json, &done, 2, "usage");
    assert!(sandbox.requests().is_empty(), "{:#?}", sandbox.requests());
    // A link of the administrator's is how a mounted secret looks.
    fs::remove_file(&planted).unwrap();
    let (mount, secret) = (shell.home().join("mount"), shell.home().join("mount/..2026/password"));
    fs::create_dir_all(secret.parent().unwrap()).unwrap();
    fs::write(&secret, "Secret123").unwrap();
    std::os::unix::fs::chown(&secret, Some(0), Some(USER)).unwrap();
    set_mode(&secret, 0o440);
    symlink("..2026", mount.join("..data")).unwrap();
    symlink("..data/password", mount.join("password")).unwrap();
    symlink(mount.join("password"), &planted).unwrap();
    expect::signed_in(Form::Json, &sign_in(USER), EMAIL, "front");
}
