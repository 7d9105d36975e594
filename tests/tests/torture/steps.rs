//! How each step is done.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use serde_json::json;

use super::act::{Act, Turn};
use super::crew::ACTORS;
use super::host::Fault;
use super::report::is_traced;
use super::schedule::Step;
use super::vault::Copy;

/// How many copies of the store are kept: the oldest is a few refreshes old.
const KEPT_COPIES: usize = 6;

/// What was put off.
#[derive(Clone, Copy, Debug)]
pub(super) enum Due {
    Kill(usize),
    Freeze(usize, u64),
    Thaw(usize),
}

impl Act<'_> {
    /// Does what a step says.
    pub(super) fn take(&mut self, step: Step) {
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
                    let id =
                        self.tell(actor, json!({"call": "sign_in", "email": email, "cancel_ms": cancel}));
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
                    // The answer comes while it is frozen.
                    self.host.expect_next(Fault::SlowAfter(after + 150));
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
                for actor in 0..ACTORS {
                    self.tell(actor, json!({"call": "slow", "most": most}));
                }
            }
        }
    }

    /// Does what was put off until now.
    pub(super) fn do_what_is_due(&mut self) {
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
        for actor in 0..ACTORS {
            if let Some(process) = self.crew.kill(actor) {
                self.host.ledger().is_killed(process);
            }
        }
        self.due.clear();
        self.machine.reboot();
        self.boot_id.store(self.machine.boot_id(), Ordering::SeqCst);
        for actor in 0..ACTORS {
            self.crew.start(actor);
        }
    }

    /// Waits until everybody is continued, and what was put off is done.
    pub(super) fn wait_for_what_is_due(&mut self) {
        while let Some(next) = self.due.iter().map(|(at, _)| *at).min() {
            self.receive_until(next);
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
}
