//! Sign-outs that the host receives later.

use std::net::Ipv4Addr;
use std::time::Duration;

use auth_client::ports::RecordKind;
use auth_client::{Office, RevocationStatus};
use auth_sandbox::Sandbox;
use e2e::expect::{self, Form};
use e2e::past::block_on;
use e2e::shell::Shell;
use e2e::{bearer, opened, past};
use serde_json::json;

const EMAIL: &str = "plain@example.com";
/// Every request is cut, as where there is no network.
const NO_NETWORK: &str = "any:drop=before";

fn sign_outs(sandbox: &Sandbox) -> usize {
    sandbox.requests().iter().filter(|request| request.path.ends_with("/signout")).count()
}

/// Somebody who has signed out while the host was away; with the token that is not revoked yet.
fn signed_out_offline() -> (Sandbox, Shell, String) {
    let sandbox = Sandbox::start().expect("the sandbox starts");
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in(EMAIL, "").run().exits(0);
    let token = shell.b2auth("token").run().exits(0).line().to_owned();
    sandbox.fault(NO_NETWORK.parse().expect("a fault"));
    let done = shell.b2auth("signout").run().exits(0);
    assert!(done.error_line().contains("has not confirmed it yet"), "{done:#?}");
    assert_eq!(sign_outs(&sandbox), 1, "it is tried once");
    (sandbox, shell, token)
}

#[test]
fn any_later_command_tells_the_host() {
    for (words, code) in [
        ("status", 3),
        ("status --json", 3),
        ("token", 3),
        ("token --json", 3),
        ("refresh", 3),
        ("accounts", 0),
        ("signin --resume", 3),
        ("signin --no-input", 10),
        ("signout", 3),
        ("status --profile other", 3),
        ("status --host http://127.0.0.1:9", 3),
    ] {
        let (sandbox, shell, token) = signed_out_offline();
        assert_eq!(
            (opened::count(&shell.store(), RecordKind::Session), shell.b2auth("token").run().code),
            (0, 3)
        );
        assert!(opened::holds(&shell.store(), &token), "what is needed to tell the host is kept");
        assert_eq!(bearer::status(&sandbox, &token), 200);
        let undisturbed = shell.b2auth(words).run();
        sandbox.clear_faults();
        if words == "signout" {
            // It has just told its own host, if anything waited there; the next one does.
            shell.b2auth("status").run().exits(3);
        }
        let done = shell.b2auth(words).run().exits(code);
        if words.starts_with("accounts") {
            assert!(undisturbed.out.contains("a sign-out waits for the host"), "{undisturbed:#?}");
        } else if undisturbed.code == code {
            assert_eq!((&done.out, &done.err), (&undisturbed.out, &undisturbed.err), "{words}");
        }
        assert_eq!(bearer::status(&sandbox, &token), 401, "{words}");
        assert_eq!(opened::count(&shell.store(), RecordKind::Revocations), 0, "{words}");
        assert!(!opened::holds(&shell.store(), &token), "{words}");
        let told = sign_outs(&sandbox);
        shell.b2auth("status").run().exits(3);
        assert_eq!(sign_outs(&sandbox), told, "once it is notified, nothing more is sent");
    }
}

#[test]
fn a_waiting_sign_out_is_listed_and_ends_with_its_tokens() {
    // Short, since the machine has to be up for longer: by its wall clock alone a token is not known to be over.
    let lifetimes = (Duration::from_secs(30), Duration::from_secs(60));
    let sandbox = Sandbox::builder().token_lifetimes(lifetimes.0, lifetimes.1).start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let ago = Duration::from_secs(61);
    let session = past::sign_in(&shell, sandbox.url(), EMAIL, ago);
    let token = block_on(session.access_token()).unwrap().expose().to_owned();
    sandbox.fault(NO_NETWORK.parse().unwrap());
    let signed_out = block_on(past::client(&shell, sandbox.url(), ago).sign_out(Office::Front)).unwrap();
    assert_eq!(signed_out.revocation, RevocationStatus::Pending);
    assert!(opened::holds(&shell.store(), &token));
    let server_message = shell.b2auth("accounts --json").run().exits(0).json();
    let account = json!({"profile": "default", "host": sandbox.url(), "office": "front", "account": null,
        "signed_in": false, "sign_out_waits": true});
    assert_eq!(server_message["accounts"], json!([account]));
    // The refresh token is over by now: nothing is kept of it, and the host is not asked.
    assert_eq!(opened::count(&shell.store(), RecordKind::Revocations), 0);
    assert!(!opened::holds(&shell.store(), &token));
    assert_eq!(sign_outs(&sandbox), 1, "only when it was made");
    assert_eq!(shell.b2auth("accounts").run().exits(0).line(), "no accounts");
}

