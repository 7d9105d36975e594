//! What is kept between processes, where, for whom to read, and what becomes of it.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::Path;

use auth_sandbox::{Limits, Sandbox};
use e2e::expect::{self, Form};
use e2e::shell::{Done, Shell};
use serde_json::json;

const EMAIL: &str = "plain@example.com";

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("the file is there").permissions().mode() & 0o777
}

#[test]
fn sessions_are_kept_in_the_user_s_data_folder_for_nobody_else_to_read() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in("sms@example.com", "").run().exits(10);
    shell.sign_in(EMAIL, "").run().exits(0);
    let store = shell.store();
    let folder = store.parent().unwrap();
    assert_eq!(mode(folder), 0o700);
    assert!(store.exists() && folder.join("store.key").exists());
    for file in shell.files() {
        assert!(file.starts_with(folder), "{}", file.display());
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
    assert_eq!(mode(&folder.join("store.locks")), 0o700);
}

#[test]
fn xdg_data_home_is_obeyed() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let data = shell.home().join("elsewhere");
    let shell = shell.with("XDG_DATA_HOME", &data);
    shell.sign_in(EMAIL, "").run().exits(0);
    assert!(data.join("b2auth/store").exists());
    assert!(shell.files().iter().all(|file| file.starts_with(&data)));
}

#[test]
fn a_store_can_be_named_by_option_and_by_variable() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let spec = format!("file:{}", shell.home().join("mine").display());
    shell.sign_in(EMAIL, "").arg("--store").arg(&spec).run().exits(0);
    shell.b2auth("token").run().exits(3);
    shell.b2auth("token").env("B2AUTH_STORE", &spec).run().exits(0);
    assert!(shell.home().join("mine").exists());
}

#[test]
fn a_sign_in_that_would_be_lost_with_the_process_is_refused() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox).with("B2AUTH_STORE", "memory");
    for form in Form::BOTH {
        for call in
            [shell.sign_in(EMAIL, ""), shell.b2auth("signin --resume"), shell.b2auth("qr show --svg f")]
        {
            let done = form.of(call).run();
            expect::error(form, &done, 2, "usage");
            assert!(done.err.contains("file:PATH"), "{done:#?}");
        }
    }
    assert!(sandbox.requests().is_empty());
    shell.b2auth("status").run().exits(3);
    assert_eq!(shell.files(), Vec::<std::path::PathBuf>::new());
}

#[test]
fn a_home_folder_in_a_store_s_place_is_the_home_folder() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in(EMAIL, "").env("B2AUTH_STORE", "file:~/kept/session").run().exits(0);
    assert!(shell.home().join("kept/session").exists());
    assert!(!shell.home().join("~").exists());
    let done = shell.b2auth("status --json --store file:~ann/session").run();
    expect::error(Form::Json, &done, 2, "usage");
    assert!(!shell.home().join("~ann").exists());
}

#[test]
fn a_passphrase_seals_a_store_without_a_key_file() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox).with("B2AUTH_STORE_KEY", "correct horse");
    shell.sign_in(EMAIL, "").run().exits(0);
    shell.b2auth("token").run().exits(0);
    assert!(!shell.store().with_file_name("store.key").exists());
}

#[test]
fn a_wrong_passphrase_is_told_and_destroys_nothing() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox).with("B2AUTH_STORE_KEY", "correct horse");
        shell.sign_in(EMAIL, "").run().exits(0);
        let (kept, before) = (fs::read(shell.store()).unwrap(), sandbox.requests().len());
        for words in ["status", "token", "signout", "signin --resume"] {
            let call = form.of(shell.b2auth(words).env("B2AUTH_STORE_KEY", "battery staple"));
            expect::error(form, &call.run(), 8, "store_wrong_key");
            // A key file is another key as well.
            let call = form.of(shell.b2auth(words).env_remove("B2AUTH_STORE_KEY"));
            expect::error(form, &call.run(), 8, "store_wrong_key");
        }
        let sign_in = form.of(shell.sign_in(EMAIL, "").env("B2AUTH_STORE_KEY", "battery staple"));
        expect::error(form, &sign_in.run(), 8, "store_wrong_key");
        assert!(
            sandbox.requests()[before..].iter().all(|request| request.method == "GET"),
            "no attempt is spent on a session that could not be kept: {:#?}",
            sandbox.requests()
        );
        assert_eq!(fs::read(shell.store()).unwrap(), kept);
        shell.b2auth("token").run().exits(0);
    }
}

