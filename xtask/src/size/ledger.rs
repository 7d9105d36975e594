//! `benches/size.tsv`: how large the library was, a line for each flavour and measurement, with the reason for growth.
//!
//! Bytes are only compared with those for the same target. The toolchain is pinned and the profile and the lock file are in
//! the repository, so two machines differ by less than what counts as growth. A newer toolchain may well make the library
//! grow; then that is the reason of the next line.

use std::fmt;

/// What the columns are called, in the first line of the file.
const HEADER: &str = "date\tflavour\tbytes\tfloor\ttarget\twhy";

/// Growth by more than so many parts in a hundred needs a reason.
const PERCENT: u64 = 2;

/// One measurement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// `2026-01-31`, UTC.
    pub(crate) date: String,
    pub(crate) flavour: String,
    /// The stripped library.
    pub(crate) bytes: u64,
    /// The smallest library of its kind, built with it.
    pub(crate) floor: u64,
    /// The target triple that both were built for.
    pub(crate) target: String,
    /// Why it may have grown.
    pub(crate) why: Option<String>,
}

/// All measurements, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Ledger(Vec<Line>);

/// The library has grown, and nobody says why.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unexplained {
    pub(crate) flavour: String,
    pub(crate) bytes: u64,
    /// What it is compared with.
    pub(crate) before: u64,
}

impl Ledger {
    /// Reads the file; the error names the line that cannot be read.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut lines = text.lines().zip(1..);
        if lines.next().is_none_or(|(header, _)| header != HEADER) {
            return Err("line 1 is not the header".to_owned());
        }
        let lines =
            lines.map(|(line, number)| Line::parse(line).ok_or(format!("line {number} cannot be read")));
        Ok(Self(lines.collect::<Result<_, _>>()?))
    }

    /// What a measurement is compared with: the smallest since the last one with a reason, so that growth in many small
    /// steps needs a reason as well. Nothing if there is none for this flavour and target.
    pub(crate) fn base(&self, flavour: &str, target: &str) -> Option<u64> {
        let mut base: Option<u64> = None;
        for line in self.0.iter().filter(|line| line.flavour == flavour && line.target == target) {
            base = Some(match base {
                Some(base) if line.why.is_none() => base.min(line.bytes),
                _ => line.bytes,
            });
        }
        base
    }

    /// Whether there is something to compare with.
    pub(crate) fn knows(&self, target: &str) -> bool {
        self.0.iter().any(|line| line.target == target)
    }

    /// Compares a measurement with the ledger.
    pub(crate) fn compare(&self, flavour: &str, target: &str, bytes: u64) -> Result<(), Unexplained> {
        match self.base(flavour, target) {
            Some(before) if bytes * 100 > before * (100 + PERCENT) => {
                Err(Unexplained { flavour: flavour.to_owned(), bytes, before })
            }
            _ => Ok(()),
        }
    }

    /// Adds a measurement, unless it says nothing new; growth needs a reason.
    pub(crate) fn add(&mut self, line: Line) -> Result<(), Unexplained> {
        if line.why.is_none() {
            self.compare(&line.flavour, &line.target, line.bytes)?;
            let same = |other: &&Line| other.flavour == line.flavour && other.target == line.target;
            let last = self.0.iter().rev().find(same);
            if last.is_some_and(|last| (last.bytes, last.floor) == (line.bytes, line.floor)) {
                return Ok(());
            }
        }
        self.0.push(line);
        Ok(())
    }
}

impl Line {
    fn parse(line: &str) -> Option<Self> {
        let columns: Vec<_> = line.split('\t').collect();
        let [date, flavour, bytes, floor, target, why] = columns[..] else { return None };
        Some(Self {
            date: date.to_owned(),
            flavour: flavour.to_owned(),
            bytes: bytes.parse().ok()?,
            floor: floor.parse().ok()?,
            target: target.to_owned(),
            why: (!why.is_empty()).then(|| why.to_owned()),
        })
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        for Line { date, flavour, bytes, floor, target, why } in &self.0 {
            writeln!(
                f,
                "{date}\t{flavour}\t{bytes}\t{floor}\t{target}\t{}",
                why.as_deref().unwrap_or_default()
            )?;
        }
        Ok(())
    }
}

