//! Everything that can go wrong with a refresh, and what becomes of the session: ended, refused, or kept.

use std::time::Duration;

use auth_client::Office;
use auth_client::ports::RecordKind;
use auth_sandbox::Sandbox;
use e2e::expect::{self, Form};
use e2e::past::block_on;
use e2e::shell::Shell;
use e2e::{bearer, opened, past};
use serde_json::Value;

const EMAIL: &str = "plain@example.com";
const SHAPED: &str = "body=%7B%22error%22:%7B%22code%22:0%2C%22message%22:%22No%22%7D%7D";

struct World {
    sandbox: Sandbox,
    shell: Shell,
    fault: String,
}

impl World {
    /// A session whose access token is over, at a host where this goes wrong with each refresh.
    fn with(fault: &str, grace: u64) -> Self {
        let grace = Duration::from_secs(grace);
        let sandbox = Sandbox::builder().refresh_grace(grace).start().expect("the sandbox starts");
        let shell = Shell::at_sandbox(&sandbox).with("B2AUTH_TIMEOUT", "0.5");
        past::sign_in(&shell, sandbox.url(), EMAIL, Duration::from_secs(16 * 60));
        sandbox.fault(format!("refresh:{fault}").parse().expect("a fault"));
        Self { sandbox, shell, fault: fault.to_owned() }
    }

    fn asked(&self) -> usize {
        self.sandbox.requests().iter().filter(|request| request.path.ends_with("/refresh")).count()
    }

    /// One call that fails, and how often the host has been asked by then.
    #[track_caller]
    fn fails(&self, words: &str, code: i32, kind: &str, asked: usize) {
        let done = self.shell.b2auth(words).arg("--json").run();
        assert_eq!(done.code, code, "{}: {words}: {done:#?}", self.fault);
        expect::error(Form::Json, &done, code, kind);
        assert_eq!(self.asked(), asked, "{}: {words}", self.fault);
    }

    /// How the session stands: nothing if there is none.
    fn reason(&self) -> Option<Value> {
        let server_message = self.shell.b2auth("accounts --json").run().exits(0).json();
        let account = server_message["accounts"].get(0).cloned()?;
        let is_over = account["reason"] == "session_ended";
        assert_eq!(account["signed_in"], !is_over, "{}: {server_message:#}", self.fault);
        Some(account["reason"].clone())
    }

    #[track_caller]
    fn is_kept(&self) {
        assert_eq!(self.reason(), Some(Value::Null), "{}", self.fault);
        assert_eq!(opened::count(&self.shell.store(), RecordKind::Session), 1, "{}", self.fault);
    }

    /// With the fault gone the next try works.
    #[track_caller]
    fn mends(&self, words: &str) {
        self.sandbox.clear_faults();
        let done = self.shell.b2auth(words).env("B2AUTH_TIMEOUT", "30").run();
        assert_eq!(done.code, 0, "{}: {words}: {done:#?}", self.fault);
        let token = self.shell.b2auth("token").env("B2AUTH_TIMEOUT", "30").run().exits(0);
        assert_eq!(bearer::status(&self.sandbox, token.line()), 200, "{}", self.fault);
        let blocked =
            self.sandbox.requests().iter().filter(|request| request.fault.is_none()).any(|r| r.status == 429);
        assert!(!blocked, "{}: never retried into a block", self.fault);
    }
}

#[test]
fn what_says_nothing_of_the_session_keeps_it_and_is_left_alone_after_three_times() {
    for (fault, code, kind) in [
        ("status=500", 7, "host_failed"),
        ("status=503", 7, "host_failed"),
        ("html=502", 7, "host_failed"),
        ("html=200", 7, "not_b2core"),
        ("html=401", 7, "not_b2core"),
        ("html=403", 7, "not_b2core"),
        ("html=404", 7, "not_b2core"),
        ("drop=before", 6, "interrupted"),
        ("garbage", 7, "not_http"),
        ("garbage=body", 7, "not_b2core"),
        ("non_utf8", 7, "not_b2core"),
        ("redirect=302,to=https://elsewhere.example/", 7, "redirected"),
        ("redirect=307,to=https://elsewhere.example/", 7, "redirected"),
        ("huge=announced", 7, "too_large"),
        ("huge=chunked", 7, "too_large"),
        ("bomb", 7, "too_large"),
        ("delay=600s", 6, "timed_out"),
    ] {
        let world = World::with(fault, 0);
        for asked in 1..=3 {
            world.fails("token", code, kind, asked);
        }
        world.fails("token", 7, "backing_off", 3);
        world.is_kept();
        world.mends("refresh");
    }
}

