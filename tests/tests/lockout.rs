//! Attempts are precious: a lock-out is notified as a wait, kept between processes, and does not cost what was reached.

use std::process::Child;
use std::time::Duration;

use auth_sandbox::{Limits, Sandbox};
use e2e::codes::other_than;
use e2e::expect::{self, Form};
use e2e::past;
use e2e::raw_host::{Answer, RawHost, http, json_bytes};
use e2e::shell::{Call, Done, Shell};
use serde_json::json;

const EMAIL: &str = "plain@example.com";

fn wrong(shell: &Shell, email: &str) -> Call {
    shell.b2auth(&format!("signin --email {email} --password-stdin")).input("wrong\n")
}

fn sign_ins(sandbox: &Sandbox) -> usize {
    sandbox.requests().iter().filter(|request| request.path == "/api/v2/my/signin").count()
}

#[test]
fn after_five_wrong_passwords_the_host_is_not_asked_again() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    for _ in 0..5 {
        wrong(&shell, EMAIL).run().exits(4);
    }
    let before = sandbox.requests().len();
    let wait = expect::locked_out(&shell, |shell| wrong(shell, EMAIL));
    assert!((1..=62).contains(&wait), "{wait}");
    // Nor with the right password, nor written otherwise, nor from another profile: the host counts all of these.
    expect::locked_out(&shell, |shell| shell.sign_in(EMAIL, ""));
    expect::locked_out(&shell, |shell| shell.sign_in("Plain@Example.com", ""));
    expect::locked_out(&shell, |shell| shell.sign_in(EMAIL, "--profile other"));
    assert_eq!(sandbox.requests().len(), before);
    // Another account, and the other office, are counted apart.
    shell.sign_in("sms@example.com", "").run().exits(10);
    shell.sign_in("root@example.com", "--office back").run().exits(0);
}

#[test]
fn a_refusal_says_how_many_attempts_are_left() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    for left in [4, 3] {
        let refused = wrong(&shell, EMAIL).arg("--json").run().exits(4).json()["error"].clone();
        assert_eq!(refused["attempts_left"], left);
        let message = refused["message"].as_str().unwrap();
        assert!(message.ends_with(&format!("Attempts left: {left}.")), "{message}");
    }
    assert_eq!(wrong(&shell, "bob@example.com").arg("--json").run().json()["error"]["attempts_left"], 4);
    let unknown = wrong(&shell, EMAIL).arg("--json").env("B2AUTH_LIMITS", "off").run().exits(4).json();
    assert!(unknown["error"]["attempts_left"].is_null(), "{unknown}");
    shell.sign_in("totp@example.com", "").run().exits(10);
    let refused = shell.b2auth("signin --resume --json --code 000000").run().exits(4).json();
    assert_eq!(
        (&refused["error"]["kind"], &refused["error"]["attempts_left"]),
        (&"wrong_code".into(), &4.into())
    );
}

#[test]
fn twelve_wrong_sign_ins_at_once_make_five_requests() {
    // More than once: which process comes first is different each time.
    for _ in 0..5 {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        let running: Vec<Child> = (0..12).map(|_| wrong(&shell, EMAIL).start()).collect();
        let mut codes: Vec<i32> =
            running.into_iter().map(|child| Done::of(child.wait_with_output().unwrap()).code).collect();
        codes.sort_unstable();
        assert_eq!(codes, [4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 5]);
        assert_eq!(sign_ins(&sandbox), 5);
    }
}

#[test]
fn a_count_leaves_its_window() {
    let sandbox = Sandbox::builder().limits(Limits::off()).start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    past::wrong_passwords(&shell, sandbox.url(), EMAIL, Duration::from_secs(50), 5);
    let wait = expect::locked_out(&shell, |shell| wrong(shell, EMAIL));
    assert!((1..=12).contains(&wait), "{wait}");

    let shell = Shell::at_sandbox(&sandbox);
    past::wrong_passwords(&shell, sandbox.url(), EMAIL, Duration::from_secs(63), 5);
    wrong(&shell, EMAIL).run().exits(4);
}

#[test]
fn limits_that_an_administrator_has_changed_can_be_told() {
    let sandbox = Sandbox::builder().limits(Limits::default().sign_in(2)).start().unwrap();
    let shell = Shell::at_sandbox(&sandbox).with("B2AUTH_LIMITS", "sign_in=2");
    for _ in 0..2 {
        wrong(&shell, EMAIL).run().exits(4);
    }
    expect::locked_out(&shell, |shell| wrong(shell, EMAIL));
    assert_eq!(sign_ins(&sandbox), 2);
}

#[test]
fn an_attempt_that_never_left_is_not_counted() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox).with("B2AUTH_OFFICE", "back");
    sandbox.stop();
    for _ in 0..7 {
        shell.sign_in("root@example.com", "").run().exits(6);
    }
}

/// A wizard that opens and a sign-in that answers with these bytes.
fn locked(bytes: Vec<u8>) -> (RawHost, Shell) {
    let host = RawHost::after_the_wizard(bytes);
    let shell = Shell::at(&host.url());
    (host, shell)
}

/// The wait by the first process, and the same by the next ones without a request.
fn wait_of(bytes: Vec<u8>) -> u64 {
    let (host, shell) = locked(bytes);
    let wait = expect::locked_out(&shell, |shell| shell.sign_in(EMAIL, ""));
    let before = host.requests().len();
    expect::locked_out(&shell, |shell| shell.sign_in(EMAIL, ""));
    assert_eq!(host.requests().len(), before, "a block is remembered");
    assert_eq!(host.count("/signin"), 1);
    shell.sign_in("other@example.com", "").run().exits(5);
    assert_eq!(host.count("/signin"), 2, "another account is not affected");
    wait
}

