//! Processes killed at any instant of a refresh and of a sign-in: no record is ever torn, and no session is lost that the
//! host would still honour, in a file, in a database and in Redis. `cargo xtask torture kills --store file|sqlite|redis` runs many more rounds.
//!
//! `E2E_TORTURE_ROUNDS` and `E2E_TORTURE_SEED` set the rounds and the seed; the seed is printed.

use std::process::Child;
use std::time::{Duration, Instant};

use auth_client::ports::{Record, RecordKey, RecordKind, SessionStore, StoreError};
use auth_client::store::{RedisStore, StorePassphrase};
use auth_core::session::StoredSession;
use auth_sandbox::{Act, Endpoint, Fault, Limits, Sandbox};
use e2e::past::block_on;
use e2e::redis_server::RedisServer;
use e2e::shell::{Call, Done, Shell};
use e2e::waiting::GUARD;
use e2e::{bearer, opened};

const EMAIL: &str = "plain@example.com";
const PASSPHRASE: &str = "correct horse";
const ROUNDS: u64 = 30;
/// A database is SQLite's or Redis's to keep whole; what is ours is around it.
const ROUNDS_OF_A_DATABASE: u64 = 10;

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// What is killed.
#[derive(Clone, Copy, Debug)]
enum Work {
    Refresh,
    SignIn,
    FirstSignIn,
}

/// How long a piece of work takes.
#[derive(Clone, Copy, Debug)]
struct Spans {
    /// From the start of the process to its end.
    whole: Duration,
    /// From the moment that the host has the request.
    after: Duration,
}

struct World {
    sandbox: Sandbox,
    shell: Shell,
    redis: Option<RedisServer>,
}

impl World {
    /// A host that forgives a refresh token that comes twice, and takes a few milliseconds before and after its work.
    fn new(kind: &str) -> Self {
        let sandbox = Sandbox::builder()
            .limits(Limits::off())
            .refresh_grace(Duration::from_secs(3600))
            .fault(Fault::at(Endpoint::Refresh, Act::delay_after(Duration::from_millis(10))))
            .fault(Fault::at(Endpoint::SignIn, Act::delay_after(Duration::from_millis(10))))
            .start()
            .expect("the sandbox starts");
        let shell = Shell::at_sandbox(&sandbox).with("B2AUTH_LIMITS", "off");
        let redis = (kind == "redis").then(RedisServer::start);
        let shell = match &redis {
            // A lock outlives a killed process by a second.
            Some(redis) => shell
                .with("B2AUTH_STORE", format!("{}?lease=1", redis.url()))
                .with("B2AUTH_STORE_KEY", PASSPHRASE),
            None => {
                let spec = format!("{kind}:{}", shell.store().display());
                shell.with("B2AUTH_STORE", spec)
            }
        };
        Self { sandbox, shell, redis }
    }

    fn call(&self, work: Work) -> Call {
        match work {
            Work::Refresh => self.shell.b2auth("token --force-refresh"),
            Work::SignIn => self.shell.sign_in(EMAIL, ""),
            Work::FirstSignIn => self.shell.sign_in(EMAIL, "--profile first"),
        }
    }

    fn prepare(&self, work: Work) {
        if matches!(work, Work::FirstSignIn) {
            let _nobody_there = self.shell.b2auth("signout --profile first").run();
        }
    }

    /// How long it takes when nobody kills it: the middle one of a few.
    fn measure(&self, work: Work) -> Spans {
        let mut all: Vec<Spans> = Vec::new();
        for _ in 0..7 {
            self.prepare(work);
            let before = self.asked(work);
            let started = Instant::now();
            let child = self.call(work).start();
            self.wait_for_request(work, before);
            let asked = started.elapsed();
            Done::of(child.wait_with_output().expect("its output can be read")).exits(0);
            let whole = started.elapsed();
            all.push(Spans { whole, after: whole - asked });
        }
        all.sort_by_key(|spans| spans.whole);
        all[3]
    }

    /// Requests of the kind that spends something.
    fn asked(&self, work: Work) -> usize {
        let end = if matches!(work, Work::Refresh) { "/refresh" } else { "/signin" };
        self.sandbox.requests().iter().filter(|request| request.path.ends_with(end)).count()
    }

    /// Without a pause: a few milliseconds are what matters here.
    #[track_caller]
    fn wait_for_request(&self, work: Work, before: usize) {
        let started = Instant::now();
        while self.asked(work) <= before {
            assert!(started.elapsed() < GUARD, "waited in vain for {work:?}");
            std::thread::yield_now();
        }
    }