#[test]
fn an_answer_that_was_lost_is_made_up_for_where_the_host_forgives_it() {
    for (fault, code, kind) in [
        ("drop=after", 6, "interrupted"),
        ("cut=10", 6, "interrupted"),
        ("drip=1,every=100ms", 6, "timed_out"),
        ("delay=600s,when=after", 6, "timed_out"),
    ] {
        let world = World::with(fault, 60);
        world.fails("token", code, kind, 1);
        world.is_kept();
        world.mends("token");
        assert_eq!(world.asked(), 2, "{fault}");

        // Without a grace window the host takes the second try for a thief's. It is asked just once.
        let world = World::with(fault, 0);
        world.fails("token", code, kind, 1);
        world.is_kept();
        world.sandbox.clear_faults();
        world.fails("token", 3, "session_ended", 2);
        assert_eq!(world.reason(), Some("session_ended".into()), "{fault}");
        world.fails("token", 3, "session_ended", 2);
    }
}

#[test]
fn a_host_that_names_a_wait_is_left_alone_for_that_long() {
    for (fault, code, kind, then, then_kind) in [
        ("status=503,retry_after=7", 7, "host_failed", 7, "backing_off"),
        ("status=429,retry_after=7", 5, "locked_out", 5, "locked_out"),
    ] {
        let world = World::with(fault, 0);
        world.fails("token", code, kind, 1);
        world.sandbox.clear_faults();
        for words in ["token", "token --force-refresh", "refresh"] {
            world.fails(words, then, then_kind, 1);
        }
        world.is_kept();
        let later = past::future(&world.shell, world.sandbox.url(), Duration::from_secs(10));
        let token = block_on(async {
            let session = later.session(Office::Front).await.unwrap().unwrap();
            session.access_token().await.unwrap().expose().to_owned()
        });
        assert_eq!((bearer::status(&world.sandbox, &token), world.asked()), (200, 2), "{fault}");
    }
}

#[test]
fn a_refusal_keeps_the_record_and_asks_for_the_user() {
    for status in [400, 403, 404, 409, 422] {
        let world = World::with(&format!("status={status},{SHAPED}"), 0);
        world.fails("token", 3, "reauthentication_required", 1);
        world.fails("token", 3, "reauthentication_required", 1);
        assert_eq!(world.reason(), Some("reauthentication_required".into()), "{status}");
        world.mends("refresh");
    }
}

#[test]
fn a_401_that_may_be_a_proxy_s_is_believed_the_second_time() {
    let world = World::with("status=401", 0);
    world.fails("token", 7, "not_b2core", 1);
    world.is_kept();
    world.fails("token", 3, "reauthentication_required", 2);
    world.fails("token", 3, "reauthentication_required", 2);
    assert_eq!(world.reason(), Some("reauthentication_required".into()));
    world.mends("refresh");
    // One alone is forgotten with the next answer.
    let world = World::with("status=401,times=1", 0);
    world.fails("token", 7, "not_b2core", 1);
    world.mends("token");
}

#[test]
fn the_host_s_own_401_ends_the_session() {
    let world = World::with(&format!("status=401,{SHAPED}"), 0);
    world.fails("token", 3, "session_ended", 1);
    assert_eq!(world.reason(), Some("session_ended".into()));
    assert_eq!(opened::count(&world.shell.store(), RecordKind::Session), 0);
    // It is said until the next sign-in, whoever asks.
    for words in ["token", "token", "refresh"] {
        world.fails(words, 3, "session_ended", 1);
    }
    world.sandbox.clear_faults();
    world.shell.sign_in(EMAIL, "").env("B2AUTH_TIMEOUT", "30").run().exits(0);
    world.mends("token");
}

#[test]
fn what_only_takes_longer_or_is_about_sign_ins_is_no_failure() {
    for fault in ["delay=50ms", "delay=50ms,when=after", "drip=200,every=5ms", "dead_wizards"] {
        let world = World::with(fault, 0);
        world.mends("token");
        assert_eq!(world.asked(), 1, "{fault}");
    }
}
