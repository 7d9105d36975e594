//! `cargo xtask ci`: everything that has to hold before a change is merged. This is all that CI calls.

mod deny;
mod report;

use std::time::Instant;

use self::report::{Line, Outcome};
use crate::shell::{self, Failure, Verdict};
use crate::test::{self, Counts};
use crate::{bindings, demo, tidy};

/// One thing that is checked.
struct Step {
    name: &'static str,
    /// The step without which this one can only repeat the same errors.
    needs: Option<&'static str>,
    run: fn(&mut Found) -> Result<Verdict, Failure>,
}

/// What steps leave for the end of the output.
#[derive(Debug, Default)]
struct Found {
    counts: Option<Counts>,
}

/// All steps, in their order: what is quick first, then what is built on the build.
const STEPS: &[Step] = &[
    Step { name: "fmt", needs: None, run: |_| cargo(&["fmt", "--all", "--check"]) },
    Step {
        name: "build",
        needs: None,
        run: |_| cargo(&["build", "--workspace", "--exclude", "uniffi-bindgen", "--all-targets"]),
    },
    Step {
        name: "clippy",
        needs: Some("build"),
        run: |_| clippy(&["--workspace", "--exclude", "uniffi-bindgen", "--all-targets"]),
    },
    Step { name: "tidy", needs: None, run: |_| tidy::run() },
    Step { name: "deny", needs: None, run: |_| deny::run() },
    Step { name: "features", needs: Some("build"), run: |_| features() },
    Step { name: "docs", needs: Some("build"), run: |_| docs() },
    Step { name: "bindings", needs: Some("build"), run: |_| bindings::run(true) },
    Step { name: "test", needs: Some("build"), run: tests },
    Step { name: "demo", needs: Some("build"), run: |_| demo::run(&[]) },
];

/// Runs all steps, also after one has failed, and says at the end how each went.
pub(crate) fn run() -> Result<Verdict, Failure> {
    let mut found = Found::default();
    let mut lines: Vec<Line> = Vec::new();
    for step in STEPS {
        eprintln!("\n== {}", step.name);
        let start = Instant::now();
        let blocked = step.needs.filter(|needed| !passed(&lines, needed));
        let outcome = match blocked {
            Some(needed) => Outcome::Skipped { because_of: needed },
            None => outcome((step.run)(&mut found)),
        };
        lines.push(Line { name: step.name, outcome, took: start.elapsed() });
    }

    println!("\n{}", report::table(&lines));
    let failed = report::failed(&lines);
    if !failed.is_empty() {
        println!("failed steps: {}", failed.join(", "));
    }
    // The last line, where people and machines look for it.
    if let Some(counts) = found.counts {
        println!("{counts}");
    }
    Ok(if failed.is_empty() { Verdict::Passed } else { Verdict::Failed })
}

fn passed(lines: &[Line], name: &str) -> bool {
    lines.iter().any(|line| line.name == name && line.outcome == Outcome::Passed)
}

fn outcome(result: Result<Verdict, Failure>) -> Outcome {
    match result {
        Ok(Verdict::Passed) => Outcome::Passed,
        Ok(Verdict::Failed) => Outcome::Failed,
        Err(failure) => {
            crate::report(&failure);
            Outcome::Failed
        }
    }
}

fn cargo(args: &[&str]) -> Result<Verdict, Failure> {
    shell::run(&mut shell::cargo(args))?;
    Ok(Verdict::Passed)
}

fn clippy(selection: &[&str]) -> Result<Verdict, Failure> {
    cargo(&[&["clippy"], selection, &["--", "-D", "warnings"]].concat())
}

/// The client must also be of use to who brings their own transport or store, and the library has two flavours.
fn features() -> Result<Verdict, Failure> {
    for more in [&[][..], &["--features", "http"], &["--features", "file-store"]] {
        clippy(&[&["-p", "auth-client", "--no-default-features"], more].concat())?;
    }
    clippy(&["-p", "auth-ffi", "--no-default-features"])?;
    Ok(Verdict::Passed)
}

fn docs() -> Result<Verdict, Failure> {
    shell::run(
        shell::cargo(["doc", "--workspace", "--exclude", "uniffi-bindgen", "--no-deps"])
            .env("RUSTDOCFLAGS", "-Dwarnings"),
    )?;
    Ok(Verdict::Passed)
}

fn tests(found: &mut Found) -> Result<Verdict, Failure> {
    let run = test::run(&[])?;
    found.counts = Some(run.counts);
    if run.not_run.is_empty() {
        return Ok(run.verdict);
    }
    // A contributor's machine may lack a toolchain; the one that decides may not.
    Err(Failure::new(format!("these tests did not run: {}", run.not_run.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_needs_only_one_that_comes_before_it() {
        for (at, step) in STEPS.iter().enumerate() {
            let before = |needed| STEPS[..at].iter().any(|other| other.name == needed);
            assert!(step.needs.is_none_or(before), "{}", step.name);
        }
    }

    #[test]
    fn a_failed_or_skipped_step_is_not_a_passed_one() {
        let line = |name, outcome| Line { name, outcome, took: Default::default() };
        let lines = [
            line("a", Outcome::Passed),
            line("b", Outcome::Failed),
            line("c", Outcome::Skipped { because_of: "b" }),
        ];
        assert!(passed(&lines, "a"));
        assert!(!passed(&lines, "b") && !passed(&lines, "c") && !passed(&lines, "d"));
    }
}
