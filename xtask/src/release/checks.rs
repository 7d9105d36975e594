//! Programs of others look at what was made.

mod bills;
mod debian;
mod provenance;
mod semver;
mod traces;

use super::plan::Plan;
use crate::shell::{Failure, Verdict};

/// How a look ended that found nothing wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// All holds.
    Holds,
    /// It could not be looked at here, for this reason: that counts like a part that is missing.
    NotRun(String),
}

impl Look {
    fn not_run(reason: impl Into<String>) -> Result<Self, Failure> {
        Ok(Self::NotRun(reason.into()))
    }
}

/// One look: its name, and what it does. What does not hold is a failure.
pub(super) type Check = (&'static str, fn(&Plan) -> Result<Look, Failure>);

/// All of them.
pub(super) const ALL: &[Check] = &[
    ("no crate breaks who uses the last release", semver::run),
    ("no file names this machine", traces::run),
    ("every bill of materials is strictly valid", bills::run),
    ("the provenance is a valid statement about every file", provenance::run),
    ("the Debian package installs in a fresh system, and its b2auth works", debian::run),
];

/// Runs all of them, also after one has failed, and gives what was not run, a line each.
pub(super) fn run(plan: &Plan, checks: &[Check]) -> (Verdict, Vec<String>) {
    let (mut verdict, mut not_run) = (Verdict::Passed, Vec::new());
    for (name, check) in checks {
        eprintln!("\n== check: {name}");
        match check(plan) {
            Ok(Look::Holds) => println!("ok: {name}"),
            Ok(Look::NotRun(reason)) => not_run.push(format!("the check that {name}: {reason}")),
            Err(failure) => {
                println!("FAILED: {name}: {failure}");
                verdict = Verdict::Failed;
            }
        }
    }
    (verdict, not_run)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_compared_with_the_one_before() {
        assert!(ALL.iter().any(|(_, check)| std::ptr::fn_addr_eq(*check, semver::run as fn(&Plan) -> _)));
    }
}