#[test]
fn a_missing_key_file_is_told_and_destroys_nothing() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        shell.sign_in(EMAIL, "").run().exits(0);
        let (key, kept) = (shell.store().with_file_name("store.key"), fs::read(shell.store()).unwrap());
        let away = shell.home().join("away");
        fs::rename(&key, &away).unwrap();
        for words in ["status", "token", "signout"] {
            expect::error(form, &form.of(shell.b2auth(words)).run(), 8, "store_key_missing");
        }
        expect::error(form, &form.of(shell.sign_in(EMAIL, "")).run(), 8, "store_key_missing");
        assert_eq!(fs::read(shell.store()).unwrap(), kept);
        assert!(!key.exists(), "no new key is made beside an old store");
        fs::rename(&away, &key).unwrap();
        shell.b2auth("token").run().exits(0);
    }
}

/// A key file that is there and cannot be used: another user's for root, who can read everything, and unreadable for anybody else.
fn lock_away(key: &Path) {
    let is_root = fs::metadata("/proc/self").expect("the file is there").uid() == 0;
    if is_root {
        chown(key, Some(12_345), None).expect("the file is there");
    } else {
        fs::set_permissions(key, PermissionsExt::from_mode(0o000)).expect("the file is there");
    }
}

#[test]
fn there_is_a_way_out_of_a_lost_key() {
    for form in Form::BOTH {
        for is_gone in [true, false] {
            let sandbox = Sandbox::start().unwrap();
            let shell = Shell::at_sandbox(&sandbox);
            shell.sign_in(EMAIL, "").run().exits(0);
            let (key, kept) = (shell.store().with_file_name("store.key"), fs::read(shell.store()).unwrap());
            let secret = fs::read(&key).unwrap();
            if is_gone {
                fs::remove_file(&key).unwrap()
            } else {
                lock_away(&key)
            }
            for words in ["status", "accounts", "token", "refresh", "signout", "signin --resume"] {
                let done = form.of(shell.b2auth(words)).run();
                let error = expect::error(form, &done, 8, "store_key_missing");
                for part in [&*key.to_string_lossy(), "cannot be opened", "--set-store-aside"] {
                    assert!(done.err.contains(part), "{part}: {done:#?}");
                }
                assert!(form == Form::Text || error["recovery"] == "report");
            }
            let done = form.of(shell.sign_in(EMAIL, "")).run();
            expect::error(form, &done, 8, "store_key_missing");

            let done = form.of(shell.sign_in(EMAIL, "--set-store-aside")).run().exits(0);
            let aside = shell.store().with_file_name("store.kept-1");
            assert!(done.error_line().contains(&*aside.to_string_lossy()), "{done:#?}");
            assert_eq!(fs::read(&aside).unwrap(), kept);
            shell.b2auth("token").run().exits(0);
            // Once more does no harm: this one opens.
            shell.sign_in(EMAIL, "--set-store-aside").run().exits(0);
            shell.b2auth("signout").run().exits(0);
            // With its key the old one is a store like any other.
            let aside_key = shell.store().with_file_name("store.kept-1.key");
            assert_eq!(aside_key.exists(), !is_gone);
            let _locked_away = fs::remove_file(&aside_key);
            fs::write(&aside_key, &secret).unwrap();
            shell.b2auth("token --store").arg(format!("file:{}", aside.display())).run().exits(0);
        }
    }
}

#[test]
fn there_is_a_way_out_of_a_lost_passphrase_and_none_over_another_program_s_file() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in(EMAIL, "").env("B2AUTH_STORE_KEY", "correct horse").run().exits(0);
    let done = shell.b2auth("status").env("B2AUTH_STORE_KEY", "battery staple").run();
    assert!(done.error_line().contains("--set-store-aside"), "{done:#?}");
    let anew = shell.sign_in(EMAIL, "--set-store-aside").env("B2AUTH_STORE_KEY", "battery staple");
    anew.run().exits(0);
    shell.b2auth("token").env("B2AUTH_STORE_KEY", "battery staple").run().exits(0);
    fs::write(shell.store(), "my notes").unwrap();
    let done = shell.sign_in(EMAIL, "--set-store-aside").run();
    expect::error(Form::Text, &done, 8, "not_a_store");
    assert_eq!(fs::read(shell.store()).unwrap(), b"my notes");
}

#[test]
fn a_damaged_store_is_reported_once_and_then_empty() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        shell.sign_in(EMAIL, "").run().exits(0);
        let mut bytes = fs::read(shell.store()).unwrap();
        bytes.truncate(bytes.len() / 2);
        fs::write(shell.store(), &bytes).unwrap();
        let error = expect::error(form, &form.of(shell.b2auth("status")).run(), 8, "store_corrupt");
        if form == Form::Json {
            assert_eq!(error["recovery"], "sign_in_again");
        }
        form.of(shell.b2auth("status")).run().exits(3);
        let aside = shell.files().into_iter().find(|file| file.to_string_lossy().contains("damaged"));
        assert_eq!(fs::read(aside.expect("what was damaged is set aside")).unwrap(), bytes);
        shell.sign_in(EMAIL, "").run().exits(0);
        shell.b2auth("token").run().exits(0);
    }
}

