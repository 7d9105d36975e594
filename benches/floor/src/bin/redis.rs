//! Loading and saving a session in a Redis of 10 to 100,000 sessions, or with `million` as an argument of 1,000,000, beside a bare `PING`
//! over a connection of the same kind: each is one round trip. On this machine a round trip takes next to nothing, so that the ratio shows what
//! the server's script (two thirds of a save), sealing and opening cost; between machines the way is the most of it. All by turns, so that a busy machine slows all. The server is one of this
//! machine's own, on a free port, and keeps nothing on disk: a disk would be measured instead.

use auth_client::{
    ports::{Record, RecordKey, SessionId, SessionStore, WriteCondition},
    store::{RedisStore, StoreKey},
};
use floor::{figure, median, sample};
use std::{
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tokio::runtime::Runtime;

const SIZES: [usize; 4] = [10, 1_000, 10_000, 100_000];
/// A ping does nothing in the server, and carries nothing.
const MOST: f64 = 4.5;
const ROUNDS: usize = 2_000;
const WARM: usize = 100;
const CHUNK: usize = 10_000;

struct Server {
    child: Child,
    port: u16,
}

impl Server {
    fn start() -> Self {
        let free = TcpListener::bind(("127.0.0.1", 0)).and_then(|bound| bound.local_addr());
        let port = free.expect("a port").port();
        let child = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--save", "", "--port", &port.to_string()])
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server is installed");
        let server = Self { child, port };
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::sleep(Duration::from_millis(10));
        }
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _ended = self.child.wait();
    }
}

fn key(n: usize) -> RecordKey {
    let mut key = sample::place("https://broker.example");
    key.account.profile = format!("user{n}").parse().expect("a name");
    key
}

fn record(n: usize) -> Record {
    Record { session_id: SessionId(n as u64), body: sample::session(n as u64, true, Duration::ZERO).encode() }
}

fn micros(work: impl FnOnce()) -> f64 {
    let started = Instant::now();
    work();
    started.elapsed().as_secs_f64() * 1e6
}

struct Times {
    size: usize,
    store: RedisStore,
    load: Vec<f64>,
    save: Vec<f64>,
    /// A load and a save, times two pings of the same round.
    both: Vec<f64>,
}

fn fill(runtime: &Runtime, server: &Server, size: usize) -> Times {
    let url = format!("redis://127.0.0.1:{}?prefix=of-{size}", server.port).parse().expect("a place");
    let store = RedisStore::new(url, StoreKey::from_bytes([7; 32]));
    for first in (0..size).step_by(CHUNK) {
        let chunk = first..size.min(first + CHUNK);
        let records: Vec<_> = chunk.map(|n| (key(n), record(n), WriteCondition::Unconditional)).collect();
        runtime.block_on(store.save_all(&records)).expect("saved");
    }
    Times { size, store, load: vec![], save: vec![], both: vec![] }
}

fn main() {
    let mut sizes = SIZES.to_vec();
    if std::env::args().any(|arg| arg == "million") {
        sizes.push(1_000_000);
    }
    let server = Server::start();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut stores: Vec<_> = sizes.into_iter().map(|size| fill(&runtime, &server, size)).collect();
    let bare = redis::Client::open(format!("redis://127.0.0.1:{}", server.port)).expect("a place");
    let mut bare = runtime.block_on(bare.get_multiplexed_async_connection()).expect("connected");
    let mut pings = Vec::new();
    for round in 0..ROUNDS + WARM {
        for times in &mut stores {
            let n = round.wrapping_mul(0x9e37_79b9) % times.size;
            let (key, record) = (key(n), record(n));
            let (mut load, mut save, mut ping) = (0.0, 0.0, 0.0);
            // By turns, which of them is first too.
            for turn in 0..4 {
                match (turn + round) % 4 {
                    0 => {
                        load = micros(|| {
                            assert!(runtime.block_on(times.store.load(&key)).expect("read").is_some());
                        });
                    }
                    2 => {
                        let saved = times.store.save(&key, &record, WriteCondition::SameSession);
                        save = micros(|| runtime.block_on(saved).expect("saved"));
                    }
                    _ => {
                        ping += micros(|| {
                            let pong: String =
                                runtime.block_on(redis::cmd("PING").query_async(&mut bare)).expect("pong");
                            assert_eq!(pong, "PONG");
                        });
                    }
                }
            }
            if round >= WARM {
                times.load.push(load);
                times.save.push(save);
                times.both.push((load + save) / ping);
                pings.push(ping / 2.0);
            }
        }
    }
    println!("sessions in a Redis: a load and a save, in us; a ping: {:.1}", median(&mut pings));
    for times in &mut stores {
        let (load, save) = (median(&mut times.load), median(&mut times.save));
        println!("  {:>9}   load {load:>8.1}   save {save:>8.1}", times.size);
    }
    let mut of = |at: usize| {
        let times = &mut stores[at];
        (times.size, median(&mut times.load), median(&mut times.save), median(&mut times.both))
    };
    let (_, few_load, few_save, few) = of(0);
    let last = if std::env::args().any(|arg| arg == "million") { SIZES.len() } else { SIZES.len() - 1 };
    let (size, load, save, many) = of(last);
    figure("redis load and save at 10, times two pings", few, MOST);
    figure(&format!("redis load and save at {size}, times two pings"), many, MOST);
    figure(&format!("redis load at {size}, times at 10"), load / few_load, 1.2);
    figure(&format!("redis save at {size}, times at 10"), save / few_save, 1.2);
}
