//! `cargo xtask test`: sets up what the tests need, runs all of them, and ends with one line of counts.

mod counts;
pub(crate) mod setup;
pub(crate) mod suites;

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::Stdio;

pub(crate) use self::counts::Counts;
pub(crate) use self::setup::npm;
use self::suites::Suite;
use crate::shell::{self, Failure, Verdict};

/// What a run of the tests came to.
#[derive(Debug)]
pub(crate) struct TestRun {
    /// The tests of all binaries together.
    pub(crate) counts: Counts,
    /// Passed only if cargo says so as well.
    pub(crate) verdict: Verdict,
    /// Suites that this machine lacks something for.
    pub(crate) not_run: Vec<&'static str>,
}

/// Runs every test: those of the workspace, doc tests too, and the suites of the bindings. With filters, only those of
/// the workspace that match. The counts come last, so that they are easy to find.
pub(crate) fn run(filters: &[String]) -> Result<Verdict, Failure> {
    let mut all = workspace(filters)?;
    if filters.is_empty() {
        all.add(suites()?);
    }
    if !all.not_run.is_empty() {
        println!("NOT RUN: {}", all.not_run.join(", "));
    }
    println!("{}", all.counts);
    Ok(all.verdict)
}

/// Runs only the program of `tests/outside`, with all sets of features.
pub(crate) fn outside() -> Result<Verdict, Failure> {
    only(suites::OUTSIDE)
}

/// Whose packages are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Packages {
    /// The Maven repository.
    Kotlin,
    /// The zips.
    Swift,
}

/// Packs the artefacts and runs only what looks at them and uses them.
pub(crate) fn packages(language: Option<Packages>) -> Result<Verdict, Failure> {
    match language {
        Some(Packages::Kotlin) => only(&[suites::PACKAGES]),
        Some(Packages::Swift) => only(&[suites::SWIFT_PACKAGES]),
        None => only(&[suites::PACKAGES, suites::SWIFT_PACKAGES]),
    }
}

/// Runs the Kotlin layer's own tests, and what looks at its packages.
pub(crate) fn kotlin() -> Result<Verdict, Failure> {
    only(&[("Kotlin", suites::kotlin::run), suites::PACKAGES])
}

fn only(suites: &[suites::Named]) -> Result<Verdict, Failure> {
    let run = run_suites(suites)?;
    println!("{}", run.counts);
    Ok(if run.not_run.is_empty() { run.verdict } else { Verdict::Failed })
}

/// Runs the suites outside of the workspace.
pub(crate) fn suites() -> Result<TestRun, Failure> {
    let mut all = run_suites(suites::OUTSIDE)?;
    all.add(run_suites(suites::LANGUAGES)?);
    Ok(all)
}

fn run_suites(suites: &[suites::Named]) -> Result<TestRun, Failure> {
    let mut all = TestRun { counts: Counts::default(), verdict: Verdict::Passed, not_run: Vec::new() };
    for (name, suite) in suites {
        eprintln!("\n== the {name} suite");
        match suite()? {
            Suite::Ran(counts) => {
                let verdict = if counts.failed == 0 { Verdict::Passed } else { Verdict::Failed };
                all.add(TestRun { counts, verdict, not_run: Vec::new() });
            }
            Suite::NotRun(reason) => {
                eprintln!("NOT RUN: the {name} suite: {reason}");
                all.not_run.push(*name);
            }
        }
    }
    Ok(all)
}

impl TestRun {
    fn add(&mut self, more: Self) {
        self.counts.add(more.counts);
        self.not_run.extend(more.not_run);
        if more.verdict == Verdict::Failed {
            self.verdict = Verdict::Failed;
        }
    }
}

/// Runs the tests that cargo knows, all but the generators', which are not ours, after setting up what they need.
pub(crate) fn workspace(filters: &[String]) -> Result<TestRun, Failure> {
    setup::run()?;
    let fixed = ["test", "--workspace", "--exclude", "uniffi-bindgen", "--no-fail-fast"];
    let dashes = (!filters.is_empty()).then_some("--");
    let mut command = shell::cargo(fixed.into_iter().chain(dashes).chain(filters.iter().map(String::as_str)));
    command.stdout(Stdio::piped());
    shell::announce(&command);

    let mut child = command.spawn().map_err(|cause| shell::not_started(&command, &cause))?;
    let mut tally = counts::Tally::default();
    let copied = match child.stdout.take() {
        Some(stdout) => stream(stdout, io::stdout().lock(), |line| tally.line(line)),
        None => Ok(()),
    };
    let status = child.wait().map_err(|cause| shell::not_started(&command, &cause))?;
    copied.map_err(|cause| Failure::new(format!("cannot pass the tests' output on: {cause}")))?;
    let mut counts = tally.finish();
    let verdict = if status.success() && counts.failed == 0 { Verdict::Passed } else { Verdict::Failed };
    if verdict == Verdict::Failed {
        eprintln!("error: {}", shell::unsuccessful(&command, status));
        // What was not built has no tests to count, but "0 failed" would not be true.
        counts.failed = counts.failed.max(1);
    }
    Ok(TestRun { counts, verdict, not_run: Vec::new() })
}

/// Copies the output line by line and shows each line to `see`.
fn stream(from: impl Read, mut to: impl Write, mut see: impl FnMut(&str)) -> io::Result<()> {
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line)? > 0 {
        to.write_all(&line)?;
        to.flush()?;
        see(&String::from_utf8_lossy(&line));
        line.clear();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_passes_through_unchanged_and_is_counted() {
        let given =
            b"running 1 test\n\xff\n\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\nend";
        let mut shown = Vec::new();
        let mut tally = counts::Tally::default();
        stream(&given[..], &mut shown, |line| tally.line(line)).unwrap();
        assert_eq!(shown, given);
        assert_eq!(tally.finish().to_string(), "1 passed, 0 failed");
    }
}
