//! A service with 100,000 users in a database: what a user who is there takes in memory and gives back, what a token of any user who is
//! not there costs, and what a round of `refresh_due` costs that finds nothing due: the first, which reads all, and the next ones.

use auth_client::{
    AuthClient, Office,
    ports::{Record, RecordKey, SessionId, SessionStore, WriteCondition},
    store::SqliteStore,
};
use floor::{Counting, figure, median, sample};
use std::time::{Duration, Instant};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const URL: &str = "https://broker.example";
const USERS: usize = 100_000;
/// So many of them are there at a time.
const THERE: usize = 20_000;
const TOKENS: usize = 2_000;
const CHUNK: usize = 10_000;
const WITHIN: Duration = Duration::from_secs(120);

fn key(n: usize) -> RecordKey {
    let mut key = sample::place(URL);
    key.account.profile = format!("user{n}").parse().expect("a name");
    key
}

fn record(n: usize) -> Record {
    Record { session_id: SessionId(n as u64), body: sample::session(n as u64, true, Duration::ZERO).encode() }
}

fn main() {
    let folder = tempfile::tempdir_in(std::env::current_exe().expect("a path").parent().expect("a folder"));
    let folder = folder.expect("a folder");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let store = SqliteStore::with_key_file(folder.path().join("sessions.sqlite"));
        for begin in (0..USERS).step_by(CHUNK) {
            let write = |n| (key(n), record(n), WriteCondition::Unconditional);
            let part: Vec<_> = (begin..begin + CHUNK).map(write).collect();
            store.save_all(&part).await.expect("written");
        }
        let service = AuthClient::builder(URL).store(store).build().expect("a client");
        let session = |n: usize| {
            let user = service.for_profile(format!("user{n}").parse().expect("a name"));
            async move { user.session(Office::Front).await.expect("read").expect("there") }
        };

        drop(session(0).await);
        let before = Counting::live();
        let mut there = Vec::with_capacity(THERE);
        for n in 0..THERE {
            there.push(session(n).await);
        }
        let each = (Counting::live() - before) as f64 / THERE as f64;
        drop(there);
        let left = (Counting::live() - before) as f64 / THERE as f64;

        let mut waits = Vec::with_capacity(TOKENS);
        for n in 0..TOKENS {
            let started = Instant::now();
            session((n * 7919) % USERS).await.access_token().await.expect("fresh");
            waits.push(started.elapsed().as_secs_f64() * 1e6);
        }
        let token = median(&mut waits);

        let before = Counting::live();
        let mut rounds = Vec::new();
        for _ in 0..4 {
            let started = Instant::now();
            let round = service.refresh_due(Office::Front, WITHIN, 32).await;
            rounds.push(started.elapsed().as_secs_f64());
            assert_eq!((round.sessions, round.due), (USERS, 0), "{round:?}");
        }
        let (first, next) = (rounds[0], median(&mut rounds[1..]));
        let hint = (Counting::live() - before) as f64 / USERS as f64;
        println!("a service with {USERS} users, tokens of 600 letters");
        println!("  a user who is there: {each:.0} B, {left:.1} B of which stay when he is gone");
        println!("  a token of a user who is not there: {token:.0} µs");
        println!(
            "  a round that finds nothing due: the first {first:.2} s, the next ones {next:.2} s; {hint:.1} B a session remembered"
        );
        figure("service: a user who is there, bytes", each, 8192.0);
        figure("service: what stays of one who is gone, bytes", left, 64.0);
        figure("service: remembered of a session by rounds, bytes", hint, 64.0);
        figure("service: next round, share of the first", next / first, 0.5);
    });
}