#[test]
fn a_host_that_hangs_neither_fails_nor_holds_up_for_long_what_comes_after() {
    let (sandbox, shell, token) = signed_out_offline();
    sandbox.clear_faults();
    sandbox.fault("sign_out:delay=600s".parse().unwrap());
    // Its time limit alone would be half a minute and more than this test waits for.
    let done = shell.b2auth("status").run().exits(3);
    assert!(done.out.starts_with("not signed in\n") && done.err.is_empty(), "{done:#?}");
    assert_eq!(sign_outs(&sandbox), 2);
    assert!(opened::holds(&shell.store(), &token), "it waits on");
}

#[test]
fn a_new_session_lives_while_the_old_one_is_revoked() {
    let (sandbox, shell, old) = signed_out_offline();
    sandbox.clear_faults();
    shell.sign_in(EMAIL, "").run().exits(0);
    let new = shell.b2auth("token").run().exits(0);
    assert_eq!((bearer::status(&sandbox, &old), bearer::status(&sandbox, new.line())), (401, 200));
}

#[test]
fn a_refresh_tells_of_earlier_sign_outs_once() {
    let (sandbox, shell, old) = signed_out_offline();
    sandbox.clear_faults();
    past::sign_in(&shell, sandbox.url(), EMAIL, Duration::from_secs(16 * 60));
    let before = sign_outs(&sandbox);
    shell.b2auth("token").run().exits(0);
    assert_eq!(bearer::status(&sandbox, &old), 401);
    assert_eq!(sign_outs(&sandbox), before + 1, "by the refresh or after it, not twice");
}

#[test]
fn everybody_is_signed_out_at_every_host() {
    for form in Form::BOTH {
        let (one, other) = (Sandbox::start().unwrap(), Sandbox::start().unwrap());
        let shell = Shell::new();
        let at = |sandbox: &Sandbox, words: &str, email: &str| {
            shell.sign_in(email, words).env("B2AUTH_HOST", sandbox.url()).run()
        };
        at(&one, "", EMAIL).exits(0);
        at(&one, "--profile second", EMAIL).exits(0);
        at(&one, "--office back", "root@example.com").exits(0);
        at(&other, "", EMAIL).exits(0);
        at(&other, "--profile second", "sms@example.com").exits(10);
        other.fault(NO_NETWORK.parse().unwrap());
        let done = form.of(shell.b2auth("signout --all")).run().exits(0);
        assert!(done.error_line().contains("has not confirmed it yet"), "one host is away: {done:#?}");
        match form {
            Form::Text => {
                assert_eq!(done.out.lines().filter(|line| line.starts_with("signed out ")).count(), 5)
            }
            Form::Json => {
                let server_message = done.json();
                let list = server_message["accounts"].as_array().expect("a list");
                assert_eq!(
                    (list.len(), &server_message["signed_out"]),
                    (5, &json!(true)),
                    "{server_message:#}"
                );
                assert_eq!(
                    list.iter().filter(|account| account["revoked"] == true).count(),
                    3,
                    "{server_message:#}"
                );
                let back = json!({"profile": "default", "host": one.url(), "office": "back",
                    "account": "root@example.com", "revoked": true});
                assert!(list.contains(&back), "{server_message:#}");
            }
        }
        assert_eq!(sign_outs(&one), 3);
        for kind in [RecordKind::Session, RecordKind::Pending] {
            assert_eq!(opened::count(&shell.store(), kind), 0, "{kind:?}");
        }
        // Nobody is left, but a sign-out waits, which is notified by the way.
        other.clear_faults();
        expect::error(form, &form.of(shell.b2auth("signout --all")).run(), 3, "not_signed_in");
        shell.b2auth("accounts").run().exits(0);
        assert_eq!(
            opened::records(&shell.store())
                .unwrap()
                .iter()
                .filter(|(key, _)| key.kind != RecordKind::Attempts)
                .count(),
            0
        );
    }
}

#[test]
fn sign_out_of_all_names_no_host_and_finds_none() {
    let nobody = (Ipv4Addr::LOCALHOST, 9);
    let shell = Shell::new();
    expect::error(Form::Json, &shell.b2auth("signout --all --json").run(), 3, "not_signed_in");
    let shell = Shell::at(&format!("http://{}:{}", nobody.0, nobody.1));
    expect::error(Form::Json, &shell.b2auth("signout --all --json").run(), 3, "not_signed_in");
}
