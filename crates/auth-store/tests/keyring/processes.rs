//! Real processes: this test binary runs again as a helper, which works on the store that is named to it.

use super::*;
use crate::desktop::{Desktop, open};
use std::{
    io::{BufRead, BufReader, Lines, Read, Write},
    process::{Child, ChildStdout, Command, Stdio},
};

const BUS: &str = "AUTH_STORE_TEST_HELPER_BUS";
const MARKER: &str = "AUTH_STORE_TEST_HELPER_MARKER";
const TASK: &str = "AUTH_STORE_TEST_HELPER_TASK";

struct Helper {
    child: Child,
    said: Lines<BufReader<ChildStdout>>,
}

impl Helper {
    fn start(task: &str, desktop: &Desktop) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "processes::helper", "--nocapture"])
            .env(BUS, desktop.address())
            .env(MARKER, desktop.marker())
            .env(TASK, task)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, said }
    }

    /// Waits for the next line that begins so and gives the rest of it.
    fn hear(&mut self, begin: &str) -> String {
        let received = |line: std::io::Result<String>| line.unwrap().strip_prefix(begin).map(str::to_owned);
        self.said.find_map(received).unwrap_or_else(|| panic!("the helper ended without {begin}"))
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
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
    let (Ok(bus), Some(marker), Ok(task)) =
        (std::env::var(BUS), std::env::var_os(MARKER), std::env::var(TASK))
    else {
        return;
    };
    let store = open(&bus, marker.as_ref());
    match task.as_str() {
        "hold the lock" => {
            let _lock = store.lock(&session()).await.unwrap();
            say("held");
            let _ = std::io::stdin().read(&mut [0]);
        }
        "save until killed" => {
            for n in 0_u64.. {
                put(&store, &session(), n, vec![n.to_le_bytes()[0]; 9000]).await;
                say(&format!("saved {n}"));
            }
        }
        "count" => {
            for _ in 0..5 {
                let _lock = store.lock(&session()).await.unwrap();
                let n: u64 = body(&store, &session()).await.map_or(0, |text| text.parse().unwrap());
                put(&store, &session(), 1, (n + 1).to_string()).await;
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

#[tokio::test]
async fn a_killed_process_gives_its_lock_back() {
    let desktop = Desktop::new().await;
    let store = desktop.open();
    let mut helper = Helper::start("hold the lock", &desktop);
    helper.hear("held");
    assert!(store.try_lock(&session()).await.unwrap().is_none());
    helper.kill();
    assert!(store.try_lock(&session()).await.unwrap().is_some());
}

#[tokio::test]
async fn processes_counting_under_the_lock_lose_nothing() {
    let desktop = Desktop::new().await;
    let mut helpers: Vec<_> = (0..3).map(|_| Helper::start("count", &desktop)).collect();
    for helper in &mut helpers {
        helper.hear("counted");
    }
    assert_eq!(body(&desktop.open(), &session()).await.as_deref(), Some("15"));
}

/// Killed between any two steps of a write, which takes some ten of them: the old record is there, or the new one, and nothing else after
/// the next change.
#[tokio::test]
async fn a_process_that_is_killed_while_it_writes_leaves_the_old_record_or_the_new_one() {
    let desktop = Desktop::new().await;
    for round in 0..12_u64 {
        let mut helper = Helper::start("save until killed", &desktop);
        let mut last: u64 = helper.hear("saved ").parse().unwrap();
        for _ in 0..round % 3 {
            last = helper.hear("saved ").parse().unwrap();
        }
        // Some way into the next write, another one each time.
        let way = std::time::Instant::now();
        while way.elapsed() < std::time::Duration::from_millis(round * 7) {
            std::hint::spin_loop();
        }
        helper.kill();
        let store = desktop.open();
        let found = store.load(&session()).await.unwrap().expect("a record");
        let n = found.session_id.0;
        assert!(n >= last, "{n} < {last}");
        assert_eq!(found.body.expose(), vec![n.to_le_bytes()[0]; 9000]);
        put(&store, &session(), n, vec![n.to_le_bytes()[0]; 9000]).await;
        assert_eq!(desktop.entries().await.len(), 6, "the list and five parts");
    }
}
