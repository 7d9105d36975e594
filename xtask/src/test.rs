//! `cargo xtask test`: sets up what the tests need, runs all of them, and ends with one line of counts.

mod counts;
mod setup;

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::Stdio;

pub(crate) use self::counts::Counts;
use crate::shell::{self, Failure, Verdict};

/// What a run of the tests came to.
#[derive(Debug)]
pub(crate) struct TestRun {
    /// The tests of all binaries together.
    pub(crate) counts: Counts,
    /// Passed only if cargo says so as well.
    pub(crate) verdict: Verdict,
}

/// Runs every test of the workspace, doc tests too, and shows the output as it comes.
pub(crate) fn run(filters: &[String]) -> Result<TestRun, Failure> {
    setup::run()?;

    let fixed = ["test", "--workspace", "--no-fail-fast"];
    let dashes = (!filters.is_empty()).then_some("--");
    let mut command = shell::cargo(fixed.into_iter().chain(dashes).chain(filters.iter().map(String::as_str)));
    command.stdout(Stdio::piped());
    shell::announce(&command);

    let mut child = command.spawn().map_err(|cause| shell::not_started(&command, &cause))?;
    let counts = match child.stdout.take() {
        Some(stdout) => stream(stdout, io::stdout().lock()),
        None => Ok(Counts::default()),
    };
    let status = child.wait().map_err(|cause| shell::not_started(&command, &cause))?;
    let mut counts =
        counts.map_err(|cause| Failure::new(format!("cannot pass the tests' output on: {cause}")))?;

    // The counts come last, so that they are easy to find; an error goes before them.
    let verdict = if status.success() && counts.failed == 0 { Verdict::Passed } else { Verdict::Failed };
    if verdict == Verdict::Failed {
        eprintln!("error: {}", shell::unsuccessful(&command, status));
        // What was not built has no tests to count, but "0 failed" would not be true.
        counts.failed = counts.failed.max(1);
    }
    println!("{counts}");
    Ok(TestRun { counts, verdict })
}

/// Copies the output line by line while counting.
fn stream(from: impl Read, mut to: impl Write) -> io::Result<Counts> {
    let mut from = BufReader::new(from);
    let mut tally = counts::Tally::default();
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line)? > 0 {
        to.write_all(&line)?;
        to.flush()?;
        tally.line(&String::from_utf8_lossy(&line));
        line.clear();
    }
    Ok(tally.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_passes_through_unchanged_and_is_counted() {
        let given =
            b"running 1 test\n\xff\n\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\nend";
        let mut shown = Vec::new();
        let counts = stream(&given[..], &mut shown).unwrap();
        assert_eq!(shown, given);
        assert_eq!(counts.to_string(), "1 passed, 0 failed");
    }
}
