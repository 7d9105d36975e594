//! `b2auth store rekey`: a store sealed anew with another key.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use auth_sandbox::Sandbox;
use e2e::expect::{self, Form};
use e2e::shell::Shell;

const EMAIL: &str = "plain@example.com";

/// A shell that is signed in, with a store of this kind, and where that lies.
fn signed_in(sandbox: &Sandbox, kind: &str) -> (Shell, PathBuf) {
    let shell = Shell::at_sandbox(sandbox);
    let path = shell.home().join("kept/store");
    let spec = format!("{kind}:{}", path.display());
    let shell = shell.with("B2AUTH_STORE", spec);
    shell.sign_in(EMAIL, "").run().exits(0);
    (shell, path)
}

fn secret(shell: &Shell, text: &str) -> PathBuf {
    let path = shell.home().join(format!("{}.passphrase", text.len()));
    fs::write(&path, text).expect("written");
    fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).expect("its mode is set");
    path
}

#[test]
fn a_store_goes_from_key_to_key_and_keeps_its_sessions() {
    let sandbox = Sandbox::start().unwrap();
    for kind in ["file", "sqlite"] {
        let (shell, path) = signed_in(&sandbox, kind);
        let (token, requests) = (shell.b2auth("token").run().exits(0).out, sandbox.requests().len());
        let key = path.with_extension("key");
        let before = fs::read(&key).unwrap();

        let done = shell.b2auth("store rekey --json").run().exits(0).json();
        assert!(done["records"].as_u64().is_some_and(|records| records >= 1), "{done}");
        assert_ne!(fs::read(&key).unwrap(), before);
        assert_eq!(shell.b2auth("token").run().exits(0).out, token);

        let (first, second) = (secret(&shell, "correct horse"), secret(&shell, "battery staple"));
        let rekey = |file: &PathBuf| shell.b2auth("store rekey --new-passphrase-file").arg(file);
        assert!(rekey(&first).run().exits(0).line().starts_with("sealed anew: "));
        assert!(!key.exists());
        expect::error(Form::Json, &shell.b2auth("token --json").run(), 8, "store_wrong_key");
        let by_first = |words: &str| shell.b2auth(words).env("B2AUTH_STORE_KEY", "correct horse");
        assert_eq!(by_first("token").run().exits(0).out, token);

        // With what it is sealed from now on has to be said.
        let unsaid = by_first("store rekey").run();
        assert!(unsaid.code == 2 && unsaid.err.contains("--new-passphrase-file"), "{unsaid:#?}");
        rekey(&second).env("B2AUTH_STORE_KEY_FILE", &first).run().exits(0);
        let by_second = |words: &str| shell.b2auth(words).env("B2AUTH_STORE_KEY_FILE", &second);
        expect::error(Form::Json, &by_first("token --json").run(), 8, "store_wrong_key");
        assert_eq!(by_second("token").run().exits(0).out, token);

        by_second("store rekey --new-key-file").run().exits(0);
        assert_eq!(shell.b2auth("token").run().exits(0).out, token);
        assert_eq!(sandbox.requests().len(), requests, "the host is not asked");
    }
}

#[test]
fn what_cannot_be_sealed_anew_is_told_and_stays() {
    let sandbox = Sandbox::start().unwrap();
    let (shell, path) = signed_in(&sandbox, "file");
    let (store, key) = (fs::read(&path).unwrap(), fs::read(path.with_extension("key")).unwrap());
    for words in ["store rekey memory", "store rekey x", "store rekey --new-key-file --new-passphrase-file f"]
    {
        expect::error(Form::Json, &shell.b2auth(&format!("{words} --json")).run(), 2, "usage");
    }
    let open = secret(&shell, "for everybody");
    fs::set_permissions(&open, PermissionsExt::from_mode(0o644)).unwrap();
    let call = shell.b2auth("store rekey --json --new-passphrase-file").arg(&open);
    expect::error(Form::Json, &call.run(), 2, "usage");
    let wrong = shell.b2auth("store rekey --json --new-key-file").env("B2AUTH_STORE_KEY", "wrong");
    expect::error(Form::Json, &wrong.run(), 8, "store_wrong_key");
    assert_eq!((fs::read(&path).unwrap(), fs::read(path.with_extension("key")).unwrap()), (store, key));
    // Where there is no store there is nothing to do, and nothing is made.
    let none = shell.home().join("none/store");
    let call = shell.b2auth("store rekey --json").arg(format!("file:{}", none.display()));
    assert_eq!(call.run().exits(0).json()["records"], 0);
    assert!(!none.parent().unwrap().exists());
}
