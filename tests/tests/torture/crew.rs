//! The actors' processes: started, given calls, listened to, frozen, continued and killed.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Instant;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use super::host::TIMEOUT;
use super::ledger::Process;

/// How each actor's runtime is driven.
pub(super) const MANNERS: [&str; 6] = ["always", "always", "always", "always", "per_call", "loop"];

/// How many actors there are.
pub(super) const ACTORS: usize = MANNERS.len();

/// Where everything is.
#[derive(Clone, Debug)]
pub(super) struct Places {
    pub(super) host: String,
    pub(super) store: PathBuf,
    pub(super) clock: PathBuf,
    pub(super) seed: u64,
}

/// A running actor.
struct Running {
    child: Child,
    input: ChildStdin,
    frozen: Option<Instant>,
    /// Calls that were not answered yet, by id.
    pending: BTreeMap<u64, String>,
}

/// All actors.
pub(super) struct Crew {
    places: Places,
    actors: Vec<Option<Running>>,
    starts: Vec<u32>,
    next_id: u64,
    lines: Receiver<(Process, Value)>,
    sender: Sender<(Process, Value)>,
}

impl Crew {
    pub(super) fn new(places: Places) -> Self {
        let (sender, lines) = channel();
        let actors = MANNERS.iter().map(|_| None).collect();
        let mut crew = Self { places, actors, starts: vec![0; ACTORS], next_id: 0, lines, sender };
        for actor in 0..ACTORS {
            crew.start(actor);
        }
        crew
    }

    pub(super) fn process(&self, actor: usize) -> Process {
        Process { actor, start: self.starts[actor] }
    }

    /// Starts one that is not running.
    pub(super) fn start(&mut self, actor: usize) {
        self.starts[actor] += 1;
        let process = self.process(actor);
        let mut command = Command::new(program());
        let Places { host, store, clock, seed } = &self.places;
        let set = |command: &mut Command, name: &str, value: &Path| {
            command.env(format!("TORTURE_{name}"), value);
        };
        set(&mut command, "STORE", store);
        set(&mut command, "CLOCK", clock);
        command
            .env("TORTURE_HOST", host)
            .env("TORTURE_NAME", format!("torture-actor/{actor}.{}", process.start))
            .env("TORTURE_SEED", (seed ^ (u64::from(process.start) << 8) ^ actor as u64).to_string())
            .env("TORTURE_MANNER", MANNERS[actor])
            .env("TORTURE_TIMEOUT", TIMEOUT.as_millis().to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command.spawn().expect("an actor starts");
        let input = child.stdin.take().expect("it is piped");
        let output = child.stdout.take().expect("it is piped");
        let sender = self.sender.clone();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // The last line of one that was killed may be cut off.
                if let Ok(line) = serde_json::from_str(&line) {
                    let _nobody_listens = sender.send((process, line));
                }
            }
        });
        self.actors[actor] = Some(Running { child, input, frozen: None, pending: BTreeMap::new() });
    }

    /// Tells an actor to make a call; its id.
    pub(super) fn call(&mut self, actor: usize, mut command: Value) -> u64 {
        self.next_id += 1;
        let id = self.next_id;
        let call = command["call"].as_str().unwrap_or_default().to_owned();
        command["id"] = json!(id);
        if let Some(running) = &mut self.actors[actor] {
            let line = format!("{command}\n");
            // One that has panicked reads nothing; its call is then never answered, which is reported.
            let _unread = running.input.write_all(line.as_bytes());
            running.pending.insert(id, call);
        }
        id
    }

    /// The next line of any actor.
    pub(super) fn receive(&mut self, until: Instant) -> Option<(Process, Value)> {
        let left = until.saturating_duration_since(Instant::now());
        match self.lines.recv_timeout(left) {
            Ok((process, line)) => {
                let running = self.actors[process.actor].as_mut();
                let is_this_start = self.starts[process.actor] == process.start;
                if let (Some(id), Some(running), true) = (line["id"].as_u64(), running, is_this_start) {
                    running.pending.remove(&id);
                }
                Some((process, line))
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => None,
        }
    }

    /// Kills one without a word.
    pub(super) fn kill(&mut self, actor: usize) -> Option<Process> {
        let mut running = self.actors[actor].take()?;
        running.child.kill().expect("it is ours");
        running.child.wait().expect("it is ours");
        Some(self.process(actor))
    }

    pub(super) fn is_running(&self, actor: usize) -> bool {
        self.actors[actor].is_some()
    }

    /// Whether this is the start that runs now.
    pub(super) fn is_now(&self, process: Process) -> bool {
        self.is_running(process.actor) && self.process(process.actor) == process
    }

    pub(super) fn is_frozen(&self, actor: usize) -> bool {
        self.actors[actor].as_ref().is_some_and(|running| running.frozen.is_some())
    }

    /// Stops one until it is continued.
    pub(super) fn freeze(&mut self, actor: usize) {
        if let Some(running) = &mut self.actors[actor] {
            signal(&running.child, Signal::STOP);
            running.frozen = Some(Instant::now());
        }
    }

    pub(super) fn thaw(&mut self, actor: usize) {
        if let Some(running) = &mut self.actors[actor] {
            signal(&running.child, Signal::CONT);
            running.frozen = None;
        }
    }

    /// Calls without an answer.
    pub(super) fn pending(&self) -> Vec<(usize, String)> {
        let running =
            self.actors.iter().enumerate().filter_map(|(actor, running)| Some((actor, running.as_ref()?)));
        running
            .flat_map(|(actor, running)| running.pending.values().cloned().map(move |call| (actor, call)))
            .collect()
    }

    pub(super) fn is_pending(&self, id: u64) -> bool {
        self.actors.iter().flatten().any(|running| running.pending.contains_key(&id))
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        for actor in 0..self.actors.len() {
            self.kill(actor);
        }
    }
}

/// The actors' program: cargo builds it with this test.
fn program() -> &'static str {
    env!("CARGO_BIN_EXE_torture-actor")
}

fn signal(child: &Child, signal: Signal) {
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw).expect("a process has an id");
    kill_process(pid, signal).expect("it is ours");
}
