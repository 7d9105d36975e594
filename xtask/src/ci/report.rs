//! The table at the end of `cargo xtask ci`.

use std::fmt;
use std::time::Duration;

use crate::shell::Verdict;

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// What it checks holds.
    Passed,
    /// What it checks does not hold, or could not be checked.
    Failed,
    /// It was not run.
    Skipped {
        /// The step it needs, which did not pass.
        because_of: &'static str,
    },
    /// It cannot be run on this machine, which may be so.
    NotRun {
        /// What is missing.
        reason: &'static str,
    },
}

impl From<Verdict> for Outcome {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Passed => Self::Passed,
            Verdict::Failed => Self::Failed,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed => f.write_str("passed"),
            Self::Failed => f.write_str("FAILED"),
            Self::Skipped { because_of } => write!(f, "skipped, needs {because_of}"),
            Self::NotRun { reason } => write!(f, "NOT RUN: {reason}"),
        }
    }
}

/// One step in the table.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// The step's name.
    pub(crate) name: &'static str,
    /// How it ended.
    pub(crate) outcome: Outcome,
    /// How long that took.
    pub(crate) took: Duration,
}

/// All steps with time and outcome, and the time of all together.
pub(crate) fn table(lines: &[Line]) -> String {
    let total: Duration = lines.iter().map(|line| line.took).sum();
    let row = |name: &str, took: Duration, outcome: &str| {
        format!("{name:<10}{:>8.1} s  {outcome}", took.as_secs_f64()).trim_end().to_owned()
    };
    let rows = lines.iter().map(|line| row(line.name, line.took, &line.outcome.to_string()));
    rows.chain([row("total", total, "")]).collect::<Vec<_>>().join("\n")
}

/// The steps that failed. A skipped step is not among them: the one it needs is.
pub(crate) fn failed(lines: &[Line]) -> Vec<&'static str> {
    lines.iter().filter(|line| line.outcome == Outcome::Failed).map(|line| line.name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> [Line; 4] {
        let line = |name, outcome, millis| Line { name, outcome, took: Duration::from_millis(millis) };
        [
            line("fmt", Outcome::Passed, 1_230),
            line("build", Outcome::Failed, 100_000),
            line("test", Outcome::Skipped { because_of: "build" }, 0),
            line("fuzz", Outcome::NotRun { reason: "no compiler" }, 0),
        ]
    }

    #[test]
    fn every_step_has_a_row_with_its_time_and_outcome() {
        let expected = "\
fmt            1.2 s  passed
build        100.0 s  FAILED
test           0.0 s  skipped, needs build
fuzz           0.0 s  NOT RUN: no compiler
total        101.2 s";
        assert_eq!(table(&lines()), expected);
    }

    #[test]
    fn only_failed_steps_are_listed() {
        assert_eq!(failed(&lines()), ["build"]);
    }
}
