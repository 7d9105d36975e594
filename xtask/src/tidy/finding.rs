//! What a rule has to say.

use std::fmt;

/// Whether a finding fails the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    /// The run fails.
    Error,
    /// It is only said.
    Warning,
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    path: String,
    line: Option<usize>,
    severity: Severity,
    what: String,
}

impl Finding {
    /// A finding that fails the run.
    pub(crate) fn error(path: impl Into<String>, what: impl Into<String>) -> Self {
        Self { path: path.into(), line: None, severity: Severity::Error, what: what.into() }
    }

    /// A finding that is only said.
    pub(crate) fn warning(path: impl Into<String>, what: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(path, what) }
    }

    /// The same finding at this line, counted from one.
    pub(crate) fn at(self, line: usize) -> Self {
        Self { line: Some(line), ..self }
    }

    /// Whether it fails the run.
    pub(crate) fn severity(&self) -> Severity {
        self.severity
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        let warning = if self.severity == Severity::Warning { "warning: " } else { "" };
        write!(f, ": {warning}{}", self.what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_one_line_that_starts_with_the_path() {
        assert_eq!(Finding::error("a/b.rs", "is odd").to_string(), "a/b.rs: is odd");
        assert_eq!(Finding::warning("a/b.rs", "is odd").at(7).to_string(), "a/b.rs:7: warning: is odd");
    }
}
