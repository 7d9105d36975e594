//! What a sign-in is for: tokens that hold, and a session that lasts.

use std::process::Child;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use auth_sandbox::Sandbox;
use e2e::binary::b2auth;
use e2e::expect::{self, Form};
use e2e::openssl::verified_claims;
use e2e::past;
use e2e::raw_host::{Answer, RawHost, json_bytes, page, pair, signed_in, wizard};
use e2e::shell::{Done, Shell};
use e2e::waiting::until;
use serde_json::json;

const EMAIL: &str = "plain@example.com";

fn minutes(number: u64) -> Duration {
    Duration::from_secs(60 * number)
}

fn refreshes(sandbox: &Sandbox) -> usize {
    sandbox.requests().iter().filter(|request| request.path.ends_with("/refresh")).count()
}

#[test]
fn a_token_is_a_jwt_that_openssl_verifies() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let signed_in = shell.sign_in(EMAIL, "--json").run().exits(0).json();
    let token = shell.b2auth("token").run().exits(0);
    assert_eq!(token.err, "");
    let claims = verified_claims(token.line(), sandbox.jwt_public_pem());
    assert_eq!((&claims["iss"], &claims["sub"]), (&json!(sandbox.url()), &json!("101")));
    let at = |name: &str| claims[name].as_i64().unwrap();
    assert_eq!(at("iat"), at("nbf"));
    assert_eq!(at("exp") - at("iat"), 15 * 60);
    assert!(claims["iat_mt"].as_str().unwrap().starts_with(&at("iat").to_string()));
    assert_eq!(expect::date(&signed_in["access_expires_at"]).as_second(), at("exp"));
}

#[test]
fn a_token_as_json_tells_its_end() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in(EMAIL, "").run().exits(0);
    let plain = shell.b2auth("token").run().exits(0);
    let server_message = shell.b2auth("token --json").run().exits(0).json();
    assert_eq!(server_message["access_token"], plain.line());
    expect::date(&server_message["access_expires_at"]);
}

#[test]
fn a_good_token_is_given_without_a_question_to_the_host() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in(EMAIL, "").run().exits(0);
    sandbox.stop();
    shell.b2auth("token").run().exits(0);
    shell.b2auth("status").run().exits(0);
}

#[test]
fn a_token_past_its_end_is_refreshed_once() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let session = past::sign_in(&shell, sandbox.url(), EMAIL, minutes(16));
    let old = past::block_on(session.access_token()).unwrap().expose().to_owned();
    let new = shell.b2auth("token").run().exits(0);
    assert_ne!(new.line(), old);
    verified_claims(new.line(), sandbox.jwt_public_pem());
    assert_eq!(shell.b2auth("token").run().exits(0).out, new.out);
    assert_eq!(refreshes(&sandbox), 1);
}

#[test]
fn a_token_near_its_end_is_refreshed_early() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    past::sign_in(&shell, sandbox.url(), EMAIL, minutes(15) - Duration::from_secs(45));
    shell.b2auth("token").run().exits(0);
    assert_eq!(refreshes(&sandbox), 1);
}

#[test]
fn a_token_near_its_end_still_serves_when_the_host_does_not() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    past::sign_in(&shell, sandbox.url(), EMAIL, minutes(15) - Duration::from_secs(45));
    sandbox.stop();
    let token = shell.b2auth("token").run().exits(0);
    verified_claims(token.line(), sandbox.jwt_public_pem());
}

#[test]
fn eight_processes_at_once_refresh_once() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    past::sign_in(&shell, sandbox.url(), EMAIL, minutes(16));
    let running: Vec<Child> = (0..8).map(|_| shell.b2auth("token").start()).collect();
    let tokens: Vec<Done> =
        running.into_iter().map(|child| Done::of(child.wait_with_output().unwrap()).exits(0)).collect();
    assert_eq!(refreshes(&sandbox), 1, "{:#?}", sandbox.requests());
    assert!(tokens.iter().all(|token| token.line() == tokens[0].line()));
}

