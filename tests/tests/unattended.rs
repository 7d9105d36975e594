//! Nobody sits there: codes from a secret, logs for a program, sessions that are kept, and who waits at a terminal for a host.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, ChildStdout};
use std::time::Duration;
use std::{fs, path::PathBuf};

use auth_sandbox::Sandbox;
use e2e::expect::{self, Form};
use e2e::past;
use e2e::raw_host::{Answer, RawHost, signed_in, wizard};
use e2e::shell::{Call, Shell};
use e2e::terminal::Terminal;
use e2e::waiting::until;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

const EMAIL: &str = "plain@example.com";
/// Where a code of the authenticator app goes.
const CODE: &str = "/2fa/google";

/// A command that goes on, whose lines are read.
struct Running {
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Running {
    fn start(call: Call) -> Self {
        let mut child = call.start();
        let out = BufReader::new(child.stdout.take().expect("its output is read"));
        Self { child, out }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).expect("it prints UTF-8");
        line.trim_end().to_owned()
    }

    fn json(&mut self) -> Value {
        let line = self.line();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
    }

    /// Asks it to end, which it does well.
    fn end(mut self) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).expect("the process is there");
        let status = until("its end", || self.child.try_wait().expect("it can be asked"));
        assert_eq!(status.code(), Some(0));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _over = self.child.kill();
        let _over = self.child.wait();
    }
}

fn secret_file(shell: &Shell, text: &str) -> PathBuf {
    let file = shell.home().join("totp");
    fs::write(&file, text).expect("the home folder can be written");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("the home folder can be written");
    file
}

#[test]
fn a_code_comes_from_the_secret_in_a_file() {
    for (email, more) in [("totp@example.com", ""), ("both@example.com", "--profile b")] {
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox);
        let file = secret_file(&shell, &format!("{}\n", sandbox.totp_secret(email).unwrap()));
        let call = shell.sign_in(email, &format!("--no-input {more} --totp-secret-file")).arg(&file);
        expect::signed_in(Form::Text, &call.run(), email, "front");
    }
    // Once only: a host takes no code twice, and a wrong one is not tried again.
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let file = secret_file(&shell, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    let done = shell.sign_in("totp@example.com", "--json --totp-secret-file").arg(&file).run();
    expect::error(Form::Json, &done, 4, "wrong_code");
    assert_eq!(sandbox.requests().iter().filter(|request| request.path.ends_with(CODE)).count(), 1);
}

#[test]
fn a_secret_that_others_can_read_or_that_is_none_is_refused_before_the_host_is_asked() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let secret = sandbox.totp_secret("totp@example.com").unwrap();
    let refused = |text: &str, mode: u32| {
        let file = secret_file(&shell, text);
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        let done = shell.sign_in("totp@example.com", "--json --totp-secret-file").arg(&file).run();
        expect::error(Form::Json, &done, 2, "usage");
        assert!(done.err.contains("totp") && !done.err.contains(text), "{done:#?}");
    };
    refused(&secret, 0o644);
    refused(&secret, 0o640);
    refused("not a secret at all", 0o600);
    shell.sign_in("totp@example.com", "--totp-secret-file none").run().exits(2);
    assert!(sandbox.requests().is_empty());
}

#[test]
fn a_log_as_json_is_json_in_every_line() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox).with("B2AUTH_LOG", "json");
    let lines = |call: Call, code: i32| -> Vec<Value> {
        let done = call.run().exits(code);
        let line =
            |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}: {done:#?}"));
        done.err.lines().map(line).collect()
    };
    assert!(lines(shell.sign_in(EMAIL, ""), 0).iter().all(|line| line["level"] == "INFO"));
    let loud = lines(shell.b2auth("refresh -vv"), 0);
    assert!(loud.iter().any(|line| line.to_string().contains("/api/v2/my/refresh")), "{loud:#?}");
    sandbox.stop();
    let failed = lines(shell.b2auth("refresh --log json"), 6);
    // What lies behind it comes after it.
    let last = failed.iter().rfind(|line| line["level"] == "WARN").expect("the error");
    assert!(last["timestamp"].is_string());
    assert!(last["message"].as_str().is_some_and(|text| text.contains("cannot be reached")), "{last:#}");
    // Asked for by nobody, nothing is logged.
    shell.b2auth("status --log text").run().exits(0);
    shell.b2auth("status --log yaml").run().exits(2);
}

#[test]
fn sessions_are_refreshed_before_they_end_until_a_signal() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    past::sign_in(&shell, sandbox.url(), EMAIL, Duration::from_secs(14 * 60 + 50));
    let mut keeper = Running::start(shell.b2auth("keep-alive --json"));
    let line = keeper.json();
    assert_eq!(
        (&line["outcome"], &line["account"], &line["profile"], &line["host"]),
        (&json!("refreshed"), &json!(EMAIL), &json!("default"), &json!(sandbox.url()))
    );
    assert_eq!(sandbox.requests().iter().filter(|request| request.path.ends_with("/refresh")).count(), 1);
    keeper.end();
    let after = shell.b2auth("status --json").run().exits(0).json();
    assert_eq!(after["refresh_expires_at"], line["refresh_expires_at"]);
}