#[test]
fn a_list_of_a_damaged_store_says_that_it_is_damaged() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        shell.sign_in(EMAIL, "").run().exits(0);
        let bytes = fs::read(shell.store()).unwrap();
        fs::write(shell.store(), &bytes[..bytes.len() / 2]).unwrap();
        // A list takes nothing away from a process that may have the session.
        for _ in 0..2 {
            expect::error(form, &form.of(shell.b2auth("accounts")).run(), 8, "store_corrupt");
        }
        assert_eq!(fs::read(shell.store()).unwrap(), bytes[..bytes.len() / 2]);
        expect::error(form, &form.of(shell.b2auth("status")).run(), 8, "store_corrupt");
        shell.b2auth("accounts").run().exits(0);
    }
}

#[test]
fn a_damaged_record_is_reported_once_and_the_others_stay() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in(EMAIL, "--profile one").run().exits(0);
    let one = fs::read_to_string(shell.store()).unwrap();
    let one: serde_json::Value = serde_json::from_str(&one).unwrap();
    shell.sign_in("root@example.com", "--office back").run().exits(0);
    let mut both: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(shell.store()).unwrap()).unwrap();
    // Every record of the first sign-in is exchanged for another's content.
    for name in one["records"].as_object().unwrap().keys() {
        both["records"][name]["nonce"] = json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    }
    fs::write(shell.store(), both.to_string()).unwrap();
    let done = shell.b2auth("token --profile one --json").run();
    expect::error(Form::Json, &done, 8, "store_corrupt");
    shell.b2auth("token --profile one").run().exits(3);
    shell.b2auth("token --office back").run().exits(0);
    shell.sign_in(EMAIL, "--profile one").run().exits(0);
}

#[test]
fn a_store_of_a_newer_version_is_left_alone() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in(EMAIL, "").run().exits(0);
    let newer = fs::read_to_string(shell.store()).unwrap().replace("\"version\":2", "\"version\":3");
    fs::write(shell.store(), &newer).unwrap();
    for words in ["status --json", "token --json", "signout --json"] {
        expect::error(Form::Json, &shell.b2auth(words).run(), 8, "store_newer");
    }
    expect::error(Form::Json, &shell.sign_in(EMAIL, "--json").run(), 8, "store_newer");
    assert_eq!(fs::read_to_string(shell.store()).unwrap(), newer);
}

#[test]
fn a_store_that_cannot_be_written_is_told_before_an_attempt_is_spent() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    // A file stands where the store's folder should be.
    fs::write(shell.home().join("file"), "").unwrap();
    let spec = format!("file:{}", shell.home().join("file/store").display());
    let done = shell.sign_in(EMAIL, "--json --store").arg(spec).run();
    expect::error(Form::Json, &done, 8, "store_io");
    assert!(sandbox.requests().iter().all(|request| request.method == "GET"));
}

#[test]
fn profiles_are_kept_side_by_side() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in(EMAIL, "--profile work").run().exits(0);
    shell.sign_in("sms@example.com", "").env("B2AUTH_PROFILE", "home").run().exits(10);
    let code = sandbox.last_code("sms@example.com").unwrap();
    shell.b2auth("signin --resume").run().exits(3);
    shell.b2auth("signin --profile home --resume --code").arg(code).run().exits(0);
    let account = |profile: &str| {
        let server_message = shell.b2auth(&format!("status --json --profile {profile}")).run().json();
        (server_message["account"].clone(), server_message["profile"].clone())
    };
    assert_eq!(account("work"), (json!(EMAIL), json!("work")));
    assert_eq!(account("home"), (json!("sms@example.com"), json!("home")));
    shell.b2auth("status").run().exits(3);
    shell.b2auth("signout --profile work").run().exits(0);
    shell.b2auth("status --profile work").run().exits(3);
    shell.b2auth("token --profile home").run().exits(0);
}

#[test]
fn offices_are_kept_side_by_side() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in(EMAIL, "").run().exits(0);
    shell.sign_in("root@example.com", "--office back").run().exits(0);
    assert_eq!(shell.b2auth("status --json").run().json()["account"], EMAIL);
    assert_eq!(shell.b2auth("status --json --office back").run().json()["account"], "root@example.com");
    shell.b2auth("signout").run().exits(0);
    shell.b2auth("token").run().exits(3);
    shell.b2auth("token --office back").run().exits(0);
}

