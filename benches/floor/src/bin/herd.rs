//! 10,000 tasks that want a token at once, of a host that takes 200 ms to refresh it.

use auth_client::{
    AuthClient, Office, Session,
    ports::SessionStore,
    store::{FileStore, MemoryStore},
};
use floor::{Endpoint, figure, median, sample};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{sync::watch, task::JoinSet};

const TASKS: usize = 10_000;
const ROUNDS: usize = 5;
const DELAY: Duration = Duration::from_millis(200);
/// These go ahead and are cancelled halfway; one of them has asked the host.
const LEADERS: usize = 8;

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Expired,
    ColdInMemory,
    ColdInFile,
    Refused,
    LeaderCancelled,
}

impl Kind {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Expired, "expired"),
        (Self::ColdInMemory, "cold, memory store"),
        (Self::ColdInFile, "cold, file store"),
        (Self::Refused, "refused"),
        (Self::LeaderCancelled, "leader cancelled"),
    ];

    fn is_cold(self) -> bool {
        matches!(self, Self::ColdInMemory | Self::ColdInFile)
    }
}

struct Run {
    requests: u64,
    total: Duration,
    bare: Duration,
}

async fn want(client: AuthClient, warm: Option<Session>) -> bool {
    let session = match warm {
        Some(session) => session,
        None => client.session(Office::Front).await.expect("read").expect("there"),
    };
    session.access_token().await.is_ok()
}

async fn herd(kind: Kind) -> Run {
    let folder = tempfile::tempdir_in(std::env::current_exe().expect("a path").parent().expect("a folder"));
    let folder = folder.expect("a folder");
    let store: Arc<dyn SessionStore> = match kind {
        Kind::ColdInFile => Arc::new(FileStore::with_key_file(folder.path().join("store"))),
        _ => Arc::new(MemoryStore::new()),
    };
    let host = Endpoint::start(DELAY, kind == Kind::Refused);
    sample::put(&*store, &host.url(), &sample::session(1, true, Duration::from_secs(1000))).await;
    let client = AuthClient::builder(host.url()).shared_store(store).build().expect("a client");
    let warm = match kind.is_cold() {
        true => None,
        false => client.session(Office::Front).await.expect("read"),
    };
    let started = Instant::now();
    let host = tokio::task::spawn_blocking(move || {
        host.ask();
        host
    });
    let host = host.await.expect("answered");
    let bare = started.elapsed();
    let before = host.requests();

    let (gate, gated) = watch::channel(false);
    let mut tasks = JoinSet::new();
    for _ in 0..TASKS {
        let (client, warm, mut gated) = (client.clone(), warm.clone(), gated.clone());
        tasks.spawn(async move {
            gated.wait_for(|open| *open).await.expect("the gate is there");
            want(client, warm).await
        });
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    let mut leaders = JoinSet::new();
    let started = Instant::now();
    if kind == Kind::LeaderCancelled {
        for _ in 0..LEADERS {
            leaders.spawn(want(client.clone(), warm.clone()));
        }
        while host.requests() == before {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    gate.send(true).expect("tasks wait");
    if kind == Kind::LeaderCancelled {
        tokio::time::sleep(DELAY / 4).await;
        leaders.abort_all();
    }
    let mut given = 0;
    while let Some(done) = tasks.join_next().await {
        given += usize::from(done.expect("no panic"));
    }
    let total = started.elapsed();
    assert_eq!(given, if kind == Kind::Refused { 0 } else { TASKS });
    Run { requests: host.requests() - before, total, bare }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    println!("{TASKS} tasks at once, {ROUNDS} rounds");
    for (kind, name) in Kind::ALL {
        let runs: Vec<Run> = (0..ROUNDS).map(|_| runtime.block_on(herd(kind))).collect();
        let ms = |of: fn(&Run) -> Duration| {
            median(&mut runs.iter().map(|run| of(run).as_secs_f64() * 1e3).collect::<Vec<_>>())
        };
        let mut ratios: Vec<f64> =
            runs.iter().map(|run| run.total.as_secs_f64() / run.bare.as_secs_f64()).collect();
        println!(
            "  {name:<20} median {:>6.1} ms   one request by hand {:>6.1} ms",
            ms(|r| r.total),
            ms(|r| r.bare)
        );
        let most = runs.iter().map(|run| run.requests).max().expect("some rounds");
        figure(&format!("herd, {name}: requests"), most as f64, 1.0);
        figure(&format!("herd, {name}: times the host's latency"), median(&mut ratios), 1.10);
    }
}