#[test]
fn a_session_that_the_host_has_ended_is_said_once_and_the_keeper_goes_on() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    past::sign_in(&shell, sandbox.url(), EMAIL, Duration::from_secs(14 * 60 + 50));
    sandbox.fault("front/refresh:status=401,body=%7B%22error%22:%7B%22code%22:0%2C%22message%22:%22Unauthenticated%22%7D%7D,times=1".parse().unwrap());
    let mut keeper = Running::start(shell.b2auth("keep-alive"));
    let line = keeper.line();
    assert!(
        line.starts_with(&format!("{EMAIL} at ")) && line.contains("ended: The session has ended"),
        "{line}"
    );
    keeper.end();
}

#[test]
fn sessions_are_refreshed_once_for_a_timer() {
    let (one, other) = (Sandbox::start().unwrap(), Sandbox::start().unwrap());
    let shell = Shell::new();
    for sandbox in [&one, &other] {
        shell.sign_in(EMAIL, "").env("B2AUTH_HOST", sandbox.url()).run().exits(0);
    }
    let done = shell.b2auth("keep-alive --once").run().exits(0);
    assert_eq!(done.out.lines().filter(|line| line.contains("refreshed, refresh token until 2")).count(), 2);
    // One that cannot be reached does not hinder the others.
    other.stop();
    let done = shell.b2auth("keep-alive --once --json").run().exits(6);
    let lines: Vec<Value> = done.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |sandbox: &Sandbox| lines.iter().find(|line| line["host"] == sandbox.url()).expect("a line");
    assert_eq!((&of(&one)["outcome"], &of(&other)["outcome"]), (&json!("refreshed"), &json!("failed")));
    assert_eq!(of(&other)["kind"], "unreachable");
}

#[test]
fn a_watched_status_says_what_another_process_has_changed() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    let mut watch = Running::start(shell.b2auth("status --watch --json"));
    let nobody = || json!({"signed_in": false, "store": {"kind": "file", "place": shell.store(), "sealed_by": "key_file"}});
    assert_eq!(watch.json(), nobody());
    shell.sign_in(EMAIL, "").run().exits(0);
    assert_eq!(watch.json()["account"], EMAIL);
    shell.b2auth("signout").run().exits(0);
    assert_eq!(watch.json(), nobody());
    shell.sign_in("sms@example.com", "").run().exits(10);
    let mut said = watch.json();
    while said["pending_step"] != "code" {
        said = watch.json();
    }
    watch.end();
}

#[test]
fn a_host_that_hangs_is_named_on_a_terminal_and_nowhere_else() {
    let host = RawHost::start(|_| Answer::Silence);
    let shell = Shell::at(&host.url());
    let mut terminal = Terminal::start(&shell, "signin --timeout 2");
    terminal.expect(&format!("{} has not answered yet. It is waited for up to 2 s.", host.url()));
    let (code, shown) = terminal.end();
    assert_eq!((code, shown.matches("has not answered yet").count()), (6, 1), "{shown}");
    let done = shell.b2auth("signin --timeout 1").run().exits(6);
    assert!(!done.err.contains("not answered yet"), "{done:#?}");
}

#[test]
fn a_token_without_a_known_end_is_said_to_have_none() {
    let host = RawHost::start(|request| match request.method.as_str() {
        "GET" => wizard(),
        _ => match signed_in("an-opaque-token", "another-one") {
            Answer::Bytes(bytes) => {
                let text = String::from_utf8(bytes).unwrap();
                let (_, body) = text.split_once("\r\n\r\n").unwrap();
                let mut body: Value = serde_json::from_str(body).unwrap();
                for token in ["accessToken", "refreshToken"] {
                    let token = body["data"][token].as_object_mut().unwrap();
                    token.retain(|name, _| name == "token");
                }
                Answer::Bytes(e2e::raw_host::json_bytes(200, &body))
            }
            other => other,
        },
    });
    let shell = Shell::at(&host.url());
    shell.sign_in(EMAIL, "").run().exits(0);
    let text = shell.b2auth("status").run().exits(0).out;
    assert!(text.contains("access token until the host rejects it: no end is known"), "{text}");
    let said = shell.b2auth("status --json").run().exits(0).json();
    assert_eq!((&said["access_expires_at"], &said["access_end_known"]), (&Value::Null, &json!(false)));
    assert_eq!((&said["refresh_expires_at"], &said["refresh_end_known"]), (&Value::Null, &json!(false)));
    // It is served until the host says no, and nothing is sent for it.
    let sent = host.requests().len();
    assert_eq!(shell.b2auth("token").run().exits(0).line(), "an-opaque-token");
    assert_eq!(host.requests().len(), sent);
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in(EMAIL, "").run().exits(0);
    assert_eq!(shell.b2auth("status --json").run().exits(0).json()["access_end_known"], true);
}
