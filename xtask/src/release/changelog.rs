//! The changelog's section of a version, which is the text of its release.

use std::fs;

use crate::shell::{self, Failure};

const FILE: &str = "CHANGELOG.md";

/// The section `## VERSION - DATE`. For a trial, `## Unreleased` will do if there is none yet.
pub(super) fn section(version: &str, trial: bool) -> Result<String, Failure> {
    let text = fs::read_to_string(shell::root().join(FILE));
    let text = text.map_err(|cause| Failure::new(format!("{FILE}: {cause}")))?;
    if let Some(found) = named(&text, version) {
        return Ok(found);
    }
    let missing = format!("{FILE} has no section `## {version} - YYYY-MM-DD`");
    match named(&text, "Unreleased").filter(|_| trial) {
        Some(found) => {
            println!("{missing}: the one called Unreleased is taken for this trial");
            Ok(found)
        }
        None => Err(Failure::new(missing)),
    }
}

/// The lines below a heading of this name, with a date or not; nothing if there are none.
fn named(text: &str, name: &str) -> Option<String> {
    let is_heading = |line: &str| {
        let rest = line.strip_prefix("## ").and_then(|rest| rest.strip_prefix(name));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(" - "))
    };
    let mut lines = text.lines().skip_while(|line| !is_heading(line));
    lines.next()?;
    let section: Vec<_> = lines.take_while(|line| !line.starts_with("## ")).collect();
    let section = section.join("\n").trim().to_owned();
    (!section.is_empty()).then(|| section + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Changelog\n\n## Unreleased\n\n- new\n\n## 0.2.0 - 2026-01-02\n\n### Added\n\n- a\n\n## 0.2.0-rc\n## 0.1.0\n- b\n";

    #[test]
    fn a_section_ends_before_the_next_and_is_of_exactly_this_version() {
        assert_eq!(named(TEXT, "0.2.0").as_deref(), Some("### Added\n\n- a\n"));
        assert_eq!(named(TEXT, "0.1.0").as_deref(), Some("- b\n"));
        assert_eq!(named(TEXT, "Unreleased").as_deref(), Some("- new\n"));
        // There is nothing in it, and no such version.
        assert_eq!(named(TEXT, "0.2.0-rc"), None);
        assert_eq!(named(TEXT, "0.2"), None);
    }
}
