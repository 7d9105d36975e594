//! Eight processes for a minute over one shared store, with access tokens that live for two seconds: how many refreshes the host
//! sees for each token that expires, and how long a caller waits for a token. Each process has many callers, and calls
//! `refresh_due` as a service does.
//!
//! Arguments: `--seconds N`, and `--store sqlite:PATH`, `file:PATH`; by default a database in a folder of its own. The host is a
//! sandbox in this process, which ends a session whose refresh token comes twice.

use auth_client::{
    AuthClient, Credentials, Limits, Office, Profile, Session, SignInStep,
    ports::{RecordKind, SessionStore},
    secret::Password,
    store::{FileStore, RedisStore, SqliteStore, StoreKey},
};
use auth_core::session::StoredSession;
use auth_sandbox::{Sandbox, Users};
use floor::figure;
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Child, Command},
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

const PROCESSES: usize = 8;
const CALLERS: usize = 32;
const SESSIONS: usize = 16;
const LIFE: Duration = Duration::from_secs(2);
/// A caller rests so long between two calls.
const REST: Duration = Duration::from_millis(10);
const WITHIN: Duration = Duration::from_millis(600);

/// A store by its address: `sqlite:PATH` or `file:PATH`. Another kind of store has its place here.
fn store(spec: &str) -> Arc<dyn SessionStore> {
    match spec.split_once(':') {
        Some(("sqlite", path)) => Arc::new(SqliteStore::with_key_file(path)),
        Some(("file", path)) => Arc::new(FileStore::with_key_file(path)),
        Some(("redis", _)) => {
            let key = StoreKey::from_bytes([7; 32]);
            Arc::new(RedisStore::new(spec.parse().expect("the URL of a store"), key))
        }
        _ => panic!("--store takes sqlite:PATH, file:PATH or redis://HOST"),
    }
}

fn client(url: &str, spec: &str) -> AuthClient {
    AuthClient::builder(url).shared_store(store(spec)).limits(Limits::unlimited()).build().expect("a client")
}

fn profile(n: usize) -> Profile {
    format!("user{n}").parse().expect("a profile")
}

async fn sign_in(client: &AuthClient, n: usize) {
    let sign_in = client.for_profile(profile(n)).sign_in(Office::Front);
    loop {
        match sign_in.current() {
            SignInStep::Start(step) => step.open().await,
            SignInStep::Credentials(step) => {
                let password = Password::new("Secret123");
                step.submit(Credentials::new(format!("user{n}@example.com"), password)).await
            }
            _ => break,
        }
        .expect("signed in");
    }
}

/// One process: what its callers waited, in microseconds, goes into a file.
async fn work(url: String, spec: String, seconds: u64, to: PathBuf) {
    let service = client(&url, &spec);
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut sessions: Vec<Session> = Vec::new();
    for n in 0..SESSIONS {
        let session = service.for_profile(profile(n)).session(Office::Front).await;
        sessions.push(session.expect("read").expect("signed in"));
    }
    let sessions = Arc::new(sessions);
    let background = tokio::spawn({
        let service = service.clone();
        async move {
            while Instant::now() < end {
                let round = service.refresh_due(Office::Front, WITHIN, 4).await;
                tokio::time::sleep(round.call_again_in).await;
            }
        }
    });
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        let sessions = sessions.clone();
        callers.spawn(async move {
            let (mut waits, mut failures, mut n) = (Vec::new(), 0_u32, caller);
            while Instant::now() < end {
                // Steps that visit each session, in another order for each caller.
                n = (n + 2 * caller + 1) % SESSIONS;
                let started = Instant::now();
                let token = sessions[n].access_token().await;
                waits.push(u32::try_from(started.elapsed().as_micros()).unwrap_or(u32::MAX));
                failures += u32::from(token.is_err());
                tokio::time::sleep(REST).await;
            }
            (waits, failures)
        });
    }
    let (mut bytes, mut failures) = (Vec::new(), 0);
    for (waits, failed) in callers.join_all().await {
        bytes.extend(waits.into_iter().flat_map(u32::to_le_bytes));
        failures += failed;
    }
    background.await.expect("no panic");
    service.wait_for_refresh().await;
    for session in sessions.iter() {
        session.wait_for_refresh().await;
    }
    bytes.extend(failures.to_le_bytes());
    fs::write(to, bytes).expect("written");
}

