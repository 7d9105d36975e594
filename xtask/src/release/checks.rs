//! Programs of others look at what was made.

mod bills;
mod debian;
mod provenance;

use super::plan::Plan;
use crate::shell::{Failure, Verdict};

/// One look: its name, and whether all holds. What cannot be looked at here is a failure that says what is missing.
type Check = (&'static str, fn(&Plan) -> Result<(), Failure>);

const ALL: [Check; 3] = [
    ("every bill of materials is strictly valid", bills::run),
    ("the provenance is a valid statement about every file", provenance::run),
    ("the Debian package installs in a fresh system, and its b2auth works", debian::run),
];

/// Runs all of them, also after one has failed.
pub(super) fn run(plan: &Plan) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::Passed;
    for (name, check) in ALL {
        eprintln!("\n== check: {name}");
        match check(plan) {
            Ok(()) => println!("ok: {name}"),
            Err(failure) => {
                println!("FAILED: {name}: {failure}");
                verdict = Verdict::Failed;
            }
        }
    }
    Ok(verdict)
}
