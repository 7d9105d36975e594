//! A file that lists an API: an item a line, and each line tells by itself what it is about.

use std::collections::BTreeSet;

const HEADER: &str = "# A public API, one item a line. `cargo xtask api` writes this file.";

/// What one file is to say.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Listing {
    /// The file's name.
    pub(super) name: &'static str,
    lines: Vec<String>,
}

impl Listing {
    /// Keeps the order of the lines, which is the same in each run.
    pub(super) fn in_order(name: &'static str, lines: Vec<String>) -> Self {
        Self { name, lines }
    }

    /// Sorts the lines; each is there once.
    pub(super) fn sorted(name: &'static str, lines: impl IntoIterator<Item = String>) -> Self {
        Self { name, lines: lines.into_iter().collect::<BTreeSet<_>>().into_iter().collect() }
    }

    /// Whether nothing is listed.
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The file.
    pub(super) fn text(&self) -> String {
        let lines = std::iter::once(HEADER).chain(self.lines.iter().map(String::as_str));
        lines.flat_map(|line| [line, "\n"]).collect()
    }

    /// `- ` and a line that is in the file only, `+ ` and one that is listed only now. What is alike stands together.
    pub(super) fn differences(&self, kept: &str) -> Vec<String> {
        let listed = self.text();
        let (old, new): (BTreeSet<_>, BTreeSet<_>) = (kept.lines().collect(), listed.lines().collect());
        let mut differences: Vec<_> = old.difference(&new).map(|line| (*line, '-')).collect();
        differences.extend(new.difference(&old).map(|line| (*line, '+')));
        differences.sort_unstable();
        let differences: Vec<_> =
            differences.into_iter().map(|(line, sign)| format!("{sign} {line}")).collect();
        if differences.is_empty() && kept != listed {
            return vec!["the same lines in another order".into()];
        }
        differences
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(lines: &[&str]) -> Listing {
        Listing::in_order("a.txt", lines.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_file_is_a_header_and_a_line_each() {
        assert_eq!(listing(&["b", "a"]).text(), format!("{HEADER}\nb\na\n"));
        let sorted = Listing::sorted("a.txt", ["b", "a", "b"].map(String::from));
        assert_eq!(sorted, listing(&["a", "b"]));
        assert!(!sorted.is_empty() && listing(&[]).is_empty());
    }

    #[test]
    fn the_file_that_was_written_has_no_differences() {
        let listing = listing(&["b", "a"]);
        assert!(listing.differences(&listing.text()).is_empty());
    }

    #[test]
    fn a_changed_line_stands_beside_the_old_one() {
        let old = listing(&["a: fun x()", "a: fun y()", "b: fun z()"]).text();
        let new = listing(&["a: fun w()", "a: fun x(Int)", "a: fun y()"]);
        let expected = ["+ a: fun w()", "- a: fun x()", "+ a: fun x(Int)", "- b: fun z()"];
        assert_eq!(new.differences(&old), expected);
    }

    #[test]
    fn another_order_is_a_difference_too() {
        let old = listing(&["b", "a"]).text();
        assert_eq!(listing(&["a", "b"]).differences(&old), ["the same lines in another order"]);
    }
}
