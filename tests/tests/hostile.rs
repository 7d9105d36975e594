//! Answers that no B2Core host gives: none signs in, crashes, hangs, leads elsewhere, or writes on the terminal.

use std::net::{Ipv4Addr, TcpListener};

use auth_core::shown_as;
use auth_sandbox::Sandbox;
use e2e::expect::{self, Form};
use e2e::raw_host::{Answer, RawHost, UUID, http, json_bytes, page, step, wizard};
use e2e::shell::{Done, Shell};
use e2e::terminal::Terminal;
use serde_json::{Value, json};

const EMAIL: &str = "plain@example.com";

/// Meets this answer at the very first request of either office.
fn first(answer: &Answer, code: i32, kind: &str) {
    for form in Form::BOTH {
        let always = answer.clone();
        let host = RawHost::start(move |_| always.clone());
        let shell = Shell::at(&host.url());
        expect::error(form, &form.of(shell.sign_in(EMAIL, "")).run(), code, kind);
        expect::error(form, &form.of(shell.sign_in(EMAIL, "--office back")).run(), code, kind);
        shell.b2auth("status").run().exits(3);
    }
}

/// Meets this answer at the very first request, and at the sign-in: always the same error.
fn everywhere(answer: &Answer, code: i32, kind: &str) {
    first(answer, code, kind);
    for form in Form::BOTH {
        let later = answer.clone();
        let host =
            RawHost::start(move |request| if request.method == "GET" { wizard() } else { later.clone() });
        let shell = Shell::at(&host.url());
        expect::error(form, &form.of(shell.sign_in(EMAIL, "")).run(), code, kind);
        assert_eq!(host.count("/signin"), 1, "an attempt is never repeated by itself");
        shell.b2auth("status").run().exits(3);
    }
}

#[test]
fn a_web_page_with_status_200() {
    everywhere(&Answer::Bytes(page(200)), 7, "not_b2core");
}

#[test]
fn a_web_page_with_status_502() {
    everywhere(&Answer::Bytes(page(502)), 7, "host_failed");
}

#[test]
fn an_empty_answer() {
    everywhere(&Answer::Bytes(http(200, "application/json", &[], b"")), 7, "not_b2core");
}

#[test]
fn garbage_for_json() {
    everywhere(
        &Answer::Bytes(http(200, "application/json", &[], b"{\"code\": 200, \"data")),
        7,
        "not_b2core",
    );
    everywhere(&Answer::Bytes(http(200, "application/json", &[], b"\xff\xfe\x00\x01")), 7, "not_b2core");
}

#[test]
fn json_of_somebody_else() {
    let answer = json_bytes(200, &json!({"hello": "world"}));
    let host = RawHost::start(move |_| Answer::Bytes(answer.clone()));
    for words in ["", "--json", "--office back", "--office back --json"] {
        Shell::at(&host.url()).sign_in(EMAIL, words).run().exits(7);
    }
    let host = RawHost::after_the_wizard(json_bytes(200, &json!({"hello": "world"})));
    expect::error(Form::Json, &Shell::at(&host.url()).sign_in(EMAIL, "--json").run(), 7, "protocol");
}

#[test]
fn an_address_that_nobody_serves() {
    // Once a wizard is open, a 404 means that the wizard is gone: see below.
    first(&Answer::Bytes(json_bytes(404, &json!({"message": "Not Found"}))), 7, "not_b2core");
    first(&Answer::Bytes(json_bytes(404, &json!({}))), 7, "not_b2core");
    first(&Answer::Bytes(page(404)), 7, "not_b2core");
}

#[test]
fn a_cut_answer() {
    let mut bytes = json_bytes(200, &json!({"code": 200, "data": null, "done": false}));
    bytes.truncate(bytes.len() - 10);
    everywhere(&Answer::Bytes(bytes), 6, "interrupted");
}