#[test]
fn a_process_killed_in_the_middle_of_a_refresh_holds_nobody_up() {
    let asked = AtomicUsize::new(0);
    let host = RawHost::start(move |request| match request.path.rsplit('/').next() {
        Some("wizard") => wizard(),
        Some("refresh") if asked.fetch_add(1, Ordering::SeqCst) == 0 => Answer::Silence,
        Some("refresh") => Answer::Bytes(json_bytes(200, &pair("access-2", "refresh-2"))),
        _ => signed_in("access-1", "refresh-1"),
    });
    let shell = Shell::at(&host.url());
    past::sign_in(&shell, &host.url(), EMAIL, minutes(16));
    let mut killed = shell.b2auth("token").start();
    until("the first refresh", || (host.count("/refresh") == 1).then_some(()));
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert_eq!(shell.b2auth("token").run().exits(0).line(), "access-2");
    assert_eq!(host.count("/refresh"), 2);
}

#[test]
fn an_unreachable_host_does_not_end_a_session() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        past::sign_in(&shell, sandbox.url(), EMAIL, minutes(16));
        sandbox.stop();
        expect::error(form, &form.of(shell.b2auth("token")).run(), 6, "unreachable");
        shell.b2auth("status").run().exits(0);
    }
}

/// A host that signs in as it should and answers a refresh with these bytes.
fn host_that_refreshes_with(bytes: Vec<u8>) -> RawHost {
    RawHost::start(move |request| match request.path.rsplit('/').next() {
        Some("wizard") => wizard(),
        Some("refresh") => Answer::Bytes(bytes.clone()),
        _ => signed_in("access-1", "refresh-1"),
    })
}

#[test]
fn a_failing_host_or_a_hotel_s_page_does_not_end_a_session() {
    for (bytes, kind) in [(page(502), "host_failed"), (page(200), "not_b2core"), (page(401), "not_b2core")] {
        let host = host_that_refreshes_with(bytes);
        let shell = Shell::at(&host.url());
        past::sign_in(&shell, &host.url(), EMAIL, minutes(16));
        expect::error(Form::Json, &shell.b2auth("token --json").run(), 7, kind);
        shell.b2auth("status").run().exits(0);
    }
}

#[test]
fn a_lock_on_refreshes_does_not_end_a_session() {
    let host =
        host_that_refreshes_with(json_bytes(429, &json!({"error": {"code": 0, "message": "slow down"}})));
    let shell = Shell::at(&host.url());
    past::sign_in(&shell, &host.url(), EMAIL, minutes(16));
    assert_eq!(expect::locked_out(&shell, |shell| shell.b2auth("token")), 600);
    assert_eq!(host.count("/refresh"), 1, "remembered by the next process");
    shell.b2auth("status").run().exits(0);
}

#[test]
fn a_refreshed_pair_under_data_is_taken_too() {
    let host = host_that_refreshes_with(json_bytes(200, &json!({"data": pair("access-2", "refresh-2")})));
    let shell = Shell::at(&host.url());
    past::sign_in(&shell, &host.url(), EMAIL, minutes(16));
    assert_eq!(shell.b2auth("token").run().exits(0).line(), "access-2");
    assert_eq!(host.requests().last().unwrap().json(), json!({"refreshToken": "refresh-1"}));
}

#[test]
fn an_access_token_alone_is_a_refresh_and_a_refresh_token_alone_is_none() {
    let half = |missing: &str| {
        let mut half = pair("access-2", "refresh-2");
        half[missing] = json!(null);
        let host = host_that_refreshes_with(json_bytes(200, &half));
        let shell = Shell::at(&host.url());
        past::sign_in(&shell, &host.url(), EMAIL, minutes(16));
        (host, shell)
    };
    let (host, shell) = half("refreshToken");
    assert_eq!(shell.b2auth("token").run().exits(0).line(), "access-2");
    shell.b2auth("refresh").run().exits(0);
    assert_eq!(host.requests().last().unwrap().json(), json!({"refreshToken": "refresh-1"}));

    let (_host, shell) = half("accessToken");
    expect::error(Form::Json, &shell.b2auth("token --json").run(), 7, "protocol");
    shell.b2auth("status").run().exits(0);
}

#[test]
fn a_session_past_its_last_end_is_over() {
    for form in Form::BOTH {
        let (access, refresh) = (Duration::from_secs(2), Duration::from_secs(4));
        let sandbox = Sandbox::builder().token_lifetimes(access, refresh).start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        past::sign_in(&shell, sandbox.url(), EMAIL, refresh);
        let status = form.of(shell.b2auth("status")).run().exits(3);
        if form == Form::Json {
            let said = status.json();
            assert_eq!((&said["signed_in"], &said["reason"]), (&json!(false), &json!("session_ended")));
        } else {
            assert!(status.out.contains("has ended"), "{status:#?}");
        }
        expect::error(form, &form.of(shell.b2auth("token")).run(), 3, "session_ended");
        assert_eq!(refreshes(&sandbox), 0, "the host is not asked");
        expect::error(form, &form.of(shell.b2auth("token")).run(), 3, "session_ended");
        form.of(shell.b2auth("signout")).run().exits(3);
        expect::error(form, &form.of(shell.b2auth("token")).run(), 3, "not_signed_in");
    }
}

