//! 1,000 displays that wait for their approvals in one process: the memory that each takes, and that each approval reaches its
//! own.
//!
//! `qr_waiting B2AUTH`

use auth_client::{AuthClient, Profile, QrState, QrStates};
use floor::{
    figure,
    phone::{Phone, Sandbox},
};
use std::time::Duration;

const DISPLAYS: usize = 1000;
/// The first ones bring what is there once.
const FIRST: usize = 20;
/// Every display has moved to its websocket, and its first connections are closed.
const SETTLED: Duration = Duration::from_secs(3);

struct Display {
    profile: Profile,
    id: String,
    states: QrStates,
}

fn main() {
    let b2auth = std::env::args().nth(1).expect("B2AUTH");
    let sandbox = Sandbox::start(&b2auth);
    tokio::runtime::Runtime::new().expect("a runtime").block_on(measure(&sandbox.host));
}

async fn measure(host: &str) {
    let phone = Phone::sign_in(host).await;
    let client = AuthClient::builder(host).build().expect("a client");
    let mut displays = Vec::with_capacity(DISPLAYS);
    show(&client, &mut displays, FIRST).await;
    tokio::time::sleep(SETTLED).await;
    let before = resident();
    show(&client, &mut displays, DISPLAYS).await;
    tokio::time::sleep(SETTLED).await;
    let each = (resident() - before) / (DISPLAYS - FIRST) as f64;
    for Display { profile, id, states } in displays.iter_mut().rev() {
        phone.approve(id).await;
        assert_eq!(next(states).await.name(), "approved");
        let QrState::SignedIn(session) = next(states).await else { panic!("not signed in") };
        assert_eq!(session.profile(), profile);
    }
    println!("  {DISPLAYS} displays that wait: {each:.1} KiB each; each approval reached its own");
    figure("waiting display, KiB", each, 32.0);
}

async fn show(client: &AuthClient, displays: &mut Vec<Display>, up_to: usize) {
    while displays.len() < up_to {
        let profile: Profile = format!("display-{}", displays.len()).parse().expect("a name");
        let mut states = client.for_profile(profile.clone()).qr_sign_in().states();
        let shown = next(&mut states).await;
        let id = shown.code().expect("a code").channel_id().expose().to_owned();
        displays.push(Display { profile, id, states });
    }
}

async fn next(states: &mut QrStates) -> QrState {
    states.next().await.expect("a state").expect("no error")
}

/// The memory of this process that is there, in KiB.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("this process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
