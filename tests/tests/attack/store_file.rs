//! Somebody who may write the store's file and lacks its key. Whatever is changed in it, a command fails or says the truth: nobody
//! is hidden from a list, kept signed in by a sign-out, or brought back.

use std::fs;
use std::path::{Path, PathBuf};

use auth_client::ports::{RecordKind, SessionStore};
use auth_client::store::FileStore;
use auth_sandbox::Sandbox;
use e2e::bearer;
use e2e::expect::{self, Form};
use e2e::past::block_on;
use e2e::shell::Shell;
use serde_json::{Value, json};

use super::campaign::Campaign;

const EMAIL: &str = "plain@example.com";

/// Two accounts of the host, and the file with both.
fn two_accounts(sandbox: &Sandbox) -> (Shell, Vec<u8>) {
    let shell = Shell::at_sandbox(sandbox);
    shell.sign_in(EMAIL, "").run().exits(0);
    shell.sign_in(EMAIL, "--profile other").run().exits(0);
    let bytes = fs::read(shell.store()).expect("the store is there");
    (shell, bytes)
}

fn json_of(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).expect("the store is there")).expect("it is JSON")
}

fn put(path: &Path, file: &Value) {
    fs::write(path, file.to_string()).expect("the folder can be written");
}

/// The profiles that a list names, whatever it says of them; nothing if it says that it cannot tell.
fn listed(shell: &Shell) -> Option<Vec<String>> {
    let done = shell.b2auth("accounts --json").run();
    if done.code != 0 {
        assert!(!done.err.is_empty(), "{done:#?}");
        return None;
    }
    let said = done.json();
    let accounts = said["accounts"].as_array().expect("a list");
    Some(accounts.iter().map(|account| account["profile"].as_str().unwrap_or_default().to_owned()).collect())
}

/// One of the file's records, in a place of its own or another's, or one byte of the file.
fn tamper(bytes: &[u8], earlier: &Value, rng: &mut fastrand::Rng) -> Vec<u8> {
    let mut file: Value = serde_json::from_slice(bytes).expect("it is JSON");
    let records = file["records"].as_object_mut().expect("records");
    let names: Vec<String> = records.keys().cloned().collect();
    let (one, other) = (rng.choice(&names).expect("a record"), rng.choice(&names).expect("a record"));
    match rng.u8(..9) {
        0 => drop(records.remove(one)),
        1 => {
            let record = records.remove(one).expect("it is there");
            let mut name = one.clone().into_bytes();
            let at = rng.usize(..name.len());
            name[at] = if name[at] == b'0' { b'1' } else { b'0' };
            records.insert(String::from_utf8(name).expect("digits"), record);
        }
        2 => {
            let record = records[one].clone();
            records.insert(other.clone(), record);
        }
        3 => {
            let old = earlier["records"].as_object().expect("records");
            let (name, record) = rng.choice(old.iter().collect::<Vec<_>>()).expect("a record");
            records.insert(name.clone(), record.clone());
        }
        4 => file["table"] = earlier["table"].clone(),
        // Version 1 had no table, and its records did not have to say whose they are.
        5 => call_it_version_1(&mut file),
        _ => {
            let mut bytes = bytes.to_vec();
            let at = rng.usize(..bytes.len());
            bytes[at] = rng.u8(b' '..=b'~');
            return bytes;
        }
    }
    file.to_string().into_bytes()
}

fn call_it_version_1(file: &mut Value) {
    file["version"] = json!(1);
    file.as_object_mut().expect("an object").remove("table");
}

#[test]
fn a_file_that_is_called_an_older_version_hides_nobody() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().expect("the sandbox starts");
        let (shell, _) = two_accounts(&sandbox);
        let mut file = json_of(&shell.store());
        call_it_version_1(&mut file);
        put(&shell.store(), &file);
        expect::error(form, &form.of(shell.b2auth("accounts")).run(), 8, "store_corrupt");
        expect::error(form, &form.of(shell.b2auth("signout --all")).run(), 8, "store_corrupt");
        // The way on that it names.
        expect::error(form, &form.of(shell.b2auth("status")).run(), 8, "store_corrupt");
        assert_eq!(aside(&shell).len(), 1, "the file is kept");
        shell.sign_in(EMAIL, "").run().exits(0);
        form.of(shell.b2auth("signout --all")).run().exits(0);
    }
}

