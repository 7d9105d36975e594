//! `b2auth` on a desktop: sessions in the real GNOME Keyring, and which store is taken where none is named.

use std::fs;

use auth_sandbox::Sandbox;
use e2e::keyring::Desktop;
use e2e::redis_server::RedisServer;
use e2e::shell::Shell;
use serde_json::json;

const EMAIL: &str = "plain@example.com";

fn kind(shell: &Shell, code: i32) -> serde_json::Value {
    shell.b2auth("status --json").run().exits(code).json()["store"]["kind"].clone()
}

#[test]
fn a_keyring_that_works_is_taken_and_stays_the_store() {
    let sandbox = Sandbox::start().unwrap();
    let mut desktop = Desktop::new();
    let shell = desktop.shell(Shell::at_sandbox(&sandbox));
    shell.sign_in(EMAIL, "").run().exits(0);
    let token = shell.b2auth("token").run().exits(0).out;
    assert_eq!(kind(&shell, 0), "keyring");
    let status = shell.b2auth("status").run().exits(0).out;
    assert!(status.contains("Store: the keyring of the system, entries b2auth."), "{status}");
    assert!(desktop.entries("b2auth").contains("part-"), "{}", desktop.entries("b2auth"));
    for file in shell.files() {
        let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
        assert!(!text.contains(token.trim()) && !text.contains(EMAIL), "{}", file.display());
    }
    desktop.kill_keyring();
    for words in ["token", "status", "accounts", "signout"] {
        let done = shell.b2auth(words).arg("--json").run().exits(8);
        assert_eq!(done.json()["error"]["kind"], "store_unavailable", "{words}: {done:#?}");
    }
    shell.sign_in(EMAIL, "").run().exits(8);
    // A shell of the same user that has no bus is not signed out either.
    shell
        .b2auth("token")
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env("XDG_RUNTIME_DIR", shell.home())
        .run()
        .exits(8);
    assert!(!shell.store().exists(), "no new store is begun");
    desktop.start_keyring("data");
    assert_eq!(shell.b2auth("token").run().exits(0).out, token);
    shell.b2auth("signout").run().exits(0);
    shell.b2auth("token").run().exits(3);
    assert!(!desktop.entries("b2auth").contains(token.trim()));
}

#[test]
fn the_key_of_a_store_in_redis_can_be_in_the_keyring() {
    let (sandbox, redis) = (Sandbox::start().unwrap(), RedisServer::start());
    let url = format!("{}?key=keyring", redis.url());
    let mut desktop = Desktop::new();
    let shell = desktop.shell(Shell::at_sandbox(&sandbox)).with("B2AUTH_STORE", &url);
    shell.sign_in(EMAIL, "").run().exits(0);
    let token = shell.b2auth("token").run().exits(0).out;
    let status = shell.b2auth("status").run().exits(0).out;
    assert!(status.contains("sealed with a key in the keyring"), "{status}");
    assert!(desktop.entries("b2auth-redis-key").contains("part-"));
    // Another user has another key.
    let stranger = Desktop::new();
    let other = stranger.shell(Shell::at_sandbox(&sandbox)).with("B2AUTH_STORE", &url);
    let done = other.b2auth("token --json").run().exits(8);
    assert_eq!(done.json()["error"]["kind"], "store_wrong_key", "{done:#?}");
    desktop.kill_keyring();
    let done = shell.b2auth("token --json").run().exits(8);
    assert_eq!(done.json()["error"]["kind"], "store_unavailable", "{done:#?}");
    desktop.start_keyring("data");
    assert_eq!(shell.b2auth("token").run().exits(0).out, token);
    shell.b2auth("token").env("B2AUTH_STORE_KEY", "correct horse").run().exits(2);
}

#[test]
fn a_keyring_that_has_lost_the_store_is_no_sign_out_and_can_be_given_up() {
    let sandbox = Sandbox::start().unwrap();
    let mut desktop = Desktop::new();
    let shell = desktop.shell(Shell::at_sandbox(&sandbox));
    shell.sign_in(EMAIL, "").run().exits(0);
    desktop.kill_keyring();
    desktop.start_keyring("other");
    let done = shell.b2auth("token").run().exits(8);
    assert!(done.error_line().contains("signin --set-store-aside"), "{done:#?}");
    let anew = shell.sign_in(EMAIL, "--set-store-aside").run().exits(0);
    assert!(anew.err.contains("was given up"), "{anew:#?}");
    shell.b2auth("token").run().exits(0);
    let again = shell.sign_in(EMAIL, "--set-store-aside").run().exits(0);
    assert!(again.err.contains("stays in its place"), "{again:#?}");
}

