//! `b2auth status` and `b2auth token` with a key-file store, beside the least program that reads and parses a JSON file and, if
//! there is one, `gh auth token`: whole processes, by turns. Arguments: the paths of `b2auth` and of `read_json`.

use auth_client::{
    AuthClient, Credentials, Office, SignInStep,
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

    let ours = |verb: &str| {
        let mut command = Command::new(b2auth);
        command.args(["--host", &host.url(), verb, "--store"]).arg(format!("file:{}", store.display()));
        command
    };
    let mut floor = Command::new(read_json);
    floor.arg(&json);
    let mut commands = vec![floor, ours("status"), ours("token")];
    let gh = gh(folder.path());
    if let Some(gh) = gh {
        commands.push(gh);
    } else {
        println!("gh is not on this machine's PATH: not compared");
    }
    let mut times = vec![Vec::new(); commands.len()];
    for round in 0..ROUNDS + 5 {
        for turn in 0..commands.len() {
            let which = (turn + round) % commands.len();
            // The slow one now and then.
            if which == GH && round % 10 != 5 {
                continue;
            }
            let took = time(&mut commands[which]);
            if round >= 5 {
                times[which].push((round, took));
            }
        }
    }
    println!("whole processes, {ROUNDS} rounds by turns");
    for (name, times) in ["read a JSON", "b2auth status", "b2auth token", "gh auth token"].iter().zip(&times)
    {
        let mut times: Vec<f64> = times.iter().map(|(_, took)| *took).collect();
        println!(
            "  {name:<14}  median {:>6.2} ms   p10 {:>6.2}",
            median(&mut times),
            quantile(&mut times, 0.1)
        );
    }
    let ratio = |which: usize, to: usize| {
        let other = |round: &usize| times[to].iter().find(|(of, _)| of == round).map(|(_, took)| *took);
        let pairs = times[which].iter().filter_map(|(round, took)| Some(took / other(round)?));
        median(&mut pairs.collect::<Vec<_>>())
    };
    figure("b2auth status, times the least program", ratio(1, 0), 1.60);
    figure("b2auth token, times the least program", ratio(2, 0), 1.60);
    if times.len() > GH {
        figure("b2auth token, times gh auth token", ratio(2, GH), 1.0 / 30.0);
    }
}

const GH: usize = 3;

/// `gh auth token`, with a token in a file of its own, if there is a gh.
fn gh(folder: &Path) -> Option<Command> {
    let path = env::var_os("PATH")?;
    let gh = env::split_paths(&path).map(|folder| folder.join("gh")).find(|file| file.is_file())?;
    fs::write(folder.join("hosts.yml"), "github.com:\n    user: ann\n    oauth_token: gho_0\n").ok()?;
    let mut command = Command::new(gh);
    command
        .args(["auth", "token"])
        .env("GH_CONFIG_DIR", folder)
        .env_remove("GH_TOKEN")
        .env_remove("GITHUB_TOKEN");
    Some(command)
}
