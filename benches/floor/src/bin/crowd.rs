//! Many processes that need a token at once while the stored one is over, against a host that takes 200 ms for a refresh:
//! `b2auth token` with a key-file store, beside the least program that locks, looks again, refreshes and saves. By turns.
//! Arguments: the paths of `b2auth` and of `bare_token`.

use async_trait::async_trait;
use auth_client::{
    AuthClient, BootTime, Credentials, Office, SignInStep, SystemClock, Timestamp,
    ports::Clock,
    secret::{OneTimeCode, Password},
    store::FileStore,
};
use floor::{Responder, figure, median, quantile};
use std::{
    env, fs,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

const PROCESSES: usize = 64;
const ROUNDS: usize = 41;
const LATENCY: Duration = Duration::from_millis(200);
/// Longer ago than the ten years that the canned tokens live.
const AGO: Duration = Duration::from_secs(11 * 366 * 24 * 60 * 60);

/// The system's clock, years ago.
struct Late;

#[async_trait]
impl Clock for Late {
    fn now(&self) -> Timestamp {
        SystemClock.now().checked_sub(AGO).expect("a date")
    }

    fn boot_time(&self) -> Option<BootTime> {
        None
    }

    async fn sleep(&self, how_long: Duration) {
        tokio::time::sleep(how_long).await;
    }
}

/// A session whose access token is over by now.
fn sign_in(url: &str, store: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let client = AuthClient::builder(url).clock(Late).store(FileStore::with_key_file(store)).build();
        let sign_in = client.expect("a client").sign_in(Office::Front);
        loop {
            match sign_in.current() {
                SignInStep::Start(step) => step.open().await,
                SignInStep::Credentials(step) => {
                    step.submit(Credentials::new("ann@example.com", Password::new("Secret123"))).await
                }
                SignInStep::ChooseMethod(step) => step.choose(step.options()[0].method).await,
                SignInStep::Code(step) => step.submit(OneTimeCode::new("123456")).await,
                _ => break,
            }
            .expect("a canned answer");
        }
    });
}

/// All processes at once, to the end of the last one, in milliseconds. All have to print the same.
fn crowd(make: impl Fn() -> Command) -> f64 {
    let started = Instant::now();
    let start = |_| make().stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("a program");
    let running: Vec<_> = (0..PROCESSES).map(start).collect();
    let printed: Vec<_> =
        running.into_iter().map(|child| child.wait_with_output().expect("a program")).collect();
    let took = started.elapsed();
    assert!(printed.iter().all(|one| one.status.success() && one.stdout == printed[0].stdout));
    took.as_secs_f64() * 1e3
}

fn main() {
    let paths: Vec<String> = env::args().skip(1).collect();
    let [b2auth, bare_token] = &paths[..] else { panic!("give the paths of b2auth and bare_token") };
    let folder = tempfile::tempdir().expect("a folder");
    let (store, json) = (folder.path().join("store"), folder.path().join("plain.json"));
    let host = Responder::with_slow_refresh(LATENCY);
    sign_in(&host.url(), &store);
    let sealed = fs::read(&store).expect("a store");
    let port = host.url().rsplit(':').next().expect("a port").to_owned();
    let token = "x".repeat(600);
    let plain =
        serde_json::json!({"access_token": token, "refresh_token": token, "expires_at": 0}).to_string();

    let ours = || {
        let mut command = Command::new(b2auth);
        command.args(["--host", &host.url(), "token", "--store"]).arg(format!("file:{}", store.display()));
        command
    };
    let least = || {
        let mut command = Command::new(bare_token);
        command.arg(&json).arg(&port);
        command
    };
    let (mut us, mut them, mut ratios, mut most_asked) = (Vec::new(), Vec::new(), Vec::new(), 0);
    host.take_counts();
    for round in 0..ROUNDS + 2 {
        let mut times = [0.0; 2];
        for turn in [round % 2, 1 - round % 2] {
            fs::write(&store, &sealed).expect("a file");
            fs::write(&json, &plain).expect("a file");
            times[turn] = if turn == 0 { crowd(ours) } else { crowd(least) };
            most_asked = most_asked.max(host.take_counts().0);
        }
        if round >= 2 {
            us.push(times[0]);
            them.push(times[1]);
            ratios.push(times[0] / times[1]);
        }
    }
    println!("{PROCESSES} processes, one refresh of {} ms, {ROUNDS} rounds by turns", LATENCY.as_millis());
    println!("  b2auth token    median {:.1} ms   p90 {:.1}", median(&mut us), quantile(&mut us, 0.9));
    println!("  bare flock      median {:.1} ms   p90 {:.1}", median(&mut them), quantile(&mut them, 0.9));
    figure("refreshes of one crowd, at most", most_asked as f64, 1.0);
    figure("64 processes, times a bare lock and refresh", median(&mut ratios), 1.10);
}
