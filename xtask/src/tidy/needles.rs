//! Words that must not be left behind: unfinished code, tests that do not run, paths of somebody's machine.
//!
//! Each needle is put together from two halves, so that this file does not hold what it looks for.

use super::finding::Finding;

/// Code that is not done, or tests that are not run. Documents may talk about these.
const IN_CODE: &[(&str, &str)] = &[
    (concat!("#[", "ignore"), "a test that does not run"),
    (concat!("to", "do!("), "unfinished code"),
    (concat!("un", "implemented!("), "unfinished code"),
    (concat!("FIX", "ME"), "unfinished work"),
    (concat!("db", "g!("), "output for debugging"),
];

/// Folders of one machine. No text of ours needs them.
const MACHINE_PATHS: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/")];

/// Looks through every line of a text.
pub(crate) fn check(path: &str, text: &str) -> Vec<Finding> {
    let is_document = path.ends_with(".md");
    let mut findings = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        let mut complain = |what: String| findings.push(Finding::error(path, what).at(number));
        for (needle, what) in IN_CODE.iter().filter(|(needle, _)| !is_document && line.contains(needle)) {
            complain(format!("`{needle}`: {what}"));
        }
        for needle in MACHINE_PATHS.iter().filter(|needle| begins_a_path(line, needle)) {
            complain(format!("`{needle}`: a path of one machine"));
        }
    }
    findings
}

/// Whether the needle is there as the start of a path, not in the middle of a longer one or of a URL.
fn begins_a_path(line: &str, needle: &str) -> bool {
    let continues = |c: char| c.is_alphanumeric() || "._-~*})>]".contains(c);
    line.match_indices(needle).any(|(at, _)| !line[..at].ends_with(continues))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_needle_is_found_with_its_line() {
        for (needle, what) in IN_CODE {
            let found = check("src/a.rs", &format!("fn a() {{\n    {needle}\n}}\n"));
            assert_eq!(found, [Finding::error("src/a.rs", format!("`{needle}`: {what}")).at(2)]);
        }
        for needle in MACHINE_PATHS {
            assert_eq!(check("docs/a.md", &format!("see \"{needle}x\"")).len(), 1, "{needle}");
            assert_eq!(check("a.toml", &format!("{needle}x")).len(), 1, "{needle}");
        }
    }

    #[test]
    fn documents_may_talk_about_unfinished_code() {
        for (needle, _) in IN_CODE {
            assert!(check("CONTRIBUTING.md", &format!("No `{needle}` stays.")).is_empty(), "{needle}");
        }
    }

    #[test]
    fn a_longer_path_or_a_url_is_not_a_machine_path() {
        for needle in MACHINE_PATHS {
            for before in ["https://host.example", "target", "..", "~", "{base}"] {
                assert!(check("a.rs", &format!("\"{before}{needle}x\"")).is_empty(), "{before}{needle}");
            }
        }
    }

    #[test]
    fn this_file_does_not_hold_what_it_looks_for() {
        assert!(check("needles.rs", include_str!("needles.rs")).is_empty());
    }
}
