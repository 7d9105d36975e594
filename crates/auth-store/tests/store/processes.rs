//! Real processes: this test binary runs again as a helper, which works on the store that is named to it.

use super::*;
use std::{
    io::{BufRead, BufReader, Lines, Read, Write},
    process::{Child, ChildStdout, Command, Stdio},
};

const STORE: &str = "AUTH_STORE_TEST_HELPER_STORE";
const TASK: &str = "AUTH_STORE_TEST_HELPER_TASK";

pub(super) struct Helper {
    pub(super) child: Child,
    said: Lines<BufReader<ChildStdout>>,
}

impl Helper {
    pub(super) fn start(task: &str, place: &Place) -> Self {
        let (_, module) = module_path!().split_once("::").unwrap();
        let helper = format!("{module}::helper");
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &helper, "--nocapture"])
            .env(STORE, place.path())
            .env(TASK, task)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, said }
    }

    /// Waits for the next line that begins so and gives the rest of it.
    pub(super) fn hear(&mut self, begin: &str) -> String {
        let received = |line: std::io::Result<String>| line.unwrap().strip_prefix(begin).map(str::to_owned);
        self.said.find_map(received).unwrap_or_else(|| panic!("the helper ended without {begin}"))
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a helper does; in the test run itself there is nothing for it to do.
#[tokio::test]
async fn helper() {
    let (Some(path), Ok(task)) = (std::env::var_os(STORE), std::env::var(TASK)) else { return };
    let store = Store::with_key_file(path);
    match task.as_str() {
        "hold the lock" => {
            let _lock = store.lock(&session()).await.unwrap();
            say("held");
            let _ = std::io::stdin().read(&mut [0]);
        }
        "save until killed" => {
            for n in 0_u64.. {
                put(&store, &session(), n, &"x".repeat(50_000)).await;
                say(&format!("saved {n}"));
            }
        }
        "rekey until killed" => loop {
            store.rekey(auth_store::NewKey::KeyFile).await.unwrap();
            say("sealed anew");
        },
        "save its own" => {
            let own = key_of(&format!("process{}", std::process::id()), RecordKind::Session);
            for n in 0..3 {
                put(&store, &own, n, "x").await;
            }
            say("saved its own");
        }
        "count" => {
            for _ in 0..10 {
                crate::memory::count(&store).await;
            }
            say("counted");
        }
        other => panic!("no such task: {other}"),
    }
}

fn say(line: &str) {
    let mut out = std::io::stdout();
    writeln!(out, "\n{line}").and_then(|()| out.flush()).unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_killed_process_gives_its_lock_back() {
    let place = Place::new();
    let store = place.open();
    let mut helper = Helper::start("hold the lock", &place);
    helper.hear("held");
    let held = store.lock(&session()).await;
    assert!(matches!(held, Err(StoreError::Unavailable { .. })), "{held:?}");
    put(&store, &session(), 1, "a lock hinders no save").await;
    helper.child.kill().unwrap();
    helper.child.wait().unwrap();
    drop(store.lock(&session()).await.unwrap());
}

#[tokio::test]
async fn what_was_saved_is_there_after_a_kill() {
    let place = Place::new();
    for _ in 0..3 {
        let mut helper = Helper::start("save until killed", &place);
        let mut last = 0_u64;
        for _ in 0..10 {
            last = helper.hear("saved ").parse().unwrap();
        }
        helper.child.kill().unwrap();
        helper.child.wait().unwrap();
        let found = place.open().load(&session()).await.unwrap().unwrap();
        assert!(found.session_id.0 >= last, "{:?} < {last}", found.session_id);
        assert_eq!(found.body.expose().len(), 50_000);
    }
}

#[tokio::test]
async fn processes_counting_under_the_lock_lose_nothing() {
    let place = Place::new();
    let mut helpers: Vec<_> = (0..3).map(|_| Helper::start("count", &place)).collect();
    for helper in &mut helpers {
        helper.hear("counted");
    }
    assert_eq!(body(&place.open(), &session()).await.as_deref(), Some("30"));
}

#[tokio::test]
async fn sixty_four_processes_lose_nothing() {
    let place = Place::new();
    let mut helpers: Vec<_> = (0..64).map(|_| Helper::start("save its own", &place)).collect();
    for helper in &mut helpers {
        helper.hear("saved its own");
    }
    assert_eq!(place.open().keys().await.unwrap().len(), 64);
}
