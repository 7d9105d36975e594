//! Whose the files are that are left behind, whoever calls, with whatever umask.
//!
//! As root these tests call `b2auth` as another user too. Run by a plain user they make the same of a folder that takes no file.

use auth_sandbox::Sandbox;
use e2e::expect::{self, Form};
use e2e::shell::Shell;
use e2e::users::{OTHER, USER, as_user, give_home, is_root, set_mode, whose};
use std::fs;

const EMAIL: &str = "plain@example.com";
#[test]
fn an_administrator_s_call_locks_the_user_out_of_nothing() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in(EMAIL, "").run().exits(0);
    for file in shell.files() {
        if file.extension().is_some_and(|end| end == "lock" || end == "lease") {
            fs::remove_file(file).unwrap();
        }
    }
    if is_root() {
        give_home(&shell, USER);
    }
    let (owner, group, mode) = whose(&shell.store());
    for words in
        ["refresh", "token --force-refresh", "status", "signin --email sms@example.com --password-stdin"]
    {
        shell.b2auth(words).input("Secret123\n").run();
    }
    let files: Vec<_> = shell.files().into_iter().filter(|file| !file.ends_with("b2auth")).collect();
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        assert_eq!(whose(&file), (owner, group, mode), "{}", file.display());
    }
    let requests = sandbox.requests().len();
    for words in ["token --force-refresh", "refresh", "status", "signout"] {
        as_user(&shell, USER, words).run().exits(0);
    }
    assert!(sandbox.requests().len() > requests, "the user's own calls reach the host");
}

#[test]
fn a_store_that_could_not_stay_its_owner_s_is_refused_before_the_host_is_asked() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        shell.sign_in(EMAIL, "").run().exits(0);
        let folder = shell.store().parent().unwrap().to_owned();
        if is_root() {
            // Another user may read everything and make files, and is refused all the same.
            give_home(&shell, OTHER);
            let mut above = Some(folder.as_path());
            while let Some(path) = above.filter(|path| path.starts_with(shell.home())) {
                set_mode(path, 0o777);
                above = path.parent();
            }
            set_mode(&folder.join("store.locks"), 0o777);
            for file in shell.files() {
                set_mode(&file, 0o666);
            }
        } else {
            set_mode(&folder, 0o500);
        }
        let before: Vec<_> = shell.files().into_iter().map(|file| (whose(&file), file)).collect();
        let kept = fs::read(shell.store()).unwrap();
        let requests = sandbox.requests().len();
        for words in ["refresh", "token --force-refresh"] {
            let done = form.of(as_user(&shell, USER, words)).run();
            expect::error(form, &done, 8, "store_io");
            assert!(done.err.contains(&*folder.to_string_lossy()), "{done:#?}");
        }
        assert_eq!(sandbox.requests().len(), requests, "{:#?}", sandbox.requests());
        assert_eq!(fs::read(shell.store()).unwrap(), kept);
        for (whose_it_was, file) in before {
            assert_eq!(whose(&file), whose_it_was, "{}", file.display());
        }
        set_mode(&folder, 0o777);
        for (file, by) in shell.files().into_iter().map(|file| (whose(&file).0, file)) {
            assert_ne!(file, USER, "{}", by.display());
        }
        // Reading needs no right to write, but the store has to be one's own.
        as_user(&shell, USER, "token").run().exits(if is_root() { 8 } else { 0 });
    }
}

#[test]
fn a_umask_takes_no_right_away_from_the_owner() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let (svg, port) = (shell.home().join("code.svg"), shell.home().join("port"));
    let script = |words: &str| {
        let call = shell.program("sh").arg("-c");
        call.arg(format!("umask 0777 && exec '{}' {words}", e2e::binary::b2auth().display()))
    };
    script(&format!("signin --email {EMAIL} --password-stdin")).input("Secret123\n").run().exits(0);
    script("refresh").run().exits(0);
    let folder = shell.store().parent().unwrap().to_owned();
    assert_eq!(whose(&folder).2, 0o700);
    assert_eq!(whose(&folder.join("store.locks")).2, 0o700);
    for file in shell.files() {
        assert_eq!(whose(&file).2, 0o600, "{}", file.display());
    }
    let mut served = script(&format!("sandbox --port-file '{}'", port.display())).start();
    let mut shown = script(&format!("qr show --json --svg '{}'", svg.display())).start();
    e2e::waiting::until("both files", || (svg.exists() && port.exists()).then_some(()));
    assert_eq!((whose(&svg).2, whose(&port).2), (0o600, 0o644));
    for child in [&mut served, &mut shown] {
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