#[test]
fn hosts_are_kept_side_by_side() {
    let (one, other) = (Sandbox::start().unwrap(), Sandbox::start().unwrap());
    let shell = Shell::at_sandbox(&one);
    shell.sign_in(EMAIL, "").run().exits(0);
    shell.b2auth("status --host").arg(other.url()).run().exits(3);
    shell.b2auth("status --host").arg(format!("{}/", one.url())).run().exits(0);
}

#[test]
fn a_failed_sign_in_leaves_an_existing_session_untouched() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in(EMAIL, "").run().exits(0);
    let token = shell.b2auth("token").run().exits(0).out;
    shell.b2auth(&format!("signin --email {EMAIL} --password-stdin")).input("wrong\n").run().exits(4);
    shell.sign_in("totp@example.com", "--code 000000x").run().exits(4);
    shell.sign_in("sms@example.com", "").run().exits(10);
    assert_eq!(shell.b2auth("token").run().exits(0).out, token);
    // Until another sign-in has succeeded.
    let code = sandbox.last_code("sms@example.com").unwrap();
    shell.b2auth("signin --resume --code").arg(code).run().exits(0);
    assert_eq!(shell.b2auth("status --json").run().json()["account"], "sms@example.com");
}

#[test]
fn sign_out_works_offline_and_says_what_that_means() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        shell.sign_in(EMAIL, "").run().exits(0);
        sandbox.stop();
        let done = form.of(shell.b2auth("signout")).run().exits(0);
        assert!(done.error_line().contains("The host has not confirmed it"), "{done:#?}");
        if form == Form::Json {
            assert_eq!(done.json(), json!({"signed_out": true, "account": EMAIL, "revoked": false}));
        }
        shell.b2auth("status").run().exits(3);
        shell.b2auth("token").run().exits(3);
    }
}

#[test]
fn sign_out_takes_the_pending_step_along() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in(EMAIL, "").run().exits(0);
    shell.sign_in("sms@example.com", "").run().exits(10);
    shell.b2auth("signout").run().exits(0);
    shell.b2auth("signin --resume").run().exits(3);
    // And where there is nothing else.
    shell.sign_in("sms@example.com", "").run().exits(10);
    assert!(shell.b2auth("signout").run().exits(0).line().contains("pending"));
    shell.b2auth("signin --resume").run().exits(3);
}

#[test]
fn many_processes_at_once_lose_nothing() {
    let sandbox = Sandbox::builder().limits(Limits::off()).start().unwrap();
    let shell = Shell::at_sandbox(&sandbox).with("B2AUTH_LIMITS", "off");
    let profile = |number: usize| format!("--profile p{number}");
    let running: Vec<_> = (0..10).map(|number| shell.sign_in(EMAIL, &profile(number)).start()).collect();
    for child in running {
        Done::of(child.wait_with_output().unwrap()).exits(0);
    }
    for number in 0..10 {
        shell.b2auth("token").arg(format!("--profile=p{number}")).run().exits(0);
    }
}

#[test]
fn a_store_that_the_system_refuses_names_the_place_and_the_reason() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    fs::write(shell.home().join("file"), "mine").unwrap();
    symlink("circle", shell.home().join("circle")).unwrap();
    fs::create_dir_all(shell.home().join("folder/b2auth.store")).unwrap();
    let at = |name: &str| shell.home().join(name);
    for (store, named, why) in [
        (at("file/store"), at("file/store"), "not a directory"),
        (at("circle"), at("circle"), "too many links"),
        (at("folder"), at("folder/b2auth.store"), "it is no regular file"),
        ("/dev/full".into(), "/dev/full".into(), "it is no regular file"),
    ] {
        for (form, words) in [
            (Form::Text, "status"),
            (Form::Json, "status"),
            (Form::Json, "accounts"),
            (Form::Json, "signin --resume"),
            (Form::Json, "signin --email plain@example.com --password-stdin"),
        ] {
            let call = form.of(shell.b2auth(words).input("Secret123\n"));
            let done = call.arg("--store").arg(format!("file:{}", store.display())).run();
            let error = expect::error(form, &done, 8, "store_io");
            let sentence = format!("{}: {why}", named.display());
            assert!(done.error_line().starts_with(&format!("b2auth: {sentence}. ")), "{done:#?}");
            if form == Form::Json {
                assert!(error["cause"].as_str().is_some_and(|cause| cause.starts_with(&sentence)), "{error}");
            }
        }
    }
    // What the system said word for word, for whoever asks.
    let spec = format!("file:{}", at("file/store").display());
    let done = shell.b2auth("status -v --store").arg(&spec).run().exits(8);
    assert!(done.err.contains("caused by") && done.err.contains("os error 20"), "{done:#?}");
}
