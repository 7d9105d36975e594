//! The counts of a campaign, and what broke a rule.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::ledger::{Ledger, Outcome};

/// A rule that was broken.
#[derive(Clone, Debug)]
pub(super) struct Violation {
    pub(super) seed: u64,
    pub(super) step: usize,
    pub(super) what: String,
}

/// What happened, by name.
#[derive(Debug, Default)]
pub(super) struct Report {
    counts: BTreeMap<String, u64>,
    pub(super) violations: Vec<Violation>,
}

impl Report {
    /// One more of these.
    pub(super) fn count(&mut self, name: &str) {
        self.add(name, 1);
    }

    pub(super) fn add(&mut self, name: &str, how_many: u64) {
        *self.counts.entry(name.to_owned()).or_default() += how_many;
    }

    pub(super) fn of(&self, name: &str) -> u64 {
        self.counts.get(name).copied().unwrap_or(0)
    }

    /// What the host has seen.
    pub(super) fn take(&mut self, ledger: &Ledger) {
        for sent in &ledger.sent {
            self.count("refreshes sent");
            match &sent.outcome {
                Outcome::Pair(_) => {
                    self.count("refreshes that brought a pair");
                    let token = ledger.tokens.get(&sent.token);
                    let age = token.map_or(0.0, |token| token.issued.until(&sent.when).as_secs_f64());
                    if age > super::invariants::FRESH.as_secs_f64() {
                        self.count("expiries");
                    }
                }
                Outcome::Refused => self.count("refreshes refused by the host"),
                Outcome::Lost(_) => self.count("refreshes whose answer was lost"),
                Outcome::Gateway(_) => self.count("refreshes answered by a gateway"),
                Outcome::Other(_) | Outcome::UnderWay => self.count("refreshes with another end"),
            }
        }
        self.add("sessions begun", ledger.families.len() as u64);
        self.add("sessions signed out", count(ledger, |answers| !answers.is_empty()));
        self.add(
            "sessions signed out, told later",
            count(ledger, |answers| answers.iter().any(|a| a == "pending")),
        );
        for (fault, times) in &ledger.met {
            self.add(&format!("fault {fault}"), *times);
        }
    }

    /// As JSON, and in a file of the target folder.
    pub(super) fn write(&self, seed: u64) -> PathBuf {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("torture");
        let path = folder.join(format!("campaign-{seed}.json"));
        std::fs::create_dir_all(&folder).expect("the target folder can be written");
        std::fs::write(&path, format!("{:#}\n", self.json(seed))).expect("the target folder can be written");
        path
    }

    fn json(&self, seed: u64) -> Value {
        let violation = |v: &Violation| json!({"seed": v.seed, "step": v.step, "what": v.what});
        let violations: Vec<Value> = self.violations.iter().map(violation).collect();
        json!({"seed": seed, "counts": self.counts, "violations": violations})
    }

    /// A line each.
    pub(super) fn text(&self) -> String {
        let counts = self.counts.iter().map(|(name, count)| format!("{count:>7} {name}\n"));
        let violations =
            self.violations.iter().map(|v| format!("seed {}, step {}: {}\n", v.seed, v.step, v.what));
        counts.chain(violations).collect()
    }
}

fn count(ledger: &Ledger, is_so: impl Fn(&[String]) -> bool) -> u64 {
    ledger.families.iter().filter(|family| is_so(&family.sign_out_answers)).count() as u64
}

/// Whether every step, request and line is printed: for looking into one seed.
pub(super) fn is_traced() -> bool {
    std::env::var_os("E2E_CAMPAIGN_TRACE").is_some()
}