fn about(wait: u64, seconds: u64) {
    // The second process is asked a little later.
    assert!((seconds - 30..=seconds).contains(&wait), "{wait}");
}

#[test]
fn the_host_s_own_block_in_seconds() {
    let body = json!({"error": {"code": 0, "message": "Too many login attempts", "details": []}});
    about(wait_of(http(429, "application/json", &["Retry-After: 1234"], body.to_string().as_bytes())), 1234);
}

#[test]
fn the_host_s_own_block_until_a_date_by_its_own_clock() {
    let headers = ["Date: Mon, 22 Apr 2024 11:07:24 GMT", "Retry-After: Mon, 22 Apr 2024 11:12:24 GMT"];
    about(wait_of(http(429, "application/json", &headers, b"{}")), 300);
}

#[test]
fn the_host_s_own_block_without_a_time() {
    about(wait_of(json_bytes(429, &json!({"message": "Too Many Attempts."}))), 600);
    about(wait_of(http(429, "text/plain", &[], b"")), 600);
}

#[test]
fn the_host_s_own_block_as_a_web_page() {
    about(wait_of(http(429, "text/html", &["Retry-After: 90"], b"<html>Slow down</html>")), 90);
}

#[test]
fn the_host_s_own_block_inside_a_success() {
    let meta = json!({"behaviours": [], "status": 429});
    about(wait_of(json_bytes(200, &json!({"status": 429, "meta": meta, "data": {}}))), 600);
}

#[test]
fn the_host_s_own_block_as_a_refusal_that_says_so() {
    let body = json!({"error": {"code": 0, "message": "Too many login attempts", "details": []}});
    about(wait_of(json_bytes(400, &body)), 600);
}

#[test]
fn the_host_s_own_block_with_its_time_in_the_text() {
    let body = json!({"message": "Your account is blocked for 3 minutes."});
    about(wait_of(json_bytes(403, &body)), 180);
}

#[test]
fn a_block_at_the_wizard_stops_the_sign_in() {
    let host =
        RawHost::start(|_| Answer::Bytes(http(429, "text/html", &["Retry-After: 90"], b"<html></html>")));
    let shell = Shell::at(&host.url());
    about(expect::locked_out(&shell, |shell| shell.sign_in(EMAIL, "")), 90);
    assert_eq!(host.requests().len(), 1);
}

#[test]
fn a_block_that_is_over_is_forgotten() {
    let host = RawHost::after_the_wizard(http(429, "application/json", &["Retry-After: 90"], b"{}"));
    let shell = Shell::at(&host.url());
    past::wrong_passwords(&shell, &host.url(), EMAIL, Duration::from_secs(91), 1);
    shell.sign_in(EMAIL, "").run().exits(5);
    assert_eq!(host.count("/signin"), 2, "the host was asked again");
}

#[test]
fn a_lock_out_at_the_code_keeps_the_step() {
    // The host is notified of more attempts than we allow ourselves, so that the lock-out is ours and can be lifted.
    let sandbox = Sandbox::builder().limits(Limits::default().codes(20)).start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in("sms@example.com", "").run().exits(10);
    let code = sandbox.last_code("sms@example.com").unwrap();
    for _ in 0..5 {
        shell.b2auth("signin --resume --code").arg(other_than(&code)).run().exits(4);
    }
    let before = sandbox.requests().len();
    expect::locked_out(&shell, |shell| shell.b2auth("signin --resume --code").arg(&code));
    assert_eq!(sandbox.requests().len(), before);
    assert_eq!(shell.b2auth("status --json").run().exits(3).json()["pending_step"], "code");
    let lifted = shell.b2auth("signin --resume --code").arg(&code).env("B2AUTH_LIMITS", "code_check=20");
    expect::signed_in(Form::Text, &lifted.run(), "sms@example.com", "front");
}

#[test]
fn a_block_by_the_host_at_the_code_keeps_the_step() {
    let sandbox = Sandbox::builder().limits(Limits::default().codes(1)).start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in("sms@example.com", "").run().exits(10);
    let code = sandbox.last_code("sms@example.com").unwrap();
    shell.b2auth("signin --resume --code").arg(other_than(&code)).run().exits(4);
    let wait = expect::locked_out(&shell, |shell| shell.b2auth("signin --resume --code").arg(&code));
    about(wait, 600);
    assert_eq!(shell.b2auth("status --json").run().exits(3).json()["pending_step"], "code");
}

#[test]
fn the_back_office_allows_three_codes() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox).with("B2AUTH_OFFICE", "back");
    shell.sign_in("admin@example.com", "").run().exits(10);
    let code = sandbox.last_code("admin@example.com").unwrap();
    for _ in 0..3 {
        shell.b2auth("signin --resume --code").arg(other_than(&code)).run().exits(4);
    }
    let before = sandbox.requests().len();
    expect::locked_out(&shell, |shell| shell.b2auth("signin --resume --code").arg(&code));
    assert_eq!(sandbox.requests().len(), before);
}

#[test]
fn a_lock_out_leaves_an_existing_session_alone() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in(EMAIL, "").run().exits(0);
    for _ in 0..4 {
        wrong(&shell, EMAIL).run().exits(4);
    }
    expect::locked_out(&shell, |shell| wrong(shell, EMAIL));
    shell.b2auth("token").run().exits(0);
    shell.b2auth("signout").run().exits(0);
}