/// How often the tokens in the store were refreshed, and how many sessions are there.
async fn generations(spec: &str) -> (u32, usize) {
    let mut sum = (0, 0);
    for (key, record) in store(spec).load_all().await.expect("read") {
        if key.kind == RecordKind::Session {
            let session = StoredSession::decode(record.body.expose()).expect("sound");
            sum = (sum.0 + session.sequence.refresh_count.unwrap_or(0), sum.1 + 1);
        }
    }
    sum
}

fn run(seconds: u64, spec: &str, folder: &Path, runtime: &tokio::runtime::Runtime) {
    let users: String = (0..SESSIONS)
        .map(|n| {
            format!(
                "[[user]]\nemail = \"user{n}@example.com\"\npassword = \"Secret123\"\noffice = \"front\"\n"
            )
        })
        .collect();
    let sandbox = Sandbox::builder()
        .users(Users::from_toml(&users).expect("users"))
        .limits(auth_sandbox::Limits::off())
        .token_lifetimes(LIFE, Duration::from_secs(3600))
        .start()
        .expect("a sandbox");
    runtime.block_on(async {
        let client = client(sandbox.url(), spec);
        for n in 0..SESSIONS {
            sign_in(&client, n).await;
        }
    });
    let file = |n: usize| folder.join(format!("waits-{n}"));
    let children: Vec<Child> = (0..PROCESSES)
        .map(|n| {
            let program = env::current_exe().expect("a path");
            let mut command = Command::new(program);
            command.args(["--work", sandbox.url(), spec, &seconds.to_string()]).arg(file(n));
            command.spawn().expect("a process")
        })
        .collect();
    for mut child in children {
        assert!(child.wait().expect("it ends").success());
    }
    let refreshes = sandbox.requests().iter().filter(|request| request.path.ends_with("/refresh")).count();
    assert_eq!(sandbox.dropped_requests(), 0, "all requests were counted");
    let (generations, sessions) = runtime.block_on(generations(spec));
    let (mut waits, mut failures) = (Vec::new(), 0);
    for n in 0..PROCESSES {
        let bytes = fs::read(file(n)).expect("written");
        let mut numbers: Vec<u32> =
            bytes.chunks_exact(4).map(|part| u32::from_le_bytes(part.try_into().expect("four"))).collect();
        failures += numbers.pop().expect("the last one");
        waits.extend(numbers);
    }
    waits.sort_unstable();
    let at = |share: f64| f64::from(waits[((waits.len() - 1) as f64 * share) as usize]) / 1e3;
    println!(
        "{PROCESSES} processes, {CALLERS} callers each, {SESSIONS} sessions, {seconds} s: {} tokens given, {generations} generations, \
         {refreshes} refreshes at the host",
        waits.len()
    );
    println!(
        "  wait of a caller: p50 {:.3} ms   p99 {:.3} ms   p99.9 {:.3} ms   max {:.1} ms",
        at(0.5),
        at(0.99),
        at(0.999),
        at(1.0)
    );
    figure("fleet: refreshes per token that expired", refreshes as f64 / f64::from(generations), 1.0);
    figure("fleet: calls that got no token", failures.into(), 0.0);
    figure("fleet: sessions that ended", (SESSIONS - sessions) as f64, 0.0);
}

fn main() {
    let args: Vec<String> = env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    if let [word, url, spec, seconds, to] = &args[..]
        && word == "--work"
    {
        let seconds = seconds.parse().expect("a number");
        return runtime.block_on(work(url.clone(), spec.clone(), seconds, to.into()));
    }
    let value = |name: &str| {
        let at = args.iter().position(|arg| arg == name)?;
        args.get(at + 1).cloned()
    };
    let folder = tempfile::tempdir_in(env::current_exe().expect("a path").parent().expect("a folder"));
    let folder = folder.expect("a folder");
    let by_default = || format!("sqlite:{}", folder.path().join("sessions.sqlite").display());
    let spec = value("--store").unwrap_or_else(by_default);
    let seconds = value("--seconds").map_or(60, |seconds| seconds.parse().expect("a number of seconds"));
    run(seconds, &spec, folder.path(), &runtime);
}
