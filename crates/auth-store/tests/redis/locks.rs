//! Locks between processes, and writes that come after one was lost.

use super::*;
use crate::server::{Server, shared, signal_process};
use auth_core::ports::StoreLock;
use std::{
    io::{BufRead, BufReader, Lines, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

const URL: &str = "AUTH_STORE_TEST_REDIS_URL";
const SHORT: Duration = Duration::from_millis(300);

fn short(url: &str) -> RedisStore {
    // Time for a failover on a busy machine.
    open_with(url, RedisOptions::default().lease(SHORT).command_timeout(Duration::from_secs(30)))
}

/// This test binary again, as another process.
pub(crate) struct Helper {
    child: Child,
    input: ChildStdin,
    said: Lines<BufReader<ChildStdout>>,
}

impl Helper {
    pub(crate) fn start(url: &str) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "locks::helper", "--nocapture"])
            .env(URL, url)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { input: child.stdin.take().unwrap(), child, said }
    }

    /// Waits for the next line of ours.
    pub(crate) fn hear(&mut self) -> String {
        let ours = |line: std::io::Result<String>| line.unwrap().strip_prefix("helper: ").map(str::to_owned);
        self.said.find_map(ours).expect("the helper says something")
    }

    /// Lets it write.
    pub(crate) fn go_on(&mut self) {
        writeln!(self.input).unwrap();
    }

    pub(crate) fn signal(&self, signal: &str) {
        signal_process(self.child.id(), signal);
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _ended = self.child.wait();
    }
}

/// What the other process does: it takes the lock, and writes as often as it is asked to. In the test run itself there is nothing to do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn helper() {
    let Ok(url) = std::env::var(URL) else { return };
    let store = short(&url);
    let _lock = store.lock(&session()).await.unwrap();
    println!("helper: held");
    let next = || tokio::task::spawn_blocking(|| std::io::stdin().lock().lines().next());
    while next().await.unwrap().is_some() {
        let saved = store.save(&session(), &record(1, "of the helper"), WriteCondition::SameSession).await;
        println!("helper: {}", saved.map_or_else(|error| error.kind(), |()| "saved"));
    }
}