#[test]
fn whatever_is_changed_nobody_is_hidden_or_left_signed_in() {
    let sandbox = Sandbox::start().expect("the sandbox starts");
    let (shell, _) = two_accounts(&sandbox);
    let earlier = json_of(&shell.store());
    // Both records are written anew, so that there is an earlier one of each.
    shell.b2auth("refresh").run().exits(0);
    shell.b2auth("refresh --profile other").run().exits(0);
    let bytes = fs::read(shell.store()).expect("the store is there");
    let tokens: Vec<String> = ["token", "token --profile other"]
        .iter()
        .map(|words| shell.b2auth(words).run().exits(0).line().to_owned())
        .collect();
    for (seed, mut rng) in Campaign::of("store_file", 8).rounds() {
        let tampered = tamper(&bytes, &earlier, &mut rng);
        let set = || {
            for file in aside(&shell) {
                fs::remove_file(file).expect("it can be removed");
            }
            fs::write(shell.store(), &tampered).expect("the folder can be written");
        };
        set();
        if let Some(found) = listed(&shell) {
            for profile in ["default", "other"] {
                assert!(
                    found.iter().any(|name| name == profile),
                    "seed {seed}: {profile} is hidden: {found:?}"
                );
            }
        }
        for (profile, token) in ["default", "other"].iter().zip(&tokens) {
            set();
            let done = shell.b2auth(&format!("token --profile {profile}")).run();
            assert!(
                done.code == 8 || (done.code, done.out.trim_end()) == (0, token),
                "seed {seed}: {done:#?}"
            );
        }
        set();
        // The host revokes the tokens in the first round; nobody asks it about them afterwards.
        let done = shell.b2auth("signout --all --json").run();
        if done.code == 0 {
            assert_eq!(done.json()["accounts"].as_array().map(Vec::len), Some(2), "seed {seed}: {done:#?}");
            let left = block_on(FileStore::with_key_file(shell.store()).keys()).expect("the store opens");
            assert!(!left.iter().any(|key| key.kind == RecordKind::Session), "seed {seed}: {left:?}");
        } else {
            assert_eq!(done.code, 8, "seed {seed}: {done:#?}");
        }
    }
}

/// What was set aside in the round before.
fn aside(shell: &Shell) -> Vec<PathBuf> {
    shell.files().into_iter().filter(|file| file.to_string_lossy().contains(".damaged-")).collect()
}

#[test]
fn a_renamed_record_hides_nobody() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().expect("the sandbox starts");
        let (shell, _) = two_accounts(&sandbox);
        let mut file = json_of(&shell.store());
        let records = file["records"].as_object_mut().expect("records");
        *records = std::mem::take(records)
            .into_iter()
            .map(|(name, record)| {
                (if name.starts_with('a') { 'b' } else { 'a' }.to_string() + &name[1..], record)
            })
            .collect();
        put(&shell.store(), &file);
        let done = form.of(shell.b2auth("signout --all")).run();
        let error = expect::error(form, &done, 8, "store_corrupt");
        if form == Form::Json {
            assert!(error["message"].as_str().is_some_and(|said| said.contains("not revoked")), "{error}");
        }
        assert_eq!(listed(&shell), Some(Vec::new()), "they are signed out here");
    }
}

#[test]
fn a_former_users_record_that_is_put_back_signs_nobody_in() {
    for next_user in [false, true] {
        let sandbox = Sandbox::start().expect("the sandbox starts");
        let shell = Shell::at_sandbox(&sandbox);
        shell.sign_in(EMAIL, "").run().exits(0);
        let former = json_of(&shell.store());
        let token = shell.b2auth("token").run().exits(0).line().to_owned();
        // The host refuses, so that the former user's tokens are still good.
        sandbox.fault("sign_out:status=500".parse().expect("a fault"));
        shell.b2auth("signout").run().exits(0);
        if next_user {
            shell.sign_in(EMAIL, "").run().exits(0);
        }
        assert_eq!(bearer::status(&sandbox, &token), 200);
        let mut now = json_of(&shell.store());
        for (name, record) in former["records"].as_object().expect("records") {
            now["records"][name] = record.clone();
        }
        put(&shell.store(), &now);
        let done = shell.b2auth("status --json").run();
        assert_eq!(done.json()["error"]["kind"], json!("store_corrupt"), "{done:#?}");
        assert_eq!(shell.b2auth("token").run().code, 3);
    }
}

#[test]
fn a_store_whose_list_is_damaged_ends_a_sign_out_of_all_with_an_error() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().expect("the sandbox starts");
        let (shell, _) = two_accounts(&sandbox);
        let mut file = json_of(&shell.store());
        let flip = |text: &str| if text.starts_with('A') { "B" } else { "A" }.to_owned() + &text[1..];
        file["table"]["sealed"] = flip(file["table"]["sealed"].as_str().expect("a table")).into();
        put(&shell.store(), &file);
        let done = form.of(shell.b2auth("signout --all")).run();
        expect::error(form, &done, 8, "store_corrupt");
        let keys = block_on(FileStore::with_key_file(shell.store()).keys());
        assert_eq!(keys.map_err(|error| error.kind()), Err("store_corrupt"));
        // The way on that it names.
        expect::error(form, &form.of(shell.b2auth("status")).run(), 8, "store_corrupt");
        shell.sign_in(EMAIL, "").run().exits(0);
        form.of(shell.b2auth("signout --all")).run().exits(0);
    }
}
