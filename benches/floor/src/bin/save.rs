//! Saving a session to the encrypted file, beside the least that is durable: the same record written to a new file, synced,
//! renamed, and the folder synced.

use auth_client::{
    ports::{Record, SessionId, SessionStore, WriteCondition},
    store::FileStore,
};
use floor::{figure, median, quantile, sample};
use std::{
    fs::{self, File},
    io::Write,
    path::Path,
    time::{Duration, Instant},
};

const ROUNDS: usize = 600;
/// A key file that was just written is read again each time, since a second change could not be seen yet. A store in use has an
/// old one.
const KEY_IS_SETTLED: Duration = Duration::from_secs(4);

fn bare(folder: &Path, bytes: &[u8]) {
    let (new, there) = (folder.join("bare.new"), folder.join("bare"));
    let mut file = File::create(&new).expect("a file");
    file.write_all(bytes).expect("written");
    file.sync_all().expect("synced");
    fs::rename(new, there).expect("renamed");
    File::open(folder).expect("a folder").sync_all().expect("synced");
}

fn main() {
    let beside = std::env::current_exe().expect("a path");
    // Not the system's folder for such things, which may be in memory.
    let folder = tempfile::tempdir_in(beside.parent().expect("a folder")).expect("a folder");
    let pool = FileStore::with_key_file(folder.path().join("pool"));
    let caller = FileStore::with_key_file(folder.path().join("caller")).run_inline();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let place = sample::place("https://broker.example");
    let save = |store: &FileStore, record: &Record| {
        runtime.block_on(store.save(&place, record, WriteCondition::Unconditional)).expect("saved");
    };
    let mut times: [Vec<f64>; 3] = Default::default();
    for round in 0..ROUNDS + 20 {
        let body = sample::session(round as u64, true, Duration::ZERO).encode();
        let record = Record { session_id: SessionId(7), body };
        let mut took = [0.0; 3];
        for turn in 0..3 {
            let which = (turn + round) % 3;
            let started = Instant::now();
            match which {
                0 => bare(folder.path(), record.body.expose()),
                1 => save(&caller, &record),
                _ => save(&pool, &record),
            }
            took[which] = started.elapsed().as_secs_f64() * 1e6;
        }
        if round == 0 {
            std::thread::sleep(KEY_IS_SETTLED);
        }
        if round >= 20 {
            times.iter_mut().zip(took).for_each(|(all, one)| all.push(one));
        }
    }
    println!("a session saved, {ROUNDS} rounds by turns");
    let names = ["bare durable save", "FileStore, on the caller's thread", "FileStore, on the pool"];
    for (name, times) in names.iter().zip(&times) {
        let mut times = times.clone();
        println!(
            "  {name:<36} median {:>8.1} us   p10 {:>8.1}",
            median(&mut times),
            quantile(&mut times, 0.1)
        );
    }
    let ratio = |which: usize| {
        let pairs = times[which].iter().zip(&times[0]);
        median(&mut pairs.map(|(ours, bare)| ours / bare).collect::<Vec<_>>())
    };
    figure("save, caller's thread, times the bare save", ratio(1), 1.05);
    figure("save, on the pool, times the bare save", ratio(2), 1.05);
}
