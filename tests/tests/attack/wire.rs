//! Answers that come before their requests: a queue that was mixed up, at the host or at a balancer before it.

use super::campaign::Campaign;
use e2e::raw_host::{Answer, RawHost, Request, When, json_bytes, signed_in, step, wizard};
use e2e::shell::Shell;
use serde_json::json;
use std::process::Command;
use std::time::Duration;

const EMAIL: &str = "ann@example.com";

/// Between an early answer and a request: less may have crossed each other.
const CROSSING: Duration = Duration::from_millis(15);

/// A round in which something went wrong is tried again so often before it counts.
const TRIES: usize = 3;

/// From the wizard's answer to the password, with a passphrase to stretch; somewhat more than it takes.
const LONGEST: Duration = Duration::from_millis(80);

fn yes() -> Answer {
    signed_in("access.of.ann", "refresh-of-ann")
}

fn no() -> Answer {
    Answer::Bytes(json_bytes(401, &json!({"code": 401, "message": "Invalid credentials."})))
}

fn blocked() -> Answer {
    Answer::Bytes(json_bytes(
        429,
        &json!({"code": 429, "message": "Too many attempts, try again in 86400 seconds."}),
    ))
}

fn is_wizard(request: &Request) -> bool {
    request.path.ends_with("/wizard")
}

#[test]
fn an_answer_that_came_before_the_password_does_not_count() {
    let outcomes = [(yes as fn() -> Answer, no as fn() -> Answer, 4), (no, yes, 0), (blocked, yes, 0)];
    let mut counted = 0;
    for (seed, mut rng) in Campaign::of("an early answer", 12).rounds() {
        let (early, late, exit) = outcomes[rng.usize(..outcomes.len())];
        let moment = Duration::from_micros(rng.u64(..u64::try_from(LONGEST.as_micros()).unwrap()));
        // On a busy machine a thread may stand still between a look at a socket and what it does next; not every time.
        let mut wrong = Vec::new();
        while wrong.len() < TRIES {
            match early_answer(early, late, moment, exit) {
                Found::Right => {
                    counted += 1;
                    break;
                }
                Found::Crossed => break,
                Found::Wrong(what) => wrong.push(what),
            }
        }
        assert!(wrong.len() < TRIES, "seed {seed}, after {moment:?}: {wrong:#?}");
    }
    assert!(counted > 0, "a round in which nothing went wrong");
}

/// What a sign-in came to whose host sends an answer too early.
enum Found {
    /// The answer to the request counted.
    Right,
    /// The early answer and the request may have crossed each other.
    Crossed,
    /// A request went over the connection with unread bytes, or the exit code was another one.
    Wrong(String),
}

fn early_answer(early: fn() -> Answer, late: fn() -> Answer, moment: Duration, exit: i32) -> Found {
    let host = RawHost::start(move |request| match is_wizard(request) {
        true => wizard().and_early(When::After(moment), early()),
        false => late(),
    });
    let shell = Shell::at(&host.url()).with("B2AUTH_STORE_KEY", "correct horse");
    let done = shell.sign_in(EMAIL, "").run();
    let (after, signed_in) = (host.after_early(), host.count("/signin"));
    if after.iter().any(|after| *after < CROSSING) {
        Found::Crossed
    } else if after.is_empty() && done.code == exit && signed_in == 1 {
        Found::Right
    } else {
        Found::Wrong(format!("over unread bytes: {after:?}; sign-ins: {signed_in}; {done:#?}"))
    }
}

#[test]
fn an_answer_that_came_while_a_program_made_the_code_does_not_count() {
    for (early, late, exit) in [(yes as fn() -> Answer, no as fn() -> Answer, 4), (blocked, yes, 0)] {
        let shell = Shell::new();
        let pipe = shell.home().join("code");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let code_command = format!("cat '{}'", pipe.display());
        let host = RawHost::start(move |request| match request {
            request if is_wizard(request) => wizard().kept(),
            request if request.path.ends_with("/signin") => {
                let app = json!({"nextStep": "2fa_google_auth"});
                step("2fa_google_auth", app).and_early(When::WhileRead(pipe.clone(), "123456\n"), early())
            }
            _ => late(),
        });
        let shell = shell.with("B2AUTH_HOST", host.url());
        let done = shell.sign_in(EMAIL, "--code-command").arg(&code_command).run();
        assert!(host.after_early().is_empty(), "a request over the connection with unread bytes; {done:#?}");
        assert_eq!(done.code, exit, "{done:#?}");
    }
}
