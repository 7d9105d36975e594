//! One run of the campaign: a host, a store, six actors, and so many steps from one seed.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use e2e::machine::Machine;
use serde_json::{Value, json};

use super::crew::{Crew, Places};
use super::host::Host;
use super::ledger::{Process, TimePoint};
use super::report::{Report, Violation, is_traced};
use super::schedule::Step;
use super::steps::Due;
use super::vault::{Copy, Vault};

/// Steps from one quiet point to the next.
const STEPS_BETWEEN: usize = 50;
/// The longest pause after a step, in milliseconds.
const MAX_PAUSE: u64 = 250;
/// Everything of one run.
pub(super) struct Act<'a> {
    pub(super) seed: u64,
    pub(super) step: usize,
    pub(super) random: fastrand::Rng,
    pub(super) report: &'a mut Report,
    pub(super) crew: Crew,
    pub(super) host: Host,
    pub(super) vault: Vault,
    pub(super) machine: Machine,
    pub(super) boot_id: Arc<AtomicU64>,
    pub(super) copies: VecDeque<Copy>,
    /// A call whose end is not known may still sign in or out.
    pub(super) turn: Option<Turn>,
    /// When frozen actors are continued, and killed ones started.
    pub(super) due: Vec<(Instant, Due)>,
    /// So much of the ledger has been judged.
    pub(super) judged: usize,
}

/// A sign-in or sign-out under way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    pub(super) id: u64,
    pub(super) actor: usize,
}

impl<'a> Act<'a> {
    pub(super) fn new(seed: u64, grace: Duration, report: &'a mut Report) -> Self {
        let vault = Vault::new();
        let machine = Machine::new(vault.beside("clocks"));
        let boot_id = Arc::new(AtomicU64::new(machine.boot_id()));
        let host = Host::start(grace, machine.slept(), Arc::clone(&boot_id));
        let places = Places { host: host.url(), store: vault.path(), clock: machine.file().to_owned(), seed };
        let (crew, random) = (Crew::new(places), fastrand::Rng::with_seed(seed));
        let (copies, due) = (VecDeque::new(), Vec::new());
        Self {
            seed,
            step: 0,
            random,
            report,
            crew,
            host,
            vault,
            machine,
            boot_id,
            copies,
            turn: None,
            due,
            judged: 0,
        }
    }

    /// So many steps, with quiet points between them and the end after the last.
    pub(super) fn run(mut self, steps: usize) {
        self.be_quiet();
        while self.step < steps {
            self.step += 1;
            let step = Step::draw(&mut self.random);
            let pause = self.random.u64(..MAX_PAUSE);
            self.report.count("steps");
            self.take(step);
            self.receive_until(Instant::now() + Duration::from_millis(pause));
            if self.step.is_multiple_of(STEPS_BETWEEN) {
                self.be_quiet();
            }
        }
        self.be_quiet();
        self.end();
    }

    /// Makes an actor call; nothing if it is not running.
    pub(super) fn tell(&mut self, actor: usize, command: Value) -> Option<u64> {
        if !self.crew.is_running(actor) {
            return None;
        }
        self.report.count("calls");
        Some(self.crew.call(actor, command))
    }

    pub(super) fn call(&mut self, actor: usize, call: &str, cancel: Option<u64>) -> Option<u64> {
        // Nothing is sent by this actor before it is noted that it may be.
        let process = self.crew.process(actor);
        let is_forced = ["refresh", "unauthorized"].contains(&call);
        if is_forced {
            self.host.ledger().forced.entry(process).or_default().insert(u64::MAX);
        }
        let id = self.tell(actor, json!({"call": call, "cancel_ms": cancel}));
        if is_forced {
            let mut ledger = self.host.ledger();
            let calls = ledger.forced.entry(process).or_default();
            calls.remove(&u64::MAX);
            calls.extend(id);
        }
        if cancel.is_some() {
            self.report.count("calls with a limit of time");
        }
        id
    }

    /// Takes what the actors say until then, and does what is due.
    pub(super) fn receive_until(&mut self, until: Instant) {
        loop {
            self.do_what_is_due();
            let next = self.due.iter().map(|(at, _)| *at).min().unwrap_or(until).min(until);
            if let Some((process, line)) = self.crew.receive(next) {
                self.note(process, &line);
            } else if next == until {
                return;
            }
        }
    }

    /// The next thing that an actor says.
    pub(super) fn receive_one(&mut self, until: Instant) -> Option<(Process, Value)> {
        let (process, line) = self.crew.receive(until)?;
        self.note(process, &line);
        Some((process, line))
    }

    fn note(&mut self, process: Process, line: &Value) {
        if is_traced() {
            println!("{}   {}.{} {line}", self.step, process.actor, process.start);
        }
        if let (Some(call), Some(result)) = (line["call"].as_str(), line["result"].as_str()) {
            self.report.count(&format!("answer {call} {result}"));
        }
        let mut ledger = self.host.ledger();
        ledger.receive(process, line, self.step);
        // Whoever gave up has begun a refresh all the same.
        if let (Some(id), true) = (line["id"].as_u64(), line["result"] != "cancelled") {
            ledger.forced.entry(process).or_default().remove(&id);
        }
        drop(ledger);
        let is_turn = line["id"].as_u64().is_some_and(|id| self.turn.is_some_and(|turn| turn.id == id));
        if is_turn && line["result"] != "cancelled" {
            self.turn = None;
        }
    }

    pub(super) fn now(&self) -> TimePoint {
        let slept = self.machine.slept().load(Ordering::SeqCst);
        TimePoint { at: Instant::now(), slept, boot_id: self.machine.boot_id() }
    }

    pub(super) fn broken(&mut self, what: impl Into<String>) {
        let violation = Violation { seed: self.seed, step: self.step, what: what.into() };
        println!("VIOLATION seed {}, step {}: {}", violation.seed, violation.step, violation.what);
        self.report.violations.push(violation);
    }
}
