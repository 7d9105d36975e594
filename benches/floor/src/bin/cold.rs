//! How long a client takes to be built in a fresh process: starts itself again for each measurement.

use auth_client::{AuthClient, store::FileStore};
use floor::{figure, median, quantile};
use std::{env, process::Command, time::Instant};

const PROCESSES: usize = 101;

fn build_once() {
    // Nothing is written: the store is only named.
    let store = env::current_exe().expect("this program").with_extension("store");
    let started = Instant::now();
    let client = AuthClient::builder("https://broker.example").store(FileStore::with_key_file(store)).build();
    let took = started.elapsed();
    assert!(client.is_ok());
    println!("{}", took.as_secs_f64() * 1e6);
}

fn main() {
    if env::args().nth(1).as_deref() == Some("once") {
        return build_once();
    }
    let this = env::current_exe().expect("this program");
    let mut times: Vec<f64> = (0..PROCESSES)
        .map(|_| {
            let output = Command::new(&this).arg("once").output().expect("this program");
            String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number")
        })
        .collect();
    println!("a client built in a fresh process, {PROCESSES} processes");
    println!("  median {:.1} us   p90 {:.1}", median(&mut times), quantile(&mut times, 0.9));
    figure("cold client, microseconds", median(&mut times), 200.0);
}
