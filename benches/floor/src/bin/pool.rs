//! What it costs a service with many requests in flight to keep few connections: the transport with pools of 1 to 64, by turns, each
//! against a `b2auth sandbox` of its own. Connections are counted in the system's table, where a closed one stays for a minute.
//! Argument: the path of `b2auth`. Linux only; elsewhere it measures nothing.

use auth_client::ports::Transport;
use auth_core::{CorrelationId, Host, HttpRequest, Office, RequestContext, Timestamp, sign_in::Step};
use auth_http::{HttpOptions, HttpTransport};
use floor::{figure, median};
use std::{
    collections::BTreeSet,
    env, fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Instant,
};
use tokio::task::JoinSet;

const POOLS: [usize; 5] = [1, 4, 16, 32, 64];
const IN_FLIGHT: usize = 32;
/// Requests of each of them, in a round.
const REQUESTS: usize = 50;
const ROUNDS: usize = 3;

/// A sandbox in a process of its own, ended when it is dropped.
struct Running {
    child: Child,
    url: String,
}

impl Running {
    fn start(b2auth: &str) -> Self {
        let mut child = Command::new(b2auth)
            .args(["--json", "sandbox"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a program");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        let serving: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        Self { child, url: serving["url"].as_str().expect("its address").to_owned() }
    }

    fn port(&self) -> u16 {
        self.url.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _over = self.child.kill();
        let _over = self.child.wait();
    }
}

/// All connections to this port that the system knows, and how many of them are in TIME_WAIT.
fn connections(port: u16) -> (usize, usize) {
    let table = fs::read_to_string("/proc/net/tcp").unwrap_or_default();
    let (mut all, mut waiting) = (BTreeSet::new(), BTreeSet::new());
    for line in table.lines().skip(1) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [_, local, remote, state, ..] = fields[..] else { continue };
        let number = |end: &str| end.rsplit(':').next().and_then(|port| u16::from_str_radix(port, 16).ok());
        let client = match (number(local), number(remote)) {
            (Some(client), Some(server)) if server == port => client,
            (Some(server), Some(client)) if server == port && client != 0 => client,
            _ => continue,
        };
        all.insert(client);
        if state == "06" {
            waiting.insert(client);
        }
    }
    (all.len(), waiting.len())
}

/// The start of a sign-in: a `GET` that takes the host next to no time.
fn request(url: &str) -> HttpRequest {
    let now = Timestamp::from_second(1_800_000_000).expect("a date");
    let Step::Start(start) = Step::begin(Office::Front, now) else { panic!("it begins at its start") };
    let host = Host::parse(url).expect("a host");
    let context = RequestContext { host, user_agent: "bench/1".into(), language: None };
    start.open().0.into_http(&context, CorrelationId::new("bench"))
}

/// A round of all requests, with a transport that has had a few before: how many a second.
async fn round(transport: &Arc<HttpTransport>, url: &str) -> f64 {
    let started = Instant::now();
    let mut crowd = JoinSet::new();
    for _ in 0..IN_FLIGHT {
        let (transport, url) = (transport.clone(), url.to_owned());
        crowd.spawn(async move {
            for _ in 0..REQUESTS {
                let answer = transport.send(request(&url)).await.expect("an answer");
                assert_eq!(answer.status, 200);
            }
        });
    }
    crowd.join_all().await;
    (IN_FLIGHT * REQUESTS) as f64 / started.elapsed().as_secs_f64()
}

fn main() {
    let b2auth = env::args().nth(1).expect("the path of b2auth");
    if fs::read_to_string("/proc/net/tcp").is_err() {
        println!("the system has no table of connections to count in");
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let mut pools: Vec<_> = POOLS
        .into_iter()
        .map(|most| {
            let transport = HttpTransport::new(HttpOptions::default().max_idle_connections(most));
            (most, Running::start(&b2auth), Arc::new(transport), Vec::new())
        })
        .collect();
    for _ in 0..ROUNDS {
        for (_, running, transport, rates) in &mut pools {
            rates.push(runtime.block_on(round(transport, &running.url)));
        }
    }
    println!("{IN_FLIGHT} in flight, {} requests to each:", IN_FLIGHT * REQUESTS * ROUNDS);
    let mut opened = Vec::new();
    for (most, running, _, rates) in &mut pools {
        let (all, waiting) = connections(running.port());
        println!(
            "  pool of {most:2}: {all:5} connections, {waiting:5} in TIME_WAIT, {:6.0} requests/s",
            median(rates)
        );
        opened.push((*most, all as f64));
    }
    let of = |most: usize| opened.iter().find(|(pool, _)| *pool == most).map_or(0.0, |(_, all)| *all);
    // A crowd's connections are opened anew only where it has been idle for longer than they are kept.
    figure(
        "connections_of_the_default_pool_per_round_and_request_in_flight",
        of(32) / (ROUNDS * IN_FLIGHT) as f64,
        2.0,
    );
}