impl fmt::Display for Unexplained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { flavour, bytes, before } = self;
        let percent = (*bytes as f64 / *before as f64 - 1.0) * 100.0;
        write!(
            f,
            "{flavour}: {bytes} bytes are {percent:.1} % more than {before}, without a reason in benches/size.tsv"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell;

    fn line(bytes: u64, why: Option<&str>) -> Line {
        Line {
            date: "2026-01-31".into(),
            flavour: "platform".into(),
            bytes,
            floor: 100,
            target: "a-b-c".into(),
            why: why.map(str::to_owned),
        }
    }

    fn ledger(lines: &[(u64, Option<&str>)]) -> Ledger {
        Ledger(lines.iter().map(|(bytes, why)| line(*bytes, *why)).collect())
    }

    #[test]
    fn what_is_written_is_read_again() {
        let text = "date\tflavour\tbytes\tfloor\ttarget\twhy\n2026-01-31\tplatform\t1000\t100\ta-b-c\t\n\
                    2026-01-31\tplatform\t2000\t100\ta-b-c\ta second host\n";
        assert_eq!(ledger(&[(1000, None), (2000, Some("a second host"))]).to_string(), text);
        assert_eq!(Ledger::parse(text).unwrap().to_string(), text);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        assert_eq!(Ledger::parse("").unwrap_err(), "line 1 is not the header");
        let good = ledger(&[(1000, None)]).to_string();
        for bad in ["2026-01-31\tplatform\t1000\t100\ta-b-c", "2026-01-31\tplatform\tx\t100\ta-b-c\t"] {
            assert_eq!(Ledger::parse(&format!("{good}{bad}\n")).unwrap_err(), "line 3 cannot be read");
        }
    }

    #[test]
    fn growth_needs_a_reason() {
        let mut ledger = ledger(&[(1000, None)]);
        let grown = Unexplained { flavour: "platform".into(), bytes: 1021, before: 1000 };
        assert_eq!(ledger.compare("platform", "a-b-c", 1021), Err(grown));
        assert_eq!(ledger.compare("platform", "a-b-c", 1020), Ok(()));
        assert!(ledger.add(line(1021, None)).is_err());
        assert_eq!(ledger.0.len(), 1);

        ledger.add(line(1021, Some("a second host"))).unwrap();
        assert_eq!(ledger.compare("platform", "a-b-c", 1041), Ok(()));
        assert!(ledger.compare("platform", "a-b-c", 1042).is_err());
    }

    #[test]
    fn growth_in_small_steps_needs_a_reason_too() {
        let mut ledger = ledger(&[(1000, Some("a reason")), (900, None)]);
        ledger.add(line(915, None)).unwrap();
        assert!(ledger.add(line(930, None)).is_err(), "more than 2 % over 900");
        ledger.add(line(930, Some("another"))).unwrap();
        ledger.add(line(945, None)).unwrap();
    }

    #[test]
    fn flavours_and_targets_are_compared_with_themselves() {
        let ledger = ledger(&[(1000, None)]);
        assert!(ledger.compare("bundled", "a-b-c", 9000).is_ok());
        assert!(ledger.compare("platform", "x-y-z", 9000).is_ok());
        assert!(ledger.knows("a-b-c") && !ledger.knows("x-y-z"));
    }

    #[test]
    fn what_says_nothing_new_is_not_added() {
        let mut ledger = ledger(&[(1000, None)]);
        ledger.add(line(1000, None)).unwrap();
        assert_eq!(ledger.0.len(), 1);
        ledger.add(Line { floor: 99, ..line(1000, None) }).unwrap();
        ledger.add(line(1000, Some("a newer toolchain"))).unwrap();
        assert_eq!(ledger.0.len(), 3);
    }

    #[test]
    fn unexplained_growth_is_one_line() {
        let grown = Unexplained { flavour: "platform".into(), bytes: 1050, before: 1000 };
        let line = "platform: 1050 bytes are 5.0 % more than 1000, without a reason in benches/size.tsv";
        assert_eq!(grown.to_string(), line);
    }

    #[test]
    fn the_ledger_of_the_repository_explains_all_growth() {
        let text = std::fs::read_to_string(shell::root().join("benches/size.tsv")).unwrap();
        let mut ledger = Ledger::default();
        for line in Ledger::parse(&text).unwrap().0 {
            ledger.add(line).unwrap();
        }
        for flavour in ["platform", "bundled"] {
            assert!(ledger.0.iter().any(|line| line.flavour == flavour), "{flavour}");
        }
    }
}
