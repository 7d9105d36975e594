//! From an approval to a signed-in screen, on loopback: a display by auth-client, and the least one that a web page can be
//! (socket.io-client and `fetch` in Node), by turns against one sandbox.
//!
//! `qr B2AUTH NODE_MODULES`

use auth_client::{AuthClient, QrState};
use floor::{
    figure, median,
    phone::{Phone, Sandbox},
    quantile,
};
use std::{
    io::{BufRead, BufReader, Lines, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

const ROUNDS: usize = 200;
/// A display that waits for its user has moved to its websocket by then.
const SETTLED: Duration = Duration::from_millis(150);

fn main() {
    let mut args = std::env::args().skip(1);
    let (b2auth, modules) = (args.next().expect("B2AUTH"), args.next().expect("NODE_MODULES"));
    let sandbox = Sandbox::start(&b2auth);
    let bare = Bare::start(&sandbox.host, &modules);
    tokio::runtime::Runtime::new().expect("a runtime").block_on(measure(&sandbox.host, bare));
}

async fn measure(host: &str, mut bare: Bare) {
    let phone = Phone::sign_in(host).await;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS + 10 {
        let (by_us, by_them) = (show_and_approve(host, &phone).await, bare.show_and_approve(&phone).await);
        // The first ones warm up.
        if round >= 10 {
            ours.push(by_us);
            theirs.push(by_them);
        }
    }
    let (us, them) = (median(&mut ours), median(&mut theirs));
    let (us_99, them_99) = (quantile(&mut ours, 0.99), quantile(&mut theirs, 0.99));
    println!("  from the approval to the signed-in screen, {ROUNDS} rounds by turns, in ms");
    println!("  auth-client       median {us:.2}  p99 {us_99:.2}");
    println!("  socket.io-client  median {them:.2}  p99 {them_99:.2}");
    figure("approved to signed in, times by socket.io-client", us / them, 1.2);
    figure("approved to signed in, p99, times by it", us_99 / them_99, 1.2);
    figure("approved to signed in, ms, median", us, 50.0);
    figure("approved to signed in, ms, p99", us_99, 50.0);
}

async fn show_and_approve(host: &str, phone: &Phone) -> f64 {
    let client = AuthClient::builder(host).build().expect("a client");
    let mut states = client.qr_sign_in().states();
    let shown = states.next().await.expect("a state").expect("shown");
    let id = shown.code().expect("a code").channel_id().expose().to_owned();
    tokio::time::sleep(SETTLED).await;
    let started = Instant::now();
    let (_, signed_in) = tokio::join!(phone.approve(&id), async {
        while let Some(state) = states.next().await {
            if let QrState::SignedIn(_) = state.expect("no error") {
                return started.elapsed();
            }
        }
        panic!("it ended without a session")
    });
    signed_in.as_secs_f64() * 1000.0
}

/// The display in Node.
struct Bare {
    child: Child,
    commands: ChildStdin,
    says: Option<Lines<BufReader<ChildStdout>>>,
}

impl Bare {
    fn start(host: &str, modules: &str) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/src/bare_qr.cjs");
        let mut child = Command::new("node")
            .args([script, host])
            .env("NODE_PATH", modules)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node");
        let commands = child.stdin.take().expect("piped");
        let says = Some(BufReader::new(child.stdout.take().expect("piped")).lines());
        Self { child, commands, says }
    }

    async fn show_and_approve(&mut self, phone: &Phone) -> f64 {
        writeln!(self.commands, "show").expect("it reads");
        let mut says = self.says.take().expect("one at a time");
        let id = says.next().expect("a line").expect("it shows");
        tokio::time::sleep(SETTLED).await;
        let started = Instant::now();
        let waiting = tokio::task::spawn_blocking(move || {
            let line = says.next().expect("a line").expect("it ends");
            assert_eq!(line, "signed in");
            (started.elapsed(), says)
        });
        phone.approve(&id).await;
        let (elapsed, says) = waiting.await.expect("no panic");
        self.says = Some(says);
        elapsed.as_secs_f64() * 1000.0
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}