async fn lock(store: &RedisStore) -> StoreLock {
    store.lock(&session()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_process_holds_the_lock_and_its_death_frees_it() {
    let url = shared().url();
    let mut helper = Helper::start(&url);
    assert_eq!(helper.hear(), "held");
    let store = short(&url);
    let left = || leases(&url).first().map_or(0, |lease| ask::<i64>(&url, &["PTTL", lease]));
    for _ in 0..3 {
        let mut before = left();
        // What is left of it grows again.
        wait_for("the lease's extension", async || {
            let grown = left() > before;
            before = left();
            grown
        })
        .await;
        assert!(store.try_lock(&session()).await.unwrap().is_none());
    }
    drop(helper);
    let _lock = lock(&store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_stood_still_beyond_the_lease_does_not_overwrite_who_came_after() {
    let url = shared().url();
    let store = short(&url);
    put(&store, &session(), 1, "first").await;
    let mut helper = Helper::start(&url);
    assert_eq!(helper.hear(), "held");
    helper.signal("-STOP");
    let held = lock(&store).await;
    let written = store.save(&session(), &record(1, "of the next"), WriteCondition::SameSession).await;
    written.unwrap();
    drop(held);
    helper.signal("-CONT");
    helper.go_on();
    assert_eq!(helper.hear(), "store_unavailable");
    assert_eq!(body(&store, &session()).await.unwrap(), "of the next");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_after_a_lost_lock_lands_if_nobody_has_written_since() {
    let url = shared().url();
    let store = short(&url);
    put(&store, &session(), 1, "first").await;
    let mut helper = Helper::start(&url);
    assert_eq!(helper.hear(), "held");
    helper.signal("-STOP");
    // Somebody has the lock now, and has not written yet.
    let held = lock(&store).await;
    helper.signal("-CONT");
    helper.go_on();
    assert_eq!(helper.hear(), "saved");
    assert_eq!(body(&store, &session()).await.unwrap(), "of the helper");
    drop(held);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_removal_after_a_lost_lock_does_not_take_what_came_after() {
    let url = shared().url();
    let (old, new) = (short(&url), short(&url));
    put(&old, &session(), 1, "first").await;
    let held = lock(&old).await;
    // As after a failover that has lost the lease.
    release_all(&url);
    let next = lock(&new).await;
    new.save(&session(), &record(1, "next"), WriteCondition::SameSession).await.unwrap();
    assert!(matches!(old.remove(&session()).await, Err(StoreError::Unavailable { .. })));
    assert_eq!(body(&new, &session()).await.unwrap(), "next");
    drop((held, next));
}

/// Takes all leases of a prefix away.
fn release_all(url: &str) {
    for lease in leases(url) {
        assert_eq!(ask::<i64>(url, &["DEL", &lease]), 1);
    }
}

fn leases(url: &str) -> Vec<String> {
    let (_, prefix) = url.split_once("?prefix=").unwrap();
    ask(url, &["KEYS", &format!("{prefix}:*:lease")])
}

fn ask<T: redis::FromRedisValue>(url: &str, words: &[&str]) -> T {
    let (server, _) = url.split_once('?').unwrap();
    let mut plain = redis::Client::open(server).unwrap().get_connection().unwrap();
    server::command(words).query(&mut plain).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_above_all_before_it_also_where_the_clock_is_behind() {
    let server = Server::start();
    let (old, new) = (open(&server.url()), open(&server.url()));
    put(&old, &session(), 1, "first").await;
    let name = server.names().into_iter().find(|name| name.contains('{')).unwrap();
    // As if a master before this one, with a clock that is a day ahead, had given a token and taken a write.
    let ahead = u64::try_from(now_in_microseconds()).unwrap() + 86_400_000_000;
    let _: i64 = server.ask(&["HSET", &name, "t", &ahead.to_string(), "l", &ahead.to_string()]);
    let held = lock(&new).await;
    new.save(&session(), &record(1, "next"), WriteCondition::SameSession).await.unwrap();
    let token: u64 = server.ask(&["HGET", &name, "t"]);
    assert_eq!(token, ahead + 1);
    drop(held);
}

fn now_in_microseconds() -> u128 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_micros()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_tasks_of_a_process_exclude_each_other_and_make_one_waiter() {
    let server = Server::start();
    let store = open(&server.url());
    let other = open(&server.url());
    let held = lock(&other).await;
    let inside = Arc::new(AtomicUsize::new(0));
    let tasks: Vec<_> = (0..1000)
        .map(|_| {
            let (store, inside) = (store.clone(), inside.clone());
            tokio::spawn(async move {
                let _lock = lock(&store).await;
                assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                tokio::task::yield_now().await;
                inside.fetch_sub(1, Ordering::SeqCst);
            })
        })
        .collect();
    let calls = || -> u64 {
        let stats: String = server.ask(&["INFO", "commandstats"]);
        let line = stats.lines().find(|line| line.starts_with("cmdstat_evalsha:"));
        let calls = line.and_then(|line| line.split("calls=").nth(1)?.split(',').next());
        calls.map_or(0, |calls| calls.parse().unwrap())
    };
    let before = calls();
    // Some rounds; each would be a thousand calls, if each task asked for itself.
    wait_for("some calls of who waits", async || calls() >= before + 4).await;
    assert!(calls() - before < 500, "{}", calls() - before);
    drop(held);
    for task in tasks {
        task.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wait_that_is_given_up_leaves_no_lease() {
    let url = shared().url();
    let (one, other) = (open(&url), open(&url));
    drop(lock(&one).await);
    for _ in 0..50 {
        let key = session();
        let attempt = one.lock(&key);
        // Cut off at some point of its way.
        let _cut_off = tokio::time::timeout(Duration::from_micros(fastrand::u64(0..600)), attempt).await;
    }
    let begun = Instant::now();
    let _lock = lock(&other).await;
    assert!(begun.elapsed() < Duration::from_secs(8), "it did not wait for a lease to run out");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_that_is_dropped_outside_of_a_runtime_is_given_back() {
    let url = shared().url();
    let held = lock(&open(&url)).await;
    std::thread::spawn(move || drop(held)).join().unwrap();
    let other = open(&url);
    let begun = Instant::now();
    let _lock = lock(&other).await;
    assert!(begun.elapsed() < Duration::from_secs(8));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_survives_the_restart_of_the_server() {
    let mut server = Server::with(&["--appendonly", "yes", "--appendfsync", "always"]);
    let store = short(&server.url());
    put(&store, &session(), 1, "x").await;
    let held = lock(&store).await;
    let name =
        server.names().into_iter().find(|name| name.contains('{') && !name.ends_with(":lease")).unwrap();
    let lease = format!("{name}:lease");
    server.kill();
    server.restart();
    // As if it had been away for longer than the lease.
    let _: i64 = server.ask(&["DEL", &lease]);
    wait_for("the lease's extension", async || server.ask::<i64>(&["EXISTS", &lease]) == 1).await;
    store.save(&session(), &record(1, "y"), WriteCondition::SameSession).await.unwrap();
    drop(held);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_64_clients_that_count_under_the_lock_none_is_lost() {
    let url = shared().url();
    put(&open(&url), &session(), 1, "0").await;
    let clients: Vec<_> = (0..64)
        .map(|_| {
            let store = open(&url);
            tokio::spawn(async move {
                let _lock = lock(&store).await;
                let count: u32 = body(&store, &session()).await.unwrap().parse().unwrap();
                let next = record(1, &(count + 1).to_string());
                store.save(&session(), &next, WriteCondition::SameSession).await.unwrap();
            })
        })
        .collect();
    for client in clients {
        client.await.unwrap();
    }
    assert_eq!(body(&open(&url), &session()).await.unwrap(), "64");
}

#[test]
fn a_lock_outlives_its_runtime_without_harm() {
    let url = shared().url();
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let store = short(&url);
    let first = runtime();
    let held = first.block_on(lock(&store));
    drop(first);
    drop(held);
    // It takes over what was not given back.
    let second = runtime();
    let begun = Instant::now();
    let held = second.block_on(open(&url).try_lock(&session())).unwrap();
    assert!(held.is_none() || begun.elapsed() > SHORT);
    assert!(second.block_on(store.try_lock(&session())).unwrap().is_some());
}
