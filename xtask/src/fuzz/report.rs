//! What libFuzzer said, in a line for each target.

/// What came of a target.
pub(super) struct Line {
    name: &'static str,
    executions: Option<u64>,
    /// StorePaths in the code that were reached.
    coverage: Option<u64>,
    /// Where the input lies that broke a rule.
    crash: Option<String>,
    ended_well: bool,
}

impl Line {
    /// Reads libFuzzer's output.
    pub(super) fn read(name: &'static str, server_message: &str, ended_well: bool) -> Self {
        let after = |mark: &str| {
            server_message.lines().rev().find_map(|line| line.split_once(mark)).map(|(_, rest)| rest)
        };
        let number = |mark: &str| after(mark)?.split_whitespace().next()?.parse().ok();
        Self {
            name,
            executions: number("stat::number_of_executed_units:"),
            coverage: number(" cov: "),
            crash: after("Test unit written to ").map(|path| path.trim().to_owned()),
            ended_well,
        }
    }

    /// True if every rule held.
    pub(super) fn is_clean(&self) -> bool {
        self.ended_well && self.crash.is_none()
    }
}

/// A row for each target.
pub(super) fn table(lines: &[Line]) -> String {
    let number = |number: Option<u64>| number.map_or_else(|| "?".to_owned(), |number| number.to_string());
    let row = |line: &Line| {
        let result = match (&line.crash, line.ended_well) {
            (Some(path), _) => format!("FAILED, on the input {path}"),
            (None, true) => "clean".to_owned(),
            (None, false) => "FAILED".to_owned(),
        };
        let (executions, coverage) = (number(line.executions), number(line.coverage));
        format!("{:<12}{executions:>12} runs{coverage:>9} places  {result}", line.name)
    };
    lines.iter().map(row).collect::<Vec<_>>().join("\n")
}

/// The part of the output that says what went wrong, without the log of what was tried.
pub(super) fn why(server_message: &str) -> String {
    let lines: Vec<&str> = server_message.lines().filter(|line| !line.starts_with('#')).collect();
    let from = lines.iter().position(|line| line.contains("panicked at") || line.contains("ERROR:"));
    let from = from.unwrap_or_else(|| lines.len().saturating_sub(40));
    lines[from..].iter().take(60).copied().collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLEAN: &str = "\
#31	INITED cov: 100 ft: 200 corp: 1/1b exec/s: 0 rss: 30Mb
#9274	DONE   cov: 4635 ft: 15409 corp: 691/219Kb lim: 1478 exec/s: 1030 rss: 35Mb
stat::number_of_executed_units: 9274
stat::peak_rss_mb:              35
";
    const CRASHED: &str = "\
#31	INITED cov: 100 ft: 200 corp: 1/1b exec/s: 0 rss: 30Mb
thread '<unnamed>' panicked at src/host.rs:1:1:
not good
artifact_prefix='crashes/'; Test unit written to crashes/crash-1
stat::number_of_executed_units: 32
";

    #[test]
    fn a_clean_run_tells_its_numbers() {
        let line = Line::read("sign_in", CLEAN, true);
        assert!(line.is_clean());
        assert_eq!(table(&[line]), "sign_in             9274 runs     4635 places  clean");
    }

    #[test]
    fn a_crash_names_its_input_and_its_reason() {
        let line = Line::read("host", CRASHED, false);
        assert!(!line.is_clean());
        assert_eq!(
            table(&[line]),
            "host                  32 runs      100 places  FAILED, on the input crashes/crash-1"
        );
        assert!(why(CRASHED).starts_with("thread '<unnamed>' panicked at src/host.rs:1:1:\nnot good\n"));
    }

    #[test]
    fn an_end_without_a_word_is_no_clean_one() {
        let line = Line::read("host", "", false);
        assert!(!line.is_clean());
        assert_eq!(table(&[line]), "host                   ? runs        ? places  FAILED");
    }
}
