//! The Kotlin suite: JUnit on this machine's JVM, by Maven.

use std::process::Command;

use super::{Built, Flavour, Suite, build, counted};
use crate::maven;
use crate::shell::{self, Failure};
use crate::test::Counts;

/// Runs the suite if there is a JDK.
pub(crate) fn run() -> Result<Suite, Failure> {
    if let Some(reason) = maven::what_is_missing() {
        return Ok(Suite::NotRun(reason));
    }
    let mut counts = Counts::default();
    for flavour in Flavour::BOTH {
        counts.add(run_flavour(flavour)?);
    }
    Ok(Suite::Ran(counts))
}

fn run_flavour(flavour: Flavour) -> Result<Counts, Failure> {
    let built = build(flavour)?;
    if flavour == Flavour::Bundled {
        // The host of the modules' tests. A build of its own, as an app's tests have it.
        shell::run(&mut shell::cargo(["build", "-p", "auth-sandbox-ffi"]))?;
    }
    let mut command = command(&built, flavour)?;
    command.args(flavour.only().map(|class| format!("-Dtest={class}")));
    let mut counts = Counts::default();
    let passed = counted(&mut command, |line| {
        if let Some(more) = result(line) {
            counts.add(more);
        }
    })?;
    if !passed {
        counts.failed = counts.failed.max(1);
    }
    Ok(counts)
}

/// The tests of this flavour, all of them unless told otherwise.
pub(super) fn command(built: &Built, flavour: Flavour) -> Result<Command, Failure> {
    let fixed = ["--batch-mode", "--no-transfer-progress", "-f", "bindings/kotlin/pom.xml", "verify"];
    let mut command = maven::command(fixed)?;
    if flavour == Flavour::Platform {
        // The other modules' tests need the client's own HTTP stack.
        command.args(["-pl", "core"]);
    }
    command.arg(format!("-Dnative.library.dir={}", built.library.display()));
    command.arg(format!("-Db2auth={}", built.b2auth.display()));
    command.arg(format!("-Dflavour={}", flavour.name()));
    Ok(command)
}

/// `[INFO] Tests run: 35, Failures: 0, Errors: 0, Skipped: 0`: of the whole module, not of a class, which has a time.
pub(super) fn result(line: &str) -> Option<Counts> {
    let (_, numbers) = line.split_once("Tests run: ")?;
    if numbers.contains("Time elapsed") {
        return None;
    }
    let mut numbers = numbers.split(',').map(|part| part.rsplit(' ').next()?.trim().parse::<u64>().ok());
    let mut next = || numbers.next().flatten();
    let (run, failures, errors, skipped) = (next()?, next()?, next()?, next()?);
    let failed = failures + errors;
    Some(Counts { passed: run.checked_sub(failed + skipped)?, failed, skipped })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_a_module_counts_and_that_of_a_class_does_not() {
        let counts = result("[ERROR] Tests run: 35, Failures: 1, Errors: 2, Skipped: 3").unwrap();
        assert_eq!((counts.passed, counts.failed, counts.skipped), (29, 3, 3));
        let class = "[INFO] Tests run: 5, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 1.2 s -- in a.B";
        for other in [class, "[INFO] Tests run: x", "[INFO] BUILD SUCCESS"] {
            assert!(result(other).is_none(), "{other}");
        }
    }
}