#[test]
fn a_token_that_could_not_be_written_is_no_success() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in(EMAIL, "").run().exits(0);
    let script = format!("'{}' token > /dev/full", b2auth().display());
    let done = shell.program("sh").arg("-c").arg(script).run();
    assert_ne!(done.code, 0, "{done:#?}");
    assert!(!done.err.contains("panic"), "{done:#?}");
}

#[test]
fn a_session_that_the_host_has_ended_is_over() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        past::sign_in(&shell, sandbox.url(), EMAIL, minutes(16));
        // A copy of the store uses the refresh token first: the host takes the second user for a thief.
        let copy = shell.home().join("copy");
        std::fs::create_dir(&copy).unwrap();
        for name in ["store", "store.key"] {
            std::fs::copy(shell.store().with_file_name(name), copy.join(name)).unwrap();
        }
        shell.b2auth("token --store").arg(format!("file:{}", copy.join("store").display())).run().exits(0);

        let error = expect::error(form, &form.of(shell.b2auth("token")).run(), 3, "session_ended");
        if form == Form::Json {
            assert_eq!(error["recovery"], "sign_in_again");
        }
        shell.b2auth("status").run().exits(3);
        shell.sign_in(EMAIL, "").run().exits(0);
        shell.b2auth("token").run().exits(0);
    }
}

#[test]
fn signed_out_is_said_so() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let store = json!({"kind": "file", "place": shell.store(), "sealed_by": "key_file"});
    let status = shell.b2auth("status --json").run().exits(3).json();
    assert_eq!(status, json!({"signed_in": false, "store": store}));
    assert!(shell.b2auth("status").run().exits(3).out.starts_with("not signed in\nStore: "));
    for form in Form::BOTH {
        expect::error(form, &form.of(shell.b2auth("token")).run(), 3, "not_signed_in");
        expect::error(form, &form.of(shell.b2auth("signout")).run(), 3, "not_signed_in");
    }
    assert!(sandbox.requests().is_empty());
}

#[test]
fn status_tells_whose_session_it_is_and_never_a_token() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in(EMAIL, "").run().exits(0);
    let token = shell.b2auth("token").run().exits(0);
    for words in ["status", "status --json", "status -vvv", "--json status -vvv"] {
        let status = shell.b2auth(words).run().exits(0);
        assert!(status.out.contains(EMAIL), "{status:#?}");
        assert!(!status.out.contains("eyJ") && !status.err.contains("eyJ"), "{status:#?}");
        assert!(!status.out.contains(token.line().split('.').nth(2).unwrap()), "{status:#?}");
    }
    let server_message = shell.b2auth("status --json").run().json();
    assert_eq!(
        (&server_message["signed_in"], &server_message["account"], &server_message["office"]),
        (&json!(true), &json!(EMAIL), &json!("front"))
    );
    assert_eq!(
        (&server_message["host"], &server_message["profile"]),
        (&json!(sandbox.url()), &json!("default"))
    );
    assert!(
        expect::date(&server_message["access_expires_at"])
            < expect::date(&server_message["refresh_expires_at"])
    );
}

#[test]
fn sign_out_revokes_at_the_host_and_forgets_here() {
    for form in Form::BOTH {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        shell.sign_in(EMAIL, "").run().exits(0);
        let done = form.of(shell.b2auth("signout")).run().exits(0);
        match form {
            Form::Text => assert_eq!(done.line(), format!("signed out {EMAIL}")),
            Form::Json => {
                assert_eq!(done.json(), json!({"signed_out": true, "account": EMAIL, "revoked": true}));
            }
        }
        assert_eq!(done.err, "");
        let last = sandbox.requests().pop().unwrap();
        assert_eq!((last.path.as_str(), last.status), ("/api/v2/my/signout", 200));
        shell.b2auth("status").run().exits(3);
        shell.b2auth("token").run().exits(3);
    }
}
