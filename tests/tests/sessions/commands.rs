//! `token`, `refresh`, `run` and `accounts`, and their options.

use std::os::unix::process::ExitStatusExt;
use std::time::Duration;

use auth_sandbox::{Limits, Sandbox};
use e2e::expect::{self, Form};
use e2e::shell::{Call, Shell};
use e2e::waiting::until;
use e2e::{bearer, past};
use serde_json::json;

const EMAIL: &str = "plain@example.com";

fn refreshes(sandbox: &Sandbox) -> usize {
    sandbox.requests().iter().filter(|request| request.path.ends_with("/refresh")).count()
}

/// Signed in so many minutes ago, with tokens of 15 and 60 minutes.
fn signed_in(minutes: u64) -> (Sandbox, Shell) {
    let sandbox = Sandbox::start().expect("the sandbox starts");
    let shell = Shell::at_sandbox(&sandbox);
    past::sign_in(&shell, sandbox.url(), EMAIL, Duration::from_secs(60 * minutes));
    (sandbox, shell)
}

#[test]
fn a_token_with_time_left_is_refreshed_only_if_it_has_too_little() {
    let (sandbox, shell) = signed_in(5);
    let old = shell.b2auth("token --min-ttl 590").run().exits(0).out;
    assert_eq!(refreshes(&sandbox), 0);
    let new = shell.b2auth("token --min-ttl 660").run().exits(0).out;
    assert_ne!(new, old);
    assert_eq!(shell.b2auth("token --min-ttl 660").run().exits(0).out, new);
    // More than any refresh could bring.
    assert_eq!(shell.b2auth("token --min-ttl 1000000").run().exits(0).out, new);
    assert_eq!(refreshes(&sandbox), 1);
    sandbox.stop();
    assert_eq!(shell.b2auth("token --min-ttl 1000000").run().exits(0).out, new);
}

#[test]
fn a_refresh_by_name_asks_the_host_whatever_time_is_left() {
    for form in Form::BOTH {
        let (sandbox, shell) = signed_in(0);
        let old = shell.b2auth("token").run().exits(0).out;
        let done = form.of(shell.b2auth("refresh")).run().exits(0);
        match form {
            Form::Text => {
                assert!(done.out.starts_with(&format!("refreshed for {EMAIL}\naccess token until 2")))
            }
            Form::Json => {
                let server_message = done.json();
                assert_eq!(
                    (&server_message["refreshed"], &server_message["account"]),
                    (&json!(true), &json!(EMAIL))
                );
                assert!(
                    expect::date(&server_message["access_expires_at"])
                        < expect::date(&server_message["refresh_expires_at"])
                );
            }
        }
        let new = shell.b2auth("token").run().exits(0).out;
        assert_ne!(new, old);
        let newest = shell.b2auth("token --force-refresh").run().exits(0);
        assert_ne!(newest.out, new);
        assert_eq!(bearer::status(&sandbox, newest.line()), 200);
        assert_eq!(refreshes(&sandbox), 2);
        sandbox.stop();
        for words in ["refresh", "token --force-refresh"] {
            expect::error(form, &form.of(shell.b2auth(words)).run(), 6, "unreachable");
        }
    }
}

#[test]
fn the_number_of_refreshes_is_a_setting_and_wins_over_the_list() {
    let sandbox = Sandbox::builder().limits(Limits::off()).start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    shell.sign_in(EMAIL, "").run().exits(0);
    let refresh = |env: &[(&str, &str)], words: &str| {
        let call = shell.b2auth(&format!("refresh --json {words}"));
        env.iter().fold(call, |call, (name, value)| call.env(name, *value)).run()
    };
    refresh(&[("B2AUTH_REFRESH_LIMIT", "2")], "").exits(0);
    refresh(&[("B2AUTH_REFRESH_LIMIT", "2")], "").exits(0);
    let asked = refreshes(&sandbox);
    for (env, words) in [
        (&[("B2AUTH_REFRESH_LIMIT", "2")][..], ""),
        (&[("B2AUTH_REFRESH_LIMIT", "2"), ("B2AUTH_LIMITS", "refresh=99")], ""),
        (&[("B2AUTH_REFRESH_LIMIT", "2"), ("B2AUTH_LIMITS", "off")], ""),
        (&[("B2AUTH_REFRESH_LIMIT", "99")], "--refresh-limit 2"),
        (&[("B2AUTH_REFRESH_LIMIT", ""), ("B2AUTH_LIMITS", "refresh=2")], ""),
    ] {
        expect::error(Form::Json, &refresh(env, words), 5, "locked_out");
    }
    assert_eq!(refreshes(&sandbox), asked, "the rate limiter was asked, not the host");
    for limit in ["0", "50"] {
        refresh(&[("B2AUTH_REFRESH_LIMIT", limit), ("B2AUTH_LIMITS", "refresh=1")], "").exits(0);
    }
}

fn sh(shell: &Shell, options: &str, script: &str) -> Call {
    shell.b2auth(&format!("run {options}")).arg("--").arg("sh").arg("-c").arg(script)
}

