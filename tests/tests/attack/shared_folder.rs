//! A store in a folder that others can write to. Run by root these are two users; run by anybody else, what one user can try.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests too")]

use super::campaign::Campaign;
use auth_sandbox::Sandbox;
use e2e::expect::{self, Form};
use e2e::shell::{Call, Done, Shell};
use e2e::users::{OTHER, USER, are_several, as_user, give, give_home, set_mode, whose};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

const EMAIL: &str = "plain@example.com";
/// A key that the attacker knows.
const KNOWN: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n";

/// The victim's home with a folder in it that is like /tmp.
struct Shared {
    sandbox: Sandbox,
    shell: Shell,
    folder: PathBuf,
}

impl Shared {
    fn new() -> Self {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        let folder = shell.home().join("shared");
        fs::create_dir(&folder).unwrap();
        set_mode(&folder, 0o1777);
        let shell = shell.with("B2AUTH_STORE", format!("file:{}", folder.join("store").display()));
        Self { sandbox, shell, folder }
    }

    /// The same for two users; nothing if this test cannot be two.
    fn of_two(test: &str, instead: &str) -> Option<Self> {
        if !are_several(test, instead) {
            return None;
        }
        let shared = Self::new();
        give_home(&shared.shell, USER);
        give(&shared.folder, 0);
        Some(shared)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// A file that the attacker makes.
    fn plant(&self, name: &str, text: &str) -> PathBuf {
        let path = self.at(name);
        fs::write(&path, text).unwrap();
        set_mode(&path, 0o644);
        give(&path, OTHER);
        path
    }

    fn sign_in(&self, user: u32) -> Call {
        as_user(&self.shell, user, &format!("signin --email {EMAIL} --password-stdin")).input("Secret123\n")
    }

    /// Takes away what a call of another user has left.
    fn tidy(&self) {
        let _none = fs::remove_file(self.at("store.lock"));
        let _none = fs::remove_dir_all(self.at("store.locks"));
    }

    #[track_caller]
    fn was_not_asked(&self) {
        let asked = self.sandbox.requests();
        assert!(asked.iter().all(|request| request.method == "GET"), "no password was sent: {asked:#?}");
    }
}

#[track_caller]
fn refused(done: &Done, kind: &str, parts: &[&str]) {
    expect::error(Form::Json, done, 8, kind);
    for part in parts {
        assert!(done.err.contains(part), "{part}: {done:#?}");
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[test]
fn a_key_file_that_another_user_put_there_seals_nothing() {
    let Some(shared) =
        Shared::of_two("a key file of another user", "a key file that all others can write to")
    else {
        return;
    };
    let key = shared.plant("store.key", KNOWN);
    for user in [USER, 0] {
        shared.tidy();
        let done = Form::Json.of(shared.sign_in(user)).run();
        refused(&done, "store_key_missing", &[&text(&key), "belongs to another user"]);
        assert!(!shared.at("store").exists(), "nothing was sealed");
    }
    // The folder may be the attacker's as well.
    shared.tidy();
    give(&shared.folder, OTHER);
    set_mode(&shared.folder, 0o777);
    let done = Form::Json.of(shared.sign_in(USER)).run();
    refused(&done, "store_key_missing", &[&text(&key), "belongs to another user"]);
    assert!(!shared.at("store").exists(), "nothing was sealed");
    shared.was_not_asked();
}

#[test]
fn a_key_file_that_others_may_have_written_seals_nothing() {
    let shared = Shared::new();
    let key = shared.at("store.key");
    fs::write(&key, KNOWN).unwrap();
    set_mode(&key, 0o666);
    let sign_in = || Form::Json.of(shared.shell.sign_in(EMAIL, "")).run();
    refused(&sign_in(), "store_key_missing", &[&text(&key), "all others can write to it"]);
    // A file of ours by another name, which whoever may write to the folder can give it.
    set_mode(&key, 0o600);
    fs::hard_link(&key, shared.at("elsewhere")).unwrap();
    refused(&sign_in(), "store_key_missing", &[&text(&key), "it has another name"]);
    shared.was_not_asked();
    fs::remove_file(shared.at("elsewhere")).unwrap();
    shared.shell.sign_in(EMAIL, "").run().exits(0);
}

#[test]
fn a_store_of_another_user_is_not_used() {
    let Some(shared) =
        Shared::of_two("a store of another user", "nothing, as one user has one's own stores only")
    else {
        return;
    };
    shared.sign_in(OTHER).run().exits(0);
    for name in ["store", "store.key"] {
        set_mode(&shared.at(name), 0o644);
    }
    let kept = fs::read(shared.at("store")).unwrap();
    for user in [USER, 0] {
        for words in ["token", "status", "accounts", "refresh", "signout", "signin --resume"] {
            let done = Form::Json.of(as_user(&shared.shell, user, words)).run();
            refused(&done, "store_io", &[&text(&shared.at("store")), "belongs to another user"]);
        }
        let done = Form::Json.of(shared.sign_in(user)).run();
        refused(&done, "store_io", &[&text(&shared.at("store")), "belongs to another user"]);
    }
    assert_eq!(fs::read(shared.at("store")).unwrap(), kept);
    assert_eq!(whose(&shared.at("store")).0, OTHER);
}

#[test]
fn an_empty_file_of_another_user_does_not_get_the_session() {
    let Some(shared) = Shared::of_two("an empty file of another user", "nothing, as that takes another user")
    else {
        return;
    };
    shared.plant("store", "");
    for user in [USER, 0] {
        shared.tidy();
        let done = Form::Json.of(shared.sign_in(user)).run();
        refused(&done, "store_io", &[&text(&shared.at("store")), "belongs to another user"]);
    }
    assert!(fs::read(shared.at("store")).unwrap().is_empty());
    shared.was_not_asked();
}

#[test]
fn a_lock_of_another_user_is_told_and_not_waited_for() {
    let Some(shared) = Shared::of_two("a lock of another user", "nothing, as that takes another user") else {
        return;
    };
    let lock = shared.plant("store.lock", "");
    set_mode(&lock, 0o666);
    let done = Form::Json.of(shared.sign_in(USER)).run();
    refused(&done, "store_io", &[&text(&lock), "belongs to another user"]);
    fs::remove_file(lock).unwrap();
    shared.tidy();
    let locks = shared.at("store.locks");
    fs::create_dir(&locks).unwrap();
    give(&locks, OTHER);
    set_mode(&locks, 0o777);
    let done = Form::Json.of(shared.sign_in(USER)).run();
    refused(&done, "store_io", &[&text(&locks), "belongs to another user"]);
    assert_eq!(fs::read_dir(locks).unwrap().count(), 0);
    shared.was_not_asked();
}

#[test]
fn another_user_s_link_leads_nowhere() {
    let Some(shared) = Shared::of_two("a link of another user", "one's own links, which are followed") else {
        let shared = Shared::new();
        return own_links_are_followed(&shared, |_| {});
    };
    let home = shared.shell.home().join("home");
    fs::create_dir(&home).unwrap();
    give(&home, USER);
    let planted =
        [("store", "new"), ("store.key", "new"), ("store.lock", "new"), ("store.locks", ""), ("store", "")];
    for (name, target) in planted {
        let (link, target) = (shared.at(name), home.join(target));
        for user in [USER, 0] {
            shared.tidy();
            symlink(&target, &link).unwrap();
            give(&link, OTHER);
            let done = Form::Json.of(shared.sign_in(user)).run();
            let kind = if name == "store.key" { "store_key_missing" } else { "store_io" };
            refused(&done, kind, &[&text(&link), "link"]);
            assert_eq!(
                fs::read_dir(&home).unwrap().count(),
                0,
                "{name}: a file was made in the victim's home"
            );
            fs::remove_file(&link).unwrap();
        }
    }
    shared.tidy();
    // On the way to the store.
    let link = shared.at("way");
    symlink(&home, &link).unwrap();
    give(&link, OTHER);
    let store = format!("file:{}", link.join("store").display());
    let done = Form::Json.of(shared.sign_in(USER)).arg("--store").arg(&store).run();
    refused(&done, "store_io", &[&text(&link), "a link of another user"]);
    assert_eq!(fs::read_dir(&home).unwrap().count(), 0);
    shared.was_not_asked();
    fs::remove_file(link).unwrap();
    own_links_are_followed(&shared, |link| give(link, USER));
}

fn own_links_are_followed(shared: &Shared, give_to_us: impl Fn(&Path)) {
    let home = shared.shell.home().join("own");
    fs::create_dir(&home).unwrap();
    give_to_us(&home);
    let (link, way) = (shared.at("store"), shared.at("way"));
    symlink(shared.at("way/kept"), &link).unwrap();
    symlink(&home, &way).unwrap();
    [&link, &way].into_iter().for_each(|link| give_to_us(link));
    shared.sign_in(USER).run().exits(0);
    assert!(home.join("kept").is_file() && home.join("kept.key").is_file());
    as_user(&shared.shell, USER, "token").run().exits(0);
}

/// The attacker puts a key there and takes it away again while the victim signs in, by one way or another.
#[test]
fn a_key_that_comes_and_goes_during_a_sign_in_seals_nothing() {
    let instead = "the same with a key that all others can write to";
    let two = are_several("a key of another user that comes and goes", instead);
    for (seed, mut rng) in Campaign::of("a key that comes and goes", 3).rounds() {
        let shared = Shared::new();
        if two {
            give_home(&shared.shell, USER);
            give(&shared.folder, 0);
        }
        let (key, aside) = (shared.at("store.key"), shared.at("aside"));
        let (is_link, pauses) = (two && rng.bool(), rng.u32(0..60));
        let known = shared.at("known");
        fs::write(&known, KNOWN).unwrap();
        set_mode(&known, if two { 0o644 } else { 0o666 });
        if is_link {
            symlink(&known, &aside).unwrap();
        } else {
            fs::rename(&known, &aside).unwrap();
        }
        if two {
            [&known, &aside]
                .into_iter()
                .filter(|path| path.symlink_metadata().is_ok())
                .for_each(|path| give(path, OTHER));
        }
        let over = AtomicBool::new(false);
        let done = std::thread::scope(|scope| {
            scope.spawn(|| {
                // A key of the victim's own stays: no link is made over it, and only what was linked is removed.
                while !over.load(Ordering::Relaxed) {
                    if fs::hard_link(&aside, &key).is_ok() {
                        (0..pauses).for_each(|_| std::hint::spin_loop());
                        fs::remove_file(&key).unwrap();
                    }
                    (0..pauses).for_each(|_| std::hint::spin_loop());
                }
            });
            let done = shared.sign_in(USER).run();
            over.store(true, Ordering::Relaxed);
            done
        });
        if let Ok(sealed) = fs::read(shared.at("store")) {
            let opens = shared.shell.home().join("copy");
            fs::write(&opens, sealed).unwrap();
            fs::write(opens.with_extension("key"), KNOWN).unwrap();
            set_mode(&opens.with_extension("key"), 0o600);
            let store = format!("file:{}", opens.display());
            let opened = Form::Json.of(shared.shell.b2auth("token --store").arg(store)).run();
            let kind = &opened.json()["error"]["kind"];
            assert_eq!(kind, "store_wrong_key", "seed {seed}: the attacker's key opens it; {done:#?}");
        }
    }
}
