//! 100,000 packed sessions with tokens of 600 letters: the bytes that each takes.

use auth_client::{AuthClient, Profile, SessionSnapshot, store::MemoryStore};
use auth_core::{ports::SessionId, session::SnapshotContent};
use floor::{Counting, figure, sample};
use std::{fs, time::Duration};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const SESSIONS: u64 = 100_000;

/// Threads and open files of this process.
fn held() -> (usize, usize) {
    let count = |path: &str| fs::read_dir(path).expect("this process").count();
    (count("/proc/self/task"), count("/proc/self/fd"))
}

fn measure(client: &AuthClient, jwt: bool) -> f64 {
    let (live, held_before) = (Counting::live(), held());
    let mut dormant: Vec<SessionSnapshot> = Vec::with_capacity(SESSIONS as usize);
    for n in 0..SESSIONS {
        let profile: Profile = format!("user-{n}").parse().expect("a name");
        let session = sample::session(n, jwt, Duration::ZERO);
        let restored = SnapshotContent { profile, session_id: Some(SessionId(n)), unsaved: false, session };
        // By way of a session in use, as a service does.
        let session = client.restore(&SessionSnapshot::of(client.host(), &restored)).expect("its own");
        dormant.push(session.snapshot().expect("not over"));
    }
    let each = (Counting::live() - live) as f64 / SESSIONS as f64;
    assert_eq!(held(), held_before, "no thread and no file for any of them");
    let session = client.restore(&dormant[4711]).expect("its own");
    assert_eq!(session.account(), "user4711@example.com");
    assert_eq!(session.cached_access_token().expect("fresh").expose(), sample::token(2 * 4711, jwt));
    each
}

fn main() {
    // No runtime is there at all: nothing can have started a task or a timer.
    let client =
        AuthClient::builder("https://broker.example").store(MemoryStore::new()).build().expect("a client");
    println!(
        "{SESSIONS} snapshot sessions, kind and all (two tokens of 600, an id of 16 and two dates: 1224)"
    );
    let (jwt, opaque) = (measure(&client, true), measure(&client, false));
    println!("  JWTs {jwt:.1} B each, other tokens {opaque:.1} B each");
    figure("dormant session with other tokens, bytes", opaque, 1300.0);
    figure("dormant session with JWTs, bytes", jwt, 1000.0);
}