    fn records(&self) -> Result<Vec<(RecordKey, Record)>, StoreError> {
        let Some(redis) = &self.redis else { return opened::records(&self.shell.store()) };
        let url = redis.url().parse().expect("a URL");
        let store = RedisStore::new(url, StorePassphrase::new(PASSPHRASE));
        block_on(store.load_all())
    }

    /// Every record opens and reads, and nothing was set aside.
    #[track_caller]
    fn is_whole(&self, round: &str) {
        let records = self.records();
        let records = records.unwrap_or_else(|error: StoreError| panic!("{round}: {error}"));
        for (key, record) in records.iter().filter(|(key, _)| key.kind == RecordKind::Session) {
            let session = StoredSession::decode(record.body.expose());
            assert!(session.is_ok(), "{round}: {key:?} {session:?}");
        }
        let aside = self.shell.files().into_iter().find(|file| file.to_string_lossy().contains("damaged"));
        assert_eq!(aside, None, "{round}");
        if let Some(redis) = &self.redis {
            assert_eq!(redis.ask("KEYS *:damaged").trim(), "", "{round}");
        }
    }

    /// The session can still be refreshed, and its token is good.
    #[track_caller]
    fn is_honoured(&self, profile: &str, round: &str) {
        let done = self.shell.b2auth(&format!("token --force-refresh --profile {profile}")).run();
        assert_eq!(done.code, 0, "{round}: a session was lost: {done:#?}");
        assert_eq!(bearer::status(&self.sandbox, done.line()), 200, "{round}");
    }
}

/// Ends it after this time; with what it came to if it was ready before.
fn kill_after(mut child: Child, time: Duration) -> Option<Done> {
    let until = Instant::now() + time;
    while let Some(left) = until.checked_duration_since(Instant::now()) {
        if left > Duration::from_millis(2) {
            std::thread::park_timeout(left - Duration::from_millis(1));
        } else {
            std::hint::spin_loop();
        }
    }
    child.kill().expect("it can be killed, or has ended");
    let output = child.wait_with_output().expect("it can be waited for");
    output.status.code().map(|_| Done::of(output))
}

#[test]
fn a_kill_at_any_instant_tears_nothing_and_loses_no_session() {
    kills("file", ROUNDS);
}

#[test]
fn a_kill_at_any_instant_tears_no_database_and_loses_no_session() {
    kills("sqlite", ROUNDS_OF_A_DATABASE);
}

#[test]
fn a_kill_at_any_instant_tears_nothing_in_redis_and_loses_no_session() {
    kills("redis", ROUNDS_OF_A_DATABASE);
}

#[allow(clippy::print_stdout, reason = "a test says its seed")]
fn kills(kind: &str, usual: u64) {
    let rounds = setting("E2E_TORTURE_ROUNDS").unwrap_or(usual);
    let seed = setting("E2E_TORTURE_SEED").unwrap_or_else(|| fastrand::u64(..));
    println!("{kind}: seed {seed}, {rounds} rounds");
    let mut random = fastrand::Rng::with_seed(seed);
    let world = World::new(kind);
    world.shell.sign_in(EMAIL, "").run().exits(0);
    let all = [Work::Refresh, Work::SignIn, Work::FirstSignIn];
    let spans = all.map(|work| world.measure(work));
    let (mut killed, mut reached) = (0, 0);
    for round in 0..rounds {
        let kind = usize::try_from(round % 4).map_or(0, |turn| turn.saturating_sub(1));
        let (work, span) = (all[kind], spans[kind]);
        world.prepare(work);
        let before = world.asked(work);
        // Half of them only once the host has the request: that is where it hurts.
        let late = random.bool();
        let instant = (if late { span.after } else { span.whole }).mul_f64(random.f64());
        let told = format!(
            "seed {seed}, round {round}: {work:?} killed after {instant:?} (after the request: {late}) of {span:?}"
        );
        let child = world.call(work).start();
        if late {
            world.wait_for_request(work, before);
        }
        let done = kill_after(child, instant);
        if done.is_none() {
            killed += 1;
            reached += u64::from(world.asked(work) > before);
        }
        world.is_whole(&told);
        world.is_honoured("default", &told);
        // Who was notified of a sign-in is signed in; otherwise whoever is has a session that works.
        let first = world.records().expect("the store opens");
        let there = first
            .iter()
            .any(|(key, _)| key.kind == RecordKind::Session && key.account.profile.as_str() == "first");
        assert!(there || !matches!((work, &done), (Work::FirstSignIn, Some(Done { code: 0, .. }))), "{told}");
        if there {
            world.is_honoured("first", &told);
        }
    }
    println!("{killed} of {rounds} killed, {reached} of them after the request had reached the host");
    assert!(killed > 0, "a round that kills nothing shows nothing");
}
