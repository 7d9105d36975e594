//! One run of the campaign: a host, a store, six actors, and so many steps from one seed.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use e2e::machine::Machine;
use serde_json::{Value, json};

use super::crew::{Crew, MANNERS, Places};
use super::host::Host;
use super::ledger::{Moment, Process};
use super::report::{Report, Violation, is_traced};
use super::schedule::Step;
use super::vault::{Copy, Vault};

/// Steps from one quiet point to the next.
const STEPS_BETWEEN: usize = 40;
/// The longest pause after a step, in milliseconds.
const MAX_PAUSE: u64 = 250;
/// How many copies of the store are kept: the oldest is a few refreshes old.
const KEPT_COPIES: usize = 6;

/// Everything of one run.
pub(super) struct Act<'a> {
    pub(super) seed: u64,
    pub(super) step: usize,
    pub(super) random: fastrand::Rng,
    pub(super) report: &'a mut Report,
    pub(super) crew: Crew,
    pub(super) host: Host,
    pub(super) vault: Vault,
    machine: Machine,
    boot_id: Arc<AtomicU64>,
    copies: VecDeque<Copy>,
    /// A call whose end is not known may still sign in or out.
    pub(super) turn: Option<Turn>,
    /// When frozen actors are continued, and killed ones started.
    due: Vec<(Instant, Due)>,
    /// So much of the ledger has been judged.
    pub(super) judged: usize,
}

/// A sign-in or sign-out under way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    id: u64,
    actor: usize,
}

/// What was put off.
#[derive(Clone, Copy, Debug)]
enum Due {
    Kill(usize),
    Freeze(usize, u64),
    Thaw(usize),
}

impl<'a> Act<'a> {
    pub(super) fn new(seed: u64, grace: Duration, report: &'a mut Report) -> Self {
        let vault = Vault::new();
        let machine = Machine::new(vault.beside("clocks"));
        let boot_id = Arc::new(AtomicU64::new(machine.boot_id()));
        let host = Host::start(grace, machine.slept(), Arc::clone(&boot_id));
        let places =
            Places { host: host.url(), store: vault.path(), clock: machine.file().to_owned(), seed };
        let (crew, random) = (Crew::new(places), fastrand::Rng::with_seed(seed));
        let (copies, due) = (VecDeque::new(), Vec::new());
        Self {
            seed, step: 0, random, report, crew, host, vault, machine, boot_id, copies, turn: None, due, judged: 0,
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
            self.hear_until(Instant::now() + Duration::from_millis(pause));
            if self.step.is_multiple_of(STEPS_BETWEEN) {
                self.be_quiet();
            }
        }
        self.be_quiet();
        self.end();
    }

