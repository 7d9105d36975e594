//! A test that a document names must exist: `path/to/file.rs::name_of_the_test` in a code span.

use super::finding::Finding;
use super::tree::Tree;

/// Looks up every test that a Markdown file names.
pub(crate) fn check(
    document: &str,
    text: &str,
    tree: &Tree,
    read: impl Fn(&str) -> Option<String>,
) -> Vec<Finding> {
    if !document.ends_with(".md") {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        for (path, name) in line.split('`').skip(1).step_by(2).filter_map(test_in_span) {
            let is_there = tree.has(path) && read(path).is_some_and(|source| defines(&source, name));
            if !is_there {
                let what = format!("names the test `{path}::{name}`, which is not there");
                findings.push(Finding::error(document, what).at(number));
            }
        }
    }
    findings
}

/// A file of tests and the name of one of them.
fn test_in_span(span: &str) -> Option<(&str, &str)> {
    let (path, name) = span.split_once("::")?;
    let is_source = [".rs", ".kt", ".swift"].into_iter().any(|ending| path.ends_with(ending));
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    (is_source && is_name).then_some((path, name))
}

/// A function of this name, or an entry of a table that makes one.
fn defines(source: &str, name: &str) -> bool {
    let function = ["fn", "fun", "func"].map(|word| format!("{word} {name}("));
    let entry = format!("{name}: ");
    function.iter().any(|function| source.contains(function.as_str()))
        || source.lines().any(|line| line.trim_start().starts_with(&entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let tree = Tree::of(["tests/a.rs", "bindings/B.kt", "bindings/C.swift"]);
        let read = |path: &str| {
            let source = match path {
                "tests/a.rs" => "#[test]\nfn is_there() {}\ndoors! {\n    entry: Entry,\n}",
                "bindings/B.kt" => "@Test\nfun isThere() = test {}",
                _ => "func testIsThere() async throws {}",
            };
            Some(source.to_owned())
        };
        check("SECURITY.md", text, &tree, read).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn tests_that_are_there_pass_in_every_language() {
        let text = "`tests/a.rs::is_there`, `tests/a.rs::entry` (`bindings/B.kt::isThere`)\n`bindings/C.swift::testIsThere`";
        assert!(found(text).is_empty());
        assert!(found("`auth_client::Limits` and `tests/a.rs`").is_empty(), "not tests");
    }

    #[test]
    fn tests_that_are_gone_are_found_with_their_line() {
        let line = "SECURITY.md:2: names the test `tests/a.rs::is_gone`, which is not there";
        assert_eq!(found("\n`tests/a.rs::is_gone`"), [line]);
        assert_eq!(found("`tests/gone.rs::is_there` and `bindings/B.kt::isGone`").len(), 2);
        assert_eq!(found("`tests/a.rs::there`").len(), 1, "a part of a name is none");
    }
}