#[test]
fn a_huge_answer() {
    let body = vec![b' '; 4 * 1024 * 1024];
    everywhere(&Answer::Bytes(http(200, "application/json", &[], &body)), 7, "too_large");
    // Without saying beforehand how much will come.
    let unannounced = [b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", body.as_slice()].concat();
    everywhere(&Answer::Bytes(unannounced), 7, "too_large");
}

#[test]
fn a_redirect_is_not_followed() {
    let target = RawHost::start(|_| wizard());
    for status in [301, 302, 307, 308] {
        let location = format!("Location: {}/api/v2/my/signin", target.url());
        everywhere(&Answer::Bytes(http(status, "text/html", &[&location], b"")), 7, "redirected");
    }
    assert!(target.requests().is_empty(), "{:?}", target.requests());
    // Who reads it learns where to.
    let moved = Answer::Bytes(http(301, "text/html", &["Location: https://new.broker.example/login"], b""));
    let host = RawHost::start(move |_| moved.clone());
    let done = Shell::at(&host.url()).sign_in(EMAIL, "").run().exits(7);
    assert!(done.err.contains("--host https://new.broker.example\n"), "{done:#?}");
}

#[test]
fn protection_in_front_of_the_host() {
    for (status, header) in
        [(403, "cf-mitigated: challenge"), (403, "Server: AkamaiGHost"), (407, "X: y"), (511, "X: y")]
    {
        let page = b"<!DOCTYPE html><title>Just a moment...</title>";
        everywhere(&Answer::Bytes(http(status, "text/html", &[header], page)), 7, "blocked_by_gateway");
    }
}

#[test]
fn a_silent_host_meets_the_timeout() {
    for form in Form::BOTH {
        let host = RawHost::start(|_| Answer::Silence);
        let shell = Shell::at(&host.url());
        let done = form.of(shell.sign_in(EMAIL, "--timeout 0.3")).run();
        expect::error(form, &done, 6, "timed_out");
        assert_eq!(host.requests().len(), 1);
    }
}

#[test]
fn a_refused_connection() {
    for form in Form::BOTH {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let shell = Shell::at(&format!("http://127.0.0.1:{port}"));
        let error = expect::error(form, &form.of(shell.sign_in(EMAIL, "")).run(), 6, "unreachable");
        if form == Form::Json {
            assert_eq!(error["recovery"], "retry");
        }
    }
}

#[test]
fn tls_to_a_port_that_does_not_speak_it() {
    for form in Form::BOTH {
        let host = Sandbox::start().unwrap();
        let shell = Shell::at(&host.url().replace("http:", "https:"));
        expect::error(form, &form.of(shell.sign_in(EMAIL, "")).run(), 6, "tls");
    }
}

#[test]
fn a_port_that_does_not_speak_http() {
    let host = RawHost::start(|_| Answer::Bytes(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec()));
    let done = Shell::at(&host.url()).sign_in(EMAIL, "--json").run();
    assert!([6, 7].contains(&done.code), "{done:#?}");
}

/// A host whose code check answers with these bytes.
fn dead(bytes: Vec<u8>) -> (RawHost, Shell) {
    let host = RawHost::start(move |request| match request.path.rsplit('/').next() {
        Some("wizard") => wizard(),
        Some("signin") => step("2fa_google_auth", json!({"accessToken": null, "refreshToken": null})),
        _ => Answer::Bytes(bytes.clone()),
    });
    let shell = Shell::at(&host.url());
    shell.sign_in(EMAIL, "").run().exits(10);
    (host, shell)
}

#[test]
fn a_dead_wizard_is_cleared_and_said_so() {
    let gone = json!({"error": {"code": 0, "message": "Not found", "details": [{"issue": "The sign-in is unknown"}]}});
    let invalid =
        json!({"message": "The given data was invalid.", "errors": {"uuid": ["The uuid is invalid."]}});
    for bytes in [json_bytes(404, &gone), json_bytes(410, &gone), json_bytes(422, &invalid)] {
        for form in Form::BOTH {
            let (host, shell) = dead(bytes.clone());
            let done = form.of(shell.b2auth("signin --resume --code 123456")).run();
            let error = expect::error(form, &done, 3, "sign_in_expired");
            if form == Form::Json {
                assert_eq!(error["recovery"], "restart");
            }
            assert!(done.err.contains("start again"), "{done:#?}");
            let before = host.requests().len();
            let done = form.of(shell.b2auth("signin --resume --code 123456")).run();
            expect::error(form, &done, 3, "nothing_pending");
            assert_eq!(host.requests().len(), before);
        }
    }
}

#[test]
fn a_failure_at_the_code_step_keeps_the_step() {
    for (bytes, code) in [(page(200), 7), (page(503), 7), (http(302, "text/html", &["Location: /"], b""), 7)]
    {
        let (_host, shell) = dead(bytes);
        shell.b2auth("signin --resume --code 123456").run().exits(code);
        assert_eq!(shell.b2auth("status --json").run().exits(3).json()["pending_step"], "code");
    }
}

#[test]
fn a_refusal_inside_a_success_is_a_refusal() {
    let meta = json!({"behaviours": [], "status": 401});
    let v1 = json!({"status": 401, "meta": meta, "data": {"message": "nope", "errors": ["wrong"]}});
    for form in Form::BOTH {
        let host = RawHost::after_the_wizard(json_bytes(200, &v1));
        let shell = Shell::at(&host.url());
        expect::error(form, &form.of(shell.sign_in(EMAIL, "")).run(), 4, "wrong_credentials");
    }
}

#[test]
fn success_without_tokens_is_no_success() {
    for data in [json!(null), json!({}), json!([]), json!({"accessToken": {}, "refreshToken": []})] {
        let body = json!({"code": 202, "data": data, "done": true, "uuid": UUID, "workflow": "Terminate"});
        let host = RawHost::after_the_wizard(json_bytes(200, &body));
        let shell = Shell::at(&host.url());
        expect::error(Form::Json, &shell.sign_in(EMAIL, "--json").run(), 7, "protocol");
        shell.b2auth("status").run().exits(3);
    }
}

/// Text that would move the cursor, set the title, ring, read backwards, begin a line, and say what nobody sees.
const NASTY: &str = "pw\u{1b}[2Jned\u{1b}]0;title\u{7}\u{9b}31m\u{8}\r\u{202e}\u{61c}\u{2028}\u{2029}\u{200b}\u{feff}\u{e0041}\u{fff9}text";

#[track_caller]
fn harmless(done: &Done) {
    let nasty = |c: char| shown_as(c) != Some(c) && c != '\n';
    assert!(!done.err.contains(nasty), "{:?}", done.err);
    assert!(!done.out.contains(nasty), "{:?}", done.out);
}

/// Of what a terminal showed: our own prompts move the cursor, the host's texts must not.
#[track_caller]
fn unsteered(shown: &str) {
    for nasty in ["\u{1b}[2J", "\u{1b}]0;"] {
        assert!(!shown.contains(nasty), "{nasty:?} in {shown:?}");
    }
    let ours = ['\n', '\r', '\u{1b}'];
    let nasty = |c: char| shown_as(c) != Some(c) && !ours.contains(&c);
    assert!(!shown.contains(nasty), "{shown:?}");
}

fn nasty_host(workflow: &'static str, data: Value) -> RawHost {
    RawHost::start(move |request| match request.path.rsplit('/').next() {
        Some("wizard") => wizard(),
        Some("signin") if !workflow.is_empty() => step(workflow, data.clone()),
        _ => {
            let details = [json!({"issue": NASTY})];
            Answer::Bytes(json_bytes(
                400,
                &json!({"error": {"code": 0, "message": NASTY, "details": details}}),
            ))
        }
    })
}

#[test]
fn a_host_s_texts_do_not_control_the_terminal() {
    for words in ["", "--json", "-vvv"] {
        let host = nasty_host("", json!({}));
        let done = Shell::at(&host.url()).sign_in(EMAIL, words).run().exits(4);
        harmless(&done);
        assert!(done.err.contains("ned"), "the text itself is passed on: {done:#?}");
        let host = nasty_host(NASTY, json!({}));
        harmless(&Shell::at(&host.url()).sign_in(EMAIL, words).run().exits(1));
    }
}

#[test]
fn a_host_s_name_for_its_mailed_code_does_not_control_the_terminal() {
    let details = json!({"token": UUID, "provider": NASTY, "expiresAt": "2099-04-22T11:07:24+00:00"});
    let body = json!({"2faRequired": true, "2faDetails": details});
    let host = RawHost::start(move |_| Answer::Bytes(json_bytes(200, &body)));
    let shell = Shell::at(&host.url()).with("B2AUTH_OFFICE", "back");
    for words in ["", "--json"] {
        harmless(&shell.sign_in(EMAIL, words).run().exits(10));
        harmless(&shell.b2auth("signin --resume").arg("--no-input").run().exits(10));
    }
    let mut terminal = Terminal::start(&shell, "signin --resume");
    terminal.expect("Code sent by");
    terminal.type_keys("\u{3}");
    let (_, shown) = terminal.end();
    unsteered(&shown);
}

#[test]
fn a_host_s_captions_do_not_control_the_terminal() {
    let option = |name: &str| json!({"name": name, "localizedCaption": NASTY, "enabled": true});
    let host = nasty_host("2fa", json!({"tfaProviders": [option("sms"), option("google")]}));
    let shell = Shell::at(&host.url());
    let mut terminal = Terminal::start(&shell, &format!("signin --email {EMAIL}"));
    terminal.expect_hidden("Password");
    terminal.type_line("Secret123");
    terminal.expect("Two-factor method");
    terminal.expect("text");
    terminal.type_keys("\u{3}");
    let (_, shown) = terminal.end();
    unsteered(&shown);
}