#[test]
fn a_command_runs_with_a_good_token_and_without_our_secrets() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox).with("B2AUTH_STORE_KEY", "correct horse");
    shell.sign_in(EMAIL, "").run().exits(0);
    let token = shell.b2auth("token").run().exits(0);
    let call = sh(&shell, "", "cat; env").env("B2AUTH_TOKEN", "stale").env("B2AUTH_CODE", "123456");
    let done = call.env("OTHER", "stays").input("from standard input\n").run().exits(0);
    let lines: Vec<&str> = done.out.lines().collect();
    assert_eq!((lines[0], done.err.as_str()), ("from standard input", ""));
    let wanted = [format!("B2AUTH_TOKEN={}", token.line()), format!("B2AUTH_HOST={}", sandbox.url())];
    for line in wanted.iter().map(String::as_str).chain(["OTHER=stays"]) {
        assert!(lines.contains(&line), "{line}: {lines:#?}");
    }
    for secret in ["correct horse", "B2AUTH_STORE_KEY", "B2AUTH_CODE", "123456", "stale"] {
        assert!(!done.out.contains(secret), "{secret}");
    }
}

#[test]
fn a_command_can_ask_again_for_the_same_account() {
    let sandbox = Sandbox::start().unwrap();
    let (shell, elsewhere) = (Shell::new(), Shell::new());
    let words = format!("--host {} --profile second --timeout 9 --store file:kept/here", sandbox.url());
    shell.sign_in(EMAIL, &words).run().exits(0);
    let script = "mkdir -p sub; cd sub; \"$B2AUTH_PROGRAM\" token --force-refresh; env";
    let done = sh(&shell, &words, script).run().exits(0);
    assert_eq!(bearer::status(&sandbox, done.out.lines().next().unwrap_or_default()), 200);
    let store = std::fs::canonicalize(shell.home()).unwrap().join("kept/here");
    for line in [
        format!("B2AUTH_HOST={}", sandbox.url()),
        "B2AUTH_PROFILE=second".to_owned(),
        "B2AUTH_TIMEOUT=9".to_owned(),
        format!("B2AUTH_STORE=file:{}", store.display()),
    ] {
        assert!(done.out.lines().any(|found| found == line), "{line}: {}", done.out);
    }
    // Without the passphrase it could not ask, so that it is not told how.
    let elsewhere = elsewhere.with("B2AUTH_HOST", sandbox.url()).with("B2AUTH_STORE_KEY", "correct horse");
    elsewhere.sign_in(EMAIL, "").run().exits(0);
    let done = sh(&elsewhere, "", "env").env("B2AUTH_PROGRAM", "stale").run().exits(0);
    assert!(!done.out.contains("B2AUTH_PROGRAM"), "{}", done.out);
}

#[test]
fn a_command_gets_the_roots_wherever_it_runs() {
    let sandbox = Sandbox::builder().tls(Vec::<String>::new()).start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    std::fs::write(shell.home().join("ca.pem"), sandbox.ca_pem().unwrap()).unwrap();
    shell.sign_in(EMAIL, "--ca-file ca.pem").run().exits(0);
    let curl = "cd /; \"$B2AUTH_PROGRAM\" token --header | \
        curl -sS --fail --cacert \"$B2AUTH_CA_FILE\" -H @- \"$B2AUTH_HOST/_sandbox/whoami\"";
    let done = sh(&shell, "--ca-file ca.pem", curl).run().exits(0);
    assert!(done.out.contains(EMAIL), "{done:#?}");
}

#[test]
fn a_header_is_a_line_for_curl_that_no_argument_shows() {
    let (sandbox, shell) = signed_in(0);
    let token = shell.b2auth("token").run().exits(0);
    let header = shell.b2auth("token --header").run().exits(0);
    assert_eq!(header.line(), format!("Authorization: Bearer {}", token.line()));
    let script = format!(
        "'{}' token --header | curl -sS --fail -H @- \"$B2AUTH_HOST/_sandbox/whoami\"",
        e2e::binary::b2auth().display()
    );
    let done = shell.program("sh").arg("-c").arg(script).run().exits(0);
    assert!(done.out.contains(EMAIL), "{done:#?}");
    expect::error(Form::Json, &shell.b2auth("token --header --json").run(), 2, "usage");
    drop(sandbox);
}

#[test]
fn a_command_is_the_process_itself() {
    let (_sandbox, shell) = signed_in(0);
    for code in [0, 3, 77] {
        assert_eq!(sh(&shell, "", &format!("exit {code}")).run().code, code);
    }
    let child = sh(&shell, "", "echo $$").start();
    let pid = child.id();
    let done = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&done.stdout).trim(), pid.to_string());
    // A signal reaches the command, and its end by one is the process's end.
    let ready = shell.home().join("ready");
    let mut child = sh(&shell, "", "touch ready; exec sleep 1000").start();
    until("the command", || ready.exists().then_some(()));
    shell.program("sh").arg("-c").arg(format!("kill -TERM {}", child.id())).run().exits(0);
    assert_eq!(child.wait().unwrap().signal(), Some(15));
}

