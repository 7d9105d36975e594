//! `b2auth status` with a key-file store, beside the least program that reads and parses a JSON file: whole processes,
//! by turns. Arguments: the paths of `b2auth` and of `read_json`.

use auth_client::{
    AuthClient, Login, Office, SignInStep,
    secret::{OneTimeCode, Password},
    store::FileStore,
};
use floor::{Responder, figure, median, quantile};
use std::{
    env, fs,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

const ROUNDS: usize = 400;

fn sign_in(url: &str, store: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let client =
            AuthClient::builder(url).store(FileStore::with_key_file(store)).build().expect("a client");
        let sign_in = client.sign_in(Office::Front);
        loop {
            match sign_in.current() {
                SignInStep::Start(step) => step.open().await,
                SignInStep::Credentials(step) => {
                    step.submit(Login::new("ann@example.com", Password::new("Secret123"))).await
                }
                SignInStep::ChooseMethod(step) => step.choose(step.offers()[0].method).await,
                SignInStep::Code(step) => step.submit(OneTimeCode::new("123456")).await,
                _ => break,
            }
            .expect("a canned answer");
        }
    });
}

/// Runs a command to its end and gives the time in milliseconds.
fn time(command: &mut Command) -> f64 {
    let started = Instant::now();
    let status = command.stdout(Stdio::null()).stdin(Stdio::null()).status().expect("a program");
    let took = started.elapsed();
    assert!(status.success(), "{command:?}");
    took.as_secs_f64() * 1e3
}

fn main() {
    let paths: Vec<String> = env::args().skip(1).collect();
    let [b2auth, read_json] = &paths[..] else { panic!("give the paths of b2auth and read_json") };
    let folder = tempfile::tempdir().expect("a folder");
    let (store, json) = (folder.path().join("store"), folder.path().join("plain.json"));
    let host = Responder::start();
    sign_in(&host.url(), &store);
    let token = "x".repeat(600);
    let plain = serde_json::json!({"account": "ann@example.com", "host": host.url(), "access": token, "refresh": token});
    fs::write(&json, plain.to_string()).expect("a file");

    let mut ours = Command::new(b2auth);
    ours.args(["--host", &host.url(), "status", "--store"]).arg(format!("file:{}", store.display()));
    let mut floor = Command::new(read_json);
    floor.arg(&json);
    let (mut us, mut least, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS + 5 {
        let (one, other);
        if round % 2 == 0 {
            one = time(&mut ours);
            other = time(&mut floor);
        } else {
            other = time(&mut floor);
            one = time(&mut ours);
        }
        if round >= 5 {
            us.push(one);
            least.push(other);
            ratios.push(one / other);
        }
    }
    println!("whole processes, {ROUNDS} rounds by turns");
    println!("  b2auth status   median {:.2} ms   p10 {:.2}", median(&mut us), quantile(&mut us, 0.1));
    println!("  read a JSON     median {:.2} ms   p10 {:.2}", median(&mut least), quantile(&mut least, 0.1));
    figure("b2auth status, times the least program", median(&mut ratios), 1.60);
}