    fn take(&mut self, step: Step) {
        if is_traced() {
            println!("{} {step:?}", self.step);
        }
        match step {
            Step::Call { actor, call, cancel } => {
                self.call(actor, call, cancel);
            }
            Step::SignIn { actor, email, cancel, displaces } => {
                let is_free = !self.somebody_is_signed_in() || displaces;
                if self.is_turn_free() && is_free {
                    let id = self.tell(actor, json!({"call": "sign_in", "email": email, "cancel_ms": cancel}));
                    self.turn = id.map(|id| Turn { id, actor });
                }
            }
            Step::SignOut { actor, cancel } => {
                if self.is_turn_free() && self.somebody_is_signed_in() {
                    self.mark_sign_out();
                    let id = self.tell(actor, json!({"call": "sign_out", "cancel_ms": cancel}));
                    self.turn = id.map(|id| Turn { id, actor });
                }
            }
            Step::Kill { actor, after, amid_refresh } => {
                if amid_refresh {
                    self.call(actor, "refresh", None);
                }
                self.due.push((Instant::now() + Duration::from_millis(after), Due::Kill(actor)));
            }
            Step::Freeze { actor, after, millis, amid_refresh } => {
                if amid_refresh {
                    self.call(actor, "refresh", None);
                }
                self.due.push((Instant::now() + Duration::from_millis(after), Due::Freeze(actor, millis)));
            }
            Step::SetClock(by) => {
                self.report.count("jumps of the wall clock");
                self.machine.set_wall_clock(by);
            }
            Step::CorrectClock => self.machine.correct_wall_clock(),
            Step::Sleep(millis) => {
                self.report.count("sleeps");
                self.machine.sleep(millis);
            }
            Step::Reboot => self.reboot(),
            Step::KeepCopy => self.keep_copy(),
            Step::RestoreCopy(which) => self.restore_copy(which),
            Step::Fault(fault) => self.host.expect(fault),
            Step::SlowStores(most) => {
                for actor in 0..MANNERS.len() {
                    self.tell(actor, json!({"call": "slow", "most": most}));
                }
            }
        }
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

    /// Hears what the actors say until then, and does what is due.
    pub(super) fn hear_until(&mut self, until: Instant) {
        loop {
            self.do_what_is_due();
            let next = self.due.iter().map(|(at, _)| *at).min().unwrap_or(until).min(until);
            if let Some((process, line)) = self.crew.hear(next) {
                self.note(process, &line);
            } else if next == until {
                return;
            }
        }
    }

    /// The next thing that an actor says.
    pub(super) fn hear_one(&mut self, until: Instant) -> Option<(Process, Value)> {
        let (process, line) = self.crew.hear(until)?;
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
        ledger.hear(process, line, self.step);
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

    fn do_what_is_due(&mut self) {
        let now = Instant::now();
        let (due, later) = self.due.iter().partition(|(at, _)| *at <= now);
        self.due = later;
        for (_, what) in Vec::from_iter::<Vec<(Instant, Due)>>(due) {
            match what {
                Due::Kill(actor) => self.kill_and_start(actor),
                Due::Freeze(actor, millis) => {
                    if !self.crew.is_frozen(actor) {
                        self.report.count("freezes");
                        self.crew.freeze(actor);
                        self.due.push((now + Duration::from_millis(millis), Due::Thaw(actor)));
                    }
                }
                Due::Thaw(actor) => self.crew.thaw(actor),
            }
        }
    }

    pub(super) fn kill_and_start(&mut self, actor: usize) {
        if let Some(process) = self.crew.kill(actor) {
            self.report.count("kills");
            self.host.ledger().is_killed(process);
        }
        self.due.retain(|(_, what)| !matches!(what, Due::Thaw(frozen) if *frozen == actor));
        self.crew.start(actor);
    }

    fn reboot(&mut self) {
        self.report.count("starts of the machine");
        for actor in 0..MANNERS.len() {
            if let Some(process) = self.crew.kill(actor) {
                self.host.ledger().is_killed(process);
            }
        }
        self.due.clear();
        self.machine.reboot();
        self.boot_id.store(self.machine.boot_id(), Ordering::SeqCst);
        for actor in 0..MANNERS.len() {
            self.crew.start(actor);
        }
    }

    /// Continues everybody, and does at once what was put off.
    pub(super) fn continue_all(&mut self) {
        for (at, _) in &mut self.due {
            *at = Instant::now();
        }
        while !self.due.is_empty() {
            self.do_what_is_due();
            self.due.iter_mut().for_each(|(at, _)| *at = Instant::now());
        }
    }

    fn is_turn_free(&mut self) -> bool {
        // One who was killed in the middle leaves it open until the next quiet point.
        self.turn.is_none_or(|turn| !self.crew.is_running(turn.actor) && !self.crew.is_pending(turn.id))
    }

    fn somebody_is_signed_in(&self) -> bool {
        self.vault.copy().ok().flatten().is_some_and(|copy| copy.refresh.is_some())
    }

    /// Whatever session is there now may be signed out from now on.
    fn mark_sign_out(&self) {
        let mut ledger = self.host.ledger();
        for family in ledger.families.iter_mut().filter(|family| !family.displaced) {
            family.sign_out.get_or_insert_with(Instant::now);
        }
    }

    fn keep_copy(&mut self) {
        if let Ok(Some(copy)) = self.vault.copy() {
            self.copies.push_back(copy);
            if self.copies.len() > KEPT_COPIES {
                self.copies.pop_front();
            }
        }
    }

    /// Only a copy of the session that is there, while nobody signs in or out.
    fn restore_copy(&mut self, which: usize) {
        if self.turn.is_some() {
            return;
        }
        let current = self.vault.copy().ok().flatten().and_then(|current| current.refresh);
        let Some(current) = current else { return };
        let mut ledger = self.host.ledger();
        let Some(family) = ledger.family_of(&current) else { return };
        let is_older = |copy: &&Copy| {
            let older = copy.refresh.as_ref();
            older.is_some_and(|older| *older != current && ledger.family_of(older) == Some(family))
        };
        let older: Vec<&Copy> = self.copies.iter().filter(is_older).collect();
        if older.is_empty() || ledger.families[family].sign_out.is_some() {
            return;
        }
        let copy = older[which % older.len()].clone();
        ledger.families[family].restored.push(Instant::now());
        self.vault.restore(&copy);
        drop(ledger);
        self.report.count("older copies put back");
    }

    pub(super) fn now(&self) -> Moment {
        let slept = self.machine.slept().load(Ordering::SeqCst);
        Moment { at: Instant::now(), slept, boot_id: self.machine.boot_id() }
    }

    pub(super) fn broken(&mut self, what: impl Into<String>) {
        let violation = Violation { seed: self.seed, step: self.step, what: what.into() };
        println!("VIOLATION seed {}, step {}: {}", violation.seed, violation.step, violation.what);
        self.report.violations.push(violation);
    }
}
