//! Every other end.

use std::time::Duration;

use auth_sandbox::{QrOff, QrSettings, Sandbox, SignedDuration};
use e2e::display::Display;
use e2e::expect::{self, Form};
use e2e::node::Driver;
use e2e::past;
use e2e::shell::{Done, Shell};
use e2e::waiting::until;
use serde_json::{Value, json};

use super::stage::{EMAIL, about, approver, asked, count, first_code, sandbox};

/// The display says this state last, then the error.
#[track_caller]
fn ended(display: Display, code: i32, state: Option<&str>, kind: &str) -> Done {
    let done = display.end().exits(code);
    let lines: Vec<Value> = done.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let (error, before) = lines.split_last().expect("lines");
    assert_eq!(error["error"]["kind"], kind, "{done:#?}");
    if let Some(state) = state {
        assert_eq!(before.last().expect("a state")["state"], state, "{done:#?}");
    }
    done
}

#[test]
fn a_decline_that_the_host_is_told_of_ends_the_display() {
    let sandbox = sandbox();
    let (shell, phone) = (Shell::at_sandbox(&sandbox), approver(&sandbox));
    let mut display = Display::start(&shell, "");
    let shown = first_code(&sandbox, &mut display);
    let done = about(&phone, "decline --json --qr-option decline=true", &shown).run().exits(0).json();
    assert_eq!(done, json!({"declined": true, "host_notified": true}));
    display.expect("declined");
    ended(display, 4, Some("declined"), "qr_declined");
    shell.b2auth("status").run().exits(3);
    let again = about(&phone, "approve --yes --json", &shown).run().exits(4).json();
    assert_eq!(again["error"]["kind"], "qr_already_used");
}

#[test]
fn a_decline_that_the_host_cannot_be_told_of_sends_nothing() {
    let sandbox = sandbox();
    let (shell, phone) = (Shell::at_sandbox(&sandbox), approver(&sandbox));
    let mut display = Display::start(&shell, "");
    let shown = first_code(&sandbox, &mut display);
    let before = asked(&sandbox);
    let done = about(&phone, "decline", &shown).run().exits(0);
    assert!(done.line().contains("expires by itself"), "{done:#?}");
    assert_eq!(asked(&sandbox), before);
    about(&phone, "approve --yes", &shown).run().exits(0);
    display.expect("approved");
    display.end().exits(0);
}

#[test]
fn a_host_without_qr_sign_in() {
    // Where the call is answered as one about an unknown code is, it counts as that.
    for (off, code, says) in
        [(QrOff::NotFound, 4, "The code has expired"), (QrOff::MethodNotAllowed, 1, "has no QR sign-in")]
    {
        let sandbox =
            Sandbox::builder().qr_available(false).qr(QrSettings::default().off(off)).start().unwrap();
        let (shell, phone) = (Shell::at_sandbox(&sandbox), approver(&sandbox));
        ended(Display::start(&shell, ""), 1, Some("not_available"), "not_available");
        let text = phone.b2auth("qr approve --yes 0a4682f9-7e6c-49a7-b946-db58f28d8171").run();
        assert_eq!(text.code, code, "{text:#?}");
        assert!(text.err.contains(says), "{text:#?}");
    }
    let sandbox = sandbox();
    let back = Shell::at_sandbox(&sandbox).with("B2AUTH_OFFICE", "back");
    ended(Display::start(&back, ""), 1, Some("not_available"), "not_available");
    assert_eq!(sandbox.requests().len(), 0, "the back office is not asked for what it has not");
}

#[test]
fn a_code_is_approved_once() {
    let sandbox = sandbox();
    let (shell, phone) = (Shell::at_sandbox(&sandbox), approver(&sandbox));
    let mut display = Display::start(&shell, "");
    let shown = first_code(&sandbox, &mut display);
    about(&phone, "approve --yes", &shown).run().exits(0);
    for form in Form::BOTH {
        let done = form.of(about(&phone, "approve --yes", &shown)).run();
        assert_eq!(done.code, 4, "{done:#?}");
        assert!(done.err.contains("was used before"), "{done:#?}");
    }
    display.expect("approved");
    display.end().exits(0);
}

