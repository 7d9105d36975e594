//! Saving and loading a session in stores of 10 to 100,000 sessions, or with `million` as an argument of 1,000,000: the SQLite database
//! beside a bare `INSERT … ON CONFLICT` of the same bytes into as many rows, equally durable; and the encrypted file, up to the size that
//! it is made for and somewhat beyond. All sizes by turns, so that a busy disk slows all.

use auth_client::{
    ports::{Record, RecordKey, SessionId, SessionStore, WriteCondition},
    store::{FileStore, SqliteStore},
};
use floor::{figure, median, sample};
use rusqlite::{Connection, params};
use std::{
    path::Path,
    time::{Duration, Instant},
};

const SIZES: [usize; 4] = [10, 1_000, 10_000, 100_000];
/// Sizes of a file. At ten thousand a change takes a tenth of a second.
const FILE_SIZES: [usize; 3] = [10, 1_000, 10_000];
const ROUNDS: usize = 300;
const FILE_ROUNDS: usize = 15;
const CHUNK: usize = 10_000;
/// A key file that was just written is read again each time, since a second change could not be seen yet.
const KEY_IS_SETTLED: Duration = Duration::from_secs(4);

fn key(n: usize) -> RecordKey {
    let mut key = sample::place("https://broker.example");
    key.account.profile = format!("user{n}").parse().expect("a name");
    key
}

fn record(n: usize) -> Record {
    Record { session_id: SessionId(n as u64), body: sample::session(n as u64, true, Duration::ZERO).encode() }
}

/// A database as somebody would make one who seals nothing and checks nothing.
struct Bare(Connection);

impl Bare {
    fn with(path: &Path, sessions: usize) -> Self {
        let bare = Connection::open(path).expect("a database");
        bare.execute_batch(
            "PRAGMA journal_mode = wal; PRAGMA synchronous = full; PRAGMA cache_size = -1024; \
             CREATE TABLE records (name BLOB PRIMARY KEY, body BLOB NOT NULL)",
        )
        .expect("made");
        let mut bare = Self(bare);
        let all = bare.0.transaction().expect("begun");
        for n in 0..sessions {
            put(&all, n, record(n).body.expose());
        }
        all.commit().expect("written");
        bare
    }
}

fn put(to: &Connection, n: usize, body: &[u8]) {
    to.prepare_cached(
        "INSERT INTO records (name, body) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET body = excluded.body",
    )
    .and_then(|mut put| put.execute(params![name(n), body]))
    .expect("saved");
}

/// As random as a keyed hash, and quickly had.
fn name(n: usize) -> [u8; 16] {
    let mixed = |seed: u64| {
        (n as u64 ^ seed)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(31)
            .wrapping_mul(0xd6e8_feb8_6659_fd93)
    };
    let (one, two) = (mixed(1).to_be_bytes(), mixed(2).to_be_bytes());
    let mut name = [0; 16];
    name[..8].copy_from_slice(&one);
    name[8..].copy_from_slice(&two);
    name
}

struct Times {
    size: usize,
    save: Vec<f64>,
    load: Vec<f64>,
    bare: Vec<f64>,
}

fn micros(work: impl FnOnce()) -> f64 {
    let started = Instant::now();
    work();
    started.elapsed().as_secs_f64() * 1e6
}

fn main() {
    let mut sizes = SIZES.to_vec();
    if std::env::args().any(|arg| arg == "million") {
        sizes.push(1_000_000);
    }
    let beside = std::env::current_exe().expect("a path");
    // Not the system's folder for such things, which may be in memory.
    let folder = tempfile::tempdir_in(beside.parent().expect("a folder")).expect("a folder");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let fill = |store: &dyn SessionStore, sessions: usize| {
        for first in (0..sessions).step_by(CHUNK) {
            let chunk = first..sessions.min(first + CHUNK);
            let records: Vec<_> = chunk.map(|n| (key(n), record(n), WriteCondition::Unconditional)).collect();
            runtime.block_on(store.save_all(&records)).expect("saved");
        }
    };
    let save = |store: &dyn SessionStore, n: usize| {
        let (key, record) = (key(n), record(n));
        micros(|| runtime.block_on(store.save(&key, &record, WriteCondition::SameSession)).expect("saved"))
    };
    let load = |store: &dyn SessionStore, n: usize| {
        let key = key(n);
        micros(|| assert!(runtime.block_on(store.load(&key)).expect("read").is_some()))
    };
    let mut stores = Vec::new();
    for size in sizes {
        let store = SqliteStore::with_key_file(folder.path().join(format!("{size}.sqlite"))).run_inline();
        fill(&store, size);
        let bare = Bare::with(&folder.path().join(format!("{size}.bare")), size);
        stores.push((store, bare, Times { size, save: vec![], load: vec![], bare: vec![] }));
    }
    let mut files = Vec::new();
    for size in FILE_SIZES {
        let store = FileStore::with_key_file(folder.path().join(format!("{size}.file"))).run_inline();
        fill(&store, size);
        files.push((store, Times { size, save: vec![], load: vec![], bare: vec![] }));
    }
    std::thread::sleep(KEY_IS_SETTLED);
    let at = |round: usize, size: usize| round.wrapping_mul(0x9e37_79b9) % size;
    for round in 0..ROUNDS + 20 {
        for (store, bare, times) in &mut stores {
            let n = at(round, times.size);
            let bytes = record(n).body;
            // By turns, which of them is first too.
            let mut took = [0.0; 2];
            for turn in 0..2 {
                match (turn + round) % 2 {
                    0 => took[0] = save(store, n),
                    _ => took[1] = micros(|| put(&bare.0, n, bytes.expose())),
                }
            }
            let loaded = load(store, at(round + 1, times.size));
            if round >= 20 {
                times.save.push(took[0]);
                times.bare.push(took[1]);
                times.load.push(loaded);
            }
        }
    }
    for round in 0..FILE_ROUNDS {
        for (store, times) in &mut files {
            times.save.push(save(store, at(round, times.size)));
            times.load.push(load(store, at(round, times.size)));
        }
    }
    println!("sessions in a store: a save, a load, and a bare upsert, in us");
    for (_, _, times) in &mut stores {
        let (save, load, bare) = (median(&mut times.save), median(&mut times.load), median(&mut times.bare));
        println!(
            "  SqliteStore {:>9}   save {save:>10.1}   load {load:>10.1}   bare {bare:>10.1}",
            times.size
        );
    }
    for (_, times) in &mut files {
        let (save, load) = (median(&mut times.save), median(&mut times.load));
        println!("  FileStore   {:>9}   save {save:>10.1}   load {load:>10.1}", times.size);
    }
    let mut of = |index: usize| {
        let (_, _, times) = &mut stores[index];
        let pairs = times.save.iter().zip(&times.bare);
        let ratio = median(&mut pairs.map(|(ours, bare)| ours / bare).collect::<Vec<_>>());
        (times.size, median(&mut times.save), median(&mut times.load), ratio)
    };
    let last = if std::env::args().any(|arg| arg == "million") { SIZES.len() } else { SIZES.len() - 1 };
    let ((_, few_save, few_load, few), (size, save, load, many)) = (of(1), of(last));
    figure("sqlite save at 1000, times a bare upsert", few, 1.3);
    figure(&format!("sqlite save at {size}, times a bare upsert"), many, 1.3);
    figure(&format!("sqlite save at {size}, times at 1000"), save / few_save, 2.0);
    figure(&format!("sqlite load at {size}, times at 1000"), load / few_load, 2.0);
}