#[test]
fn without_a_bus_or_with_a_locked_keyring_the_file_is_taken_and_nobody_is_asked() {
    let sandbox = Sandbox::start().unwrap();
    let desktop = Desktop::new();
    desktop.lock();
    for shell in [
        Shell::at_sandbox(&sandbox),
        desktop.shell(Shell::at_sandbox(&sandbox)),
        Desktop::bare().shell(Shell::at_sandbox(&sandbox)),
    ] {
        shell.sign_in(EMAIL, "").run().exits(0);
        assert_eq!(kind(&shell, 0), "file");
        assert!(shell.store().exists());
        let status = shell.b2auth("status").run().exits(0).out;
        assert!(status.contains("key file beside it"), "{status}");
        assert!(!shell.home().join(".local/share/b2auth/chosen-store").exists());
    }
}

#[test]
fn a_file_in_use_stays_in_use_until_it_is_copied() {
    let sandbox = Sandbox::start().unwrap();
    let desktop = Desktop::new();
    let shell = desktop.shell(Shell::at_sandbox(&sandbox));
    let before = shell.sign_in(EMAIL, "").env_remove("DBUS_SESSION_BUS_ADDRESS");
    before.run().exits(0);
    let token = shell.b2auth("token").run().exits(0).out;
    assert_eq!(kind(&shell, 0), "file");
    let copied = shell.b2auth("store copy auto keyring").run().exits(0);
    assert!(copied.err.contains("From now on b2auth uses keyring"), "{copied:#?}");
    assert_eq!(kind(&shell, 0), "keyring");
    assert_eq!(shell.b2auth("token").run().exits(0).out, token);
    // And back.
    let path = format!("file:{}", shell.store().display());
    shell.b2auth("store copy keyring").arg(&path).run().exits(0);
    assert_eq!(kind(&shell, 0), "file");
    // A copy to a place that is not the usual one changes nothing.
    let elsewhere = shell.b2auth("store copy auto keyring:spare").run().exits(0);
    assert!(!elsewhere.err.contains("From now on"), "{elsewhere:#?}");
    assert_eq!(kind(&shell, 0), "file");
    assert_eq!(shell.b2auth("token --store keyring:spare").run().exits(0).out, token);
}

#[test]
fn a_named_store_of_the_keyring_is_one_of_its_own() {
    let sandbox = Sandbox::start().unwrap();
    let desktop = Desktop::new();
    let shell = desktop.shell(Shell::at_sandbox(&sandbox)).with("B2AUTH_STORE", "keyring:work");
    shell.sign_in(EMAIL, "").run().exits(0);
    shell.b2auth("run -- sh -c").arg("\"$B2AUTH_PROGRAM\" token").run().exits(0);
    let status = shell.b2auth("status --json").run().exits(0).json();
    assert_eq!(status["store"], json!({"kind": "keyring", "place": "b2auth-work", "sealed_by": "keyring"}));
    shell.b2auth("token").env("B2AUTH_STORE", "keyring").run().exits(3);
    assert!(!shell.home().join(".local/share/b2auth/chosen-store").exists(), "a named store is no choice");
    shell.b2auth("store copy keyring:work keyring:work").run().exits(2);
}

#[test]
fn a_choice_that_is_not_ours_is_left_alone() {
    let sandbox = Sandbox::start().unwrap();
    let desktop = Desktop::new();
    let shell = desktop.shell(Shell::at_sandbox(&sandbox));
    let choice = shell.home().join(".local/share/b2auth/chosen-store");
    fs::create_dir_all(choice.parent().unwrap()).unwrap();
    fs::write(&choice, "notes").unwrap();
    shell.sign_in(EMAIL, "").run().exits(8);
    assert_eq!(fs::read(&choice).unwrap(), b"notes");
}