#[test]
fn an_approval_that_somebody_else_has_used_is_told() {
    let sandbox = sandbox();
    let (shell, phone) = (Shell::at_sandbox(&sandbox), approver(&sandbox));
    let mut display = Display::start(&shell, "");
    let shown = first_code(&sandbox, &mut display);
    let channel = shown["channel_name"].as_str().unwrap();
    // Somebody who has seen the code listens too; the channel is public.
    let mut thief = Driver::start("live.cjs");
    thief.ask(
        "connect",
        json!({"url": sandbox.url(), "transports": ["websocket"], "bare": true, "headers": {}}),
    );
    assert_eq!(thief.ask("next", json!({})), "connect");
    thief.ask(
        "subscribe",
        json!({"channel": channel, "event": "approved", "headers": {}, "isPrivate": false}),
    );
    until("the thief", || {
        let sessions = sandbox.live_sessions();
        let listening = sessions.iter().filter(|session| session.channels.iter().any(|one| one == channel));
        (listening.count() == 2).then_some(())
    });
    // The display's exchange is held up, and the thief's is not.
    sandbox.fault("qr_exchange:delay=3s,times=1".parse().unwrap());
    about(&phone, "approve --yes", &shown).run().exits(0);
    let event = thief.ask("next", json!({}));
    let token = event[2]["authorizationToken"].as_str().expect("the token came");
    let exchanges = || {
        sandbox
            .requests()
            .into_iter()
            .filter(|one| one.path.ends_with("/qrcodes"))
            .filter(|one| one.method == "POST")
    };
    until("the display's exchange", || exchanges().next());
    let status = thief_exchanges(&sandbox, token);
    assert_eq!(status, 200);
    display.expect("approved");
    let done = ended(display, 4, Some("approved"), "qr_authorization_used");
    assert!(done.err.contains("Somebody else"), "{done:#?}");
    shell.b2auth("status").run().exits(3);
}

/// What a program of somebody else does.
fn thief_exchanges(sandbox: &Sandbox, token: &str) -> u16 {
    use std::io::{Read, Write};
    let fingerprint = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, r#"{"user_agent":"thief"}"#);
    let body = json!({"deviceFingerprint": fingerprint, "authorizationToken": token}).to_string();
    let mut stream =
        std::net::TcpStream::connect(("127.0.0.1", sandbox.port())).expect("the sandbox listens");
    let head = format!(
        "POST /api/v2/my/signin/qrcodes HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).expect("the sandbox reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the sandbox answers");
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status")
}

/// Somebody who signed in so long ago.
fn approver_since(sandbox: &Sandbox, ago: Duration) -> Shell {
    let shell = Shell::at_sandbox(sandbox);
    sandbox.set_clock_offset(-SignedDuration::try_from(ago).expect("a short time"));
    past::sign_in(&shell, sandbox.url(), EMAIL, ago);
    sandbox.set_clock_offset(SignedDuration::ZERO);
    shell
}

#[test]
fn an_approver_whose_token_has_expired_refreshes_first() {
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    // The second one has not expired by the approver's clock; the host says so, and is asked again with another token.
    for (ago, further, asked) in [(minutes(16), minutes(0), 1), (minutes(5), minutes(12), 2)] {
        let sandbox = sandbox();
        let (shell, phone) = (Shell::at_sandbox(&sandbox), approver_since(&sandbox, ago));
        sandbox.advance(further);
        let mut display = Display::start(&shell, "");
        let shown = first_code(&sandbox, &mut display);
        about(&phone, "approve --yes", &shown).run().exits(0);
        assert_eq!((count(&sandbox, "/refresh"), count(&sandbox, "/signin/tokens")), (1, asked));
        display.expect("approved");
        display.end().exits(0);
    }
}

#[test]
fn an_approver_whose_session_has_ended_has_to_sign_in() {
    let sandbox = sandbox();
    let shell = Shell::at_sandbox(&sandbox);
    let phone = approver_since(&sandbox, Duration::from_secs(2 * 60 * 60));
    let mut display = Display::start(&shell, "");
    let shown = first_code(&sandbox, &mut display);
    let done = about(&phone, "approve --yes --json", &shown).run();
    expect::error(Form::Json, &done, 3, "session_ended");
    let stranger = Shell::at_sandbox(&sandbox);
    let done = about(&stranger, "approve --yes --json", &shown).run();
    expect::error(Form::Json, &done, 3, "not_signed_in");
    assert_eq!(count(&sandbox, "/signin/tokens"), 0);
    // The display waits for somebody who may.
    phone.sign_in(EMAIL, "").run().exits(0);
    about(&phone, "approve --yes", &shown).run().exits(0);
    display.expect("approved");
    display.end().exits(0);
}

#[test]
fn a_lost_answer_to_the_approval_is_uncertain_and_it_is_sent_once() {
    let sandbox = sandbox();
    let (shell, phone) = (Shell::at_sandbox(&sandbox), approver(&sandbox));
    let mut display = Display::start(&shell, "");
    let shown = first_code(&sandbox, &mut display);
    sandbox.fault("qr_approve:drop=after,times=1".parse().unwrap());
    let done = about(&phone, "approve --yes --json", &shown).run();
    expect::error(Form::Json, &done, 6, "qr_uncertain");
    assert_eq!(count(&sandbox, "/signin/tokens"), 1);
    display.expect("approved");
    display.end().exits(0);
}

#[test]
fn a_host_whose_live_channel_is_away_shows_no_code() {
    let sandbox = sandbox();
    sandbox.fault("live_handshake:status=404".parse().unwrap());
    let shell = Shell::at_sandbox(&sandbox);
    ended(Display::start(&shell, ""), 7, None, "channel_not_found");
}
