//! `b2auth sandbox` as a test host that several people use: lifetimes, something behind the token, what it warns of.

use std::io::{BufRead, BufReader, Read};

use e2e::expect::{self, Form};
use e2e::running::Running;
use e2e::shell::{Done, Shell};
use serde_json::Value;

const EMAIL: &str = "plain@example.com";
/// What a script of a user does: the accounts, and the status behind them.
const ASK: &str = r#"curl -s -w '\n%{http_code}' -H "Authorization: Bearer $B2AUTH_TOKEN" "$B2AUTH_HOST/api/v2/my/accounts?limit=2""#;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The command that is given a token asks for the accounts: the list and the status.
fn accounts(shell: &Shell) -> (Value, String) {
    let asked = shell.b2auth("run -- sh -c").arg(ASK).run().exits(0);
    let (body, status) = asked.out.rsplit_once('\n').expect("a body and a status");
    (json(body), status.to_owned())
}

#[test]
fn a_command_with_a_token_gets_the_accounts_of_the_client() {
    let running = Running::start(&Shell::new(), "--base-path /broker --accounts 5");
    let line =
        format!("a client's accounts, behind its access token, at {}/api/v2/my/accounts\n", running.url());
    assert!(running.introduction.contains(&line), "{}", running.introduction);
    let shell = Shell::at(&running.url());
    shell.sign_in(EMAIL, "").run().exits(0);
    let (list, status) = accounts(&shell);
    assert_eq!(status, "200");
    assert_eq!((&list["total"], list["data"].as_array().map(Vec::len)), (&5.into(), Some(2)));
    // As the manual has it, with a token from standard input.
    let manual = r#""$B2AUTH_PROGRAM" token --header | curl -s -H @- "$B2AUTH_HOST/api/v2/my/accounts""#;
    let asked = shell.b2auth("run -- sh -c").arg(manual).run().exits(0);
    assert_eq!(json(&asked.out)["data"].as_array().map(Vec::len), Some(5));
}

#[test]
fn a_rejected_token_is_401_and_the_next_one_is_good() {
    let running = Running::start(&Shell::new(), "");
    let shell = Shell::at(&running.url());
    shell.sign_in(EMAIL, "").run().exits(0);
    running.ask("POST", "/_sandbox/sessions", &format!(r#"{{"reject_tokens": "{EMAIL}"}}"#));
    let (refused, status) = accounts(&shell);
    assert_eq!(status, "401");
    assert!(refused["error"]["details"].is_array(), "{refused}");
    shell.b2auth("refresh").run().exits(0);
    assert_eq!(accounts(&shell).1, "200");
}

#[test]
fn tokens_live_as_long_as_the_options_say() {
    let running = Running::start(&Shell::new(), "--access-lifetime 70 --refresh-lifetime 7000");
    let shell = Shell::at(&running.url());
    let signed_in = Form::Json.of(shell.sign_in(EMAIL, "")).run().exits(0).json();
    let [access, refresh] =
        ["access_expires_at", "refresh_expires_at"].map(|name| expect::date(&signed_in[name]));
    assert_eq!(refresh.duration_since(access).as_secs(), 7000 - 70, "{signed_in}");
    let settings = running.ask("GET", "/_sandbox/settings", "");
    assert!(settings.contains(r#""access_seconds":70"#), "{settings}");
    // The host's own clock ends it.
    let token = shell.b2auth("token").run().exits(0).out;
    let who = || {
        let header = format!("Authorization: Bearer {}", token.trim());
        let curl = shell.program("curl").arg("-s").arg("-o").arg("/dev/null").arg("-w").arg("%{http_code}");
        curl.arg("-H").arg(header).arg(format!("{}/api/v2/my/accounts", running.url())).run().out
    };
    assert_eq!(who(), "200");
    running.ask("POST", "/_sandbox/clock", r#"{"advance_seconds": 71}"#);
    assert_eq!(who(), "401");
    shell.b2auth("refresh").run().exits(0);
    running.ask("POST", "/_sandbox/clock", r#"{"advance_seconds": 8000}"#);
    shell.b2auth("refresh").run().exits(3);
}

#[test]
fn lifetimes_that_are_none_are_told() {
    for words in ["--access-lifetime 0", "--refresh-lifetime 0", "--access-lifetime soon", "--accounts 70000"]
    {
        for form in Form::BOTH {
            let done = form.of(Shell::new().b2auth(&format!("sandbox {words}"))).run();
            expect::error(form, &done, 2, "usage");
            assert!(done.err.contains(words.split(' ').next().unwrap()), "{done:#?}");
        }
    }
}

/// Starts one, reads so many lines of what it says of itself, and ends it: all of both outputs.
fn said(words: &str, enough: impl Fn(&str) -> bool) -> Done {
    let shell = Shell::new();
    let mut child = shell.b2auth(words).start();
    let mut out = BufReader::new(child.stdout.take().expect("its output is read"));
    let mut printed = String::new();
    while !enough(&printed) {
        assert_ne!(out.read_line(&mut printed).expect("it prints UTF-8"), 0, "{printed}");
    }
    let ended = shell.program("kill").arg(child.id().to_string()).run();
    assert_eq!(ended.code, 0);
    out.read_to_string(&mut printed).expect("it prints UTF-8");
    let mut noted = String::new();
    child.stderr.take().expect("its notes are read").read_to_string(&mut noted).expect("it prints UTF-8");
    let code = child.wait().expect("it ends").code().unwrap_or(-1);
    Done { code, out: printed, err: noted }
}

const IN_THE_CLEAR: &str = "cross the network in the clear";
const OTHERS: &str = "other machines can reach this sandbox";

#[test]
fn whoever_lets_other_machines_in_is_warned() {
    let serves = |text: &str| text.lines().last().is_some_and(|line| line.starts_with("try: "));
    let open = said("sandbox --listen 0.0.0.0:0", serves);
    assert_eq!(open.code, 0, "{open:#?}");
    assert!(open.err.contains(OTHERS) && open.err.contains(IN_THE_CLEAR), "{open:#?}");
    let sealed = said("sandbox --listen 0.0.0.0:0 --tls --ca-out ca.pem", serves);
    assert!(sealed.err.contains(OTHERS) && !sealed.err.contains(IN_THE_CLEAR), "{sealed:#?}");
    let own = said("sandbox", serves);
    assert_eq!(own.err, "", "{own:#?}");
}

#[test]
fn a_program_is_warned_in_json_after_the_introduction() {
    let open = said("--json sandbox --listen 0.0.0.0:0", |text| text.lines().count() == 3);
    let lines: Vec<Value> = open.out.lines().map(json).collect();
    let told: Vec<_> = lines.iter().map(|line| (line["state"].as_str(), line["warning"].as_str())).collect();
    let expected = [
        (Some("serving"), None),
        (Some("warning"), Some("other_machines")),
        (Some("warning"), Some("plain_http")),
        (Some("stopped"), None),
    ];
    assert_eq!(told, expected, "{open:#?}");
    assert!(lines[1]["text"].as_str().is_some_and(|text| open.err.contains(text)), "{open:#?}");
    let own = said("--json sandbox", |text| text.lines().count() == 1);
    assert_eq!((own.out.lines().count(), own.err.as_str()), (2, ""), "{own:#?}");
}