#[test]
fn a_command_with_too_little_time_gets_a_refreshed_token() {
    let (sandbox, shell) = signed_in(5);
    let done = sh(&shell, "--min-ttl 660", "printf %s $B2AUTH_TOKEN").run().exits(0);
    assert_eq!((refreshes(&sandbox), bearer::status(&sandbox, &done.out)), (1, 200));
}

#[test]
fn a_command_that_cannot_run_is_told_as_a_shell_does() {
    for form in Form::BOTH {
        let (_sandbox, shell) = signed_in(0);
        let run = |words: &str| form.of(shell.b2auth("run")).arg("--").arg(words).run();
        expect::error(form, &run("no-such-command"), 127, "command_not_found");
        std::fs::write(shell.home().join("no-program"), "").unwrap();
        expect::error(form, &run("./no-program"), 126, "command_not_run");
        // Before that, the exit codes are ours, and nothing runs.
        let call = form.of(shell.b2auth("run --profile other")).arg("--").arg("touch").arg("ran");
        expect::error(form, &call.run(), 3, "not_signed_in");
        assert!(!shell.home().join("ran").exists());
        expect::error(form, &form.of(shell.b2auth("run")).run(), 2, "usage");
    }
}

#[test]
fn accounts_are_listed_without_a_host() {
    let shell = Shell::new();
    assert_eq!(shell.b2auth("accounts").run().exits(0).line(), "no accounts");
    assert_eq!(shell.b2auth("accounts --json").run().exits(0).json(), json!({"accounts": []}));
    let (one, other) = (Sandbox::start().unwrap(), Sandbox::start().unwrap());
    let at = |sandbox: &Sandbox, call: Call| call.env("B2AUTH_HOST", sandbox.url()).run();
    at(&one, shell.sign_in(EMAIL, "--profile a")).exits(0);
    at(&one, shell.sign_in("root@example.com", "--profile a --office back")).exits(0);
    past::sign_in(&shell, other.url(), EMAIL, Duration::from_secs(61 * 60));
    at(&other, shell.sign_in("sms@example.com", "")).exits(10);
    let sent = one.requests().len() + other.requests().len();

    let server_message = shell.b2auth("accounts --json").run().exits(0).json();
    let list = server_message["accounts"].as_array().expect("a list");
    let expected = [
        json!({"profile": "a", "host": one.url(), "office": "front", "account": EMAIL, "signed_in": true}),
        json!({"profile": "a", "host": one.url(), "office": "back", "account": "root@example.com", "signed_in": true}),
        json!({"profile": "default", "host": other.url(), "office": "front", "account": EMAIL, "signed_in": false,
            "reason": "session_ended", "pending_step": "code"}),
    ];
    assert_eq!(list.len(), expected.len(), "{server_message:#}");
    assert!(expected.iter().all(|account| list.contains(account)), "{server_message:#}");
    let text = shell.b2auth("accounts").run().exits(0).out;
    let line = format!("root@example.com at {} (back office, profile a): signed in", one.url());
    assert!(text.lines().any(|found| found == line), "{text}");
    assert!(text.contains("the session has ended; a sign-in waits at the step code"), "{text}");
    assert!(!text.contains("eyJ") && !server_message.to_string().contains("eyJ"));
    assert_eq!(one.requests().len() + other.requests().len(), sent, "nothing is sent");
}

#[test]
fn accounts_of_one_store_do_not_disturb_each_other() {
    let (one, other) = (Sandbox::start().unwrap(), Sandbox::start().unwrap());
    let shell = Shell::at_sandbox(&one);
    let elsewhere = format!("--host {}", other.url());
    shell.sign_in(EMAIL, "").run().exits(0);
    shell.sign_in(EMAIL, "--profile second").run().exits(0);
    shell.sign_in("root@example.com", "--office back").run().exits(0);
    shell.sign_in(EMAIL, &elsewhere).run().exits(0);
    let others = ["--profile second", "--office back", &elsewhere];
    let tokens = |of: &[&str]| -> Vec<String> {
        of.iter().map(|words| shell.b2auth(&format!("token {words}")).run().exits(0).out).collect()
    };
    let before = tokens(&others);
    shell.b2auth("refresh").run().exits(0);
    assert_eq!(tokens(&others), before, "another's refresh");
    one.fault("front/refresh:status=401,body=%7B%22error%22:%7B%22code%22:0%2C%22message%22:%22Unauthenticated%22%7D%7D,times=1".parse().unwrap());
    shell.b2auth("refresh").run().exits(3);
    assert_eq!(tokens(&others), before, "another's end");
    shell.sign_in("sms@example.com", "").run().exits(10);
    assert_eq!(tokens(&others), before, "another's sign-in");
    shell.b2auth("signout --office back").run().exits(0);
    let left = ["--profile second", &elsewhere];
    assert_eq!(tokens(&left), [before[0].clone(), before[2].clone()], "another's sign-out");
    for (words, sandbox) in left.iter().zip([&one, &other]) {
        let token = shell.b2auth(&format!("token --force-refresh {words}")).run().exits(0);
        assert_eq!(bearer::status(sandbox, token.line()), 200, "{words}");
    }
}
