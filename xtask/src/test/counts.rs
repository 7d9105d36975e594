//! Adding up the tests of all binaries from what they print.

use std::fmt;

/// How many tests ended which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Tests that passed.
    pub(crate) passed: u64,
    /// Tests that failed; a test binary that died before its result counts as one.
    pub(crate) failed: u64,
    /// Tests that were not run because they are marked so.
    pub(crate) skipped: u64,
}

impl Counts {
    /// Takes another suite's tests in.
    pub(crate) fn add(&mut self, more: Self) {
        self.passed += more.passed;
        self.failed += more.failed;
        self.skipped += more.skipped;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

/// Reads the output of `cargo test` one line after the other.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    counts: Counts,
    /// A binary has said how many tests it runs and has not given its result yet.
    running: bool,
}

impl Tally {
    /// Takes in one line.
    pub(crate) fn line(&mut self, line: &str) {
        let line = line.trim_end();
        if announces_tests(line) {
            self.close();
            self.running = true;
        } else if let Some(counts) = result(line) {
            self.running = false;
            self.counts.passed += counts.passed;
            self.counts.failed += counts.failed;
            self.counts.skipped += counts.skipped;
        }
    }

    /// The counts when the output has ended.
    pub(crate) fn finish(mut self) -> Counts {
        self.close();
        self.counts
    }

    fn close(&mut self) {
        if std::mem::take(&mut self.running) {
            self.counts.failed += 1;
        }
    }
}

/// `running 12 tests`
fn announces_tests(line: &str) -> bool {
    let mut words = line.split(' ');
    words.next() == Some("running")
        && words.next().is_some_and(|number| number.parse::<u64>().is_ok())
        && matches!(words.next(), Some("test" | "tests"))
        && words.next().is_none()
}

/// `test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s`
fn result(line: &str) -> Option<Counts> {
    let (_, numbers) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let mut counts = Counts::default();
    for part in numbers.split(';') {
        let Some((number, what)) = part.trim().split_once(' ') else { continue };
        let field = match what {
            "passed" => &mut counts.passed,
            "failed" => &mut counts.failed,
            "ignored" => &mut counts.skipped,
            _ => continue,
        };
        *field = number.parse().ok()?;
    }
    Some(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(output: &str) -> String {
        let mut tally = Tally::default();
        output.lines().for_each(|line| tally.line(line));
        tally.finish().to_string()
    }

    #[test]
    fn binaries_add_up() {
        let output = "
running 2 tests
test a ... ok
test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out; finished in 0.01s

running 3 tests
test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s
   Doc-tests auth_core
running 1 test
test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
";
        assert_eq!(count(output), "4 passed, 2 failed");
    }

    #[test]
    fn skipped_tests_are_named_only_if_there_are_any() {
        let output = "test result: ok. 2 passed; 0 failed; 4 ignored; 0 measured; 0 filtered out";
        assert_eq!(count(output), "2 passed, 0 failed, 4 skipped");
        assert_eq!(count(""), "0 passed, 0 failed");
    }

    #[test]
    fn a_binary_that_dies_counts_as_one_failure() {
        let result = "test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(
            count(&format!("running 5 tests\ntest a ... ok\nrunning 1 test\n{result}")),
            "1 passed, 1 failed"
        );
        assert_eq!(count(&format!("running 1 test\n{result}\nrunning 5 tests\n")), "1 passed, 1 failed");
    }

    #[test]
    fn what_a_test_says_is_not_a_result() {
        let output =
            "running 3 tests of endurance\n  test result: ok. 9 passed; 0 failed\ntest result: pending\n";
        assert_eq!(count(output), "0 passed, 0 failed");
    }
}
