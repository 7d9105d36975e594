//! What a document names must exist.
//!
//! Looked at are Markdown files, outside of their code blocks:
//! - the target of a link is a path if it is relative; it is read from the document, as a browser would;
//! - a code span is a path if it is made like one and its first part is there, at the root or beside the document;
//!   it is read from either. So `application/json` or `auth-client/http` are not paths.

use super::finding::Finding;
use super::tree::Tree;

/// Looks up every path that a document names.
pub(crate) fn check(document: &str, text: &str, tree: &Tree) -> Vec<Finding> {
    if !document.ends_with(".md") {
        return Vec::new();
    }
    let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut findings = Vec::new();
    let mut fence: Option<&str> = None;

    for (line, number) in text.lines().zip(1..) {
        let mark = ["```", "~~~"].into_iter().find(|mark| line.trim_start().starts_with(mark));
        match (fence, mark) {
            (None, Some(_)) => fence = mark,
            (Some(open), Some(mark)) if open == mark => fence = None,
            (Some(_), _) => {}
            (None, None) => {
                let (spans, rest) = split_code(line);
                let dead_spans = spans.into_iter().filter_map(path_in_span).filter(|path| {
                    let places: Vec<_> =
                        ["", folder].iter().filter_map(|place| resolve(place, path)).collect();
                    let known = ["", folder].iter().any(|place| starts_in(place, path, tree));
                    known && !places.iter().any(|place| tree.has(place))
                });
                let targets = link_targets(&rest);
                let dead_targets = targets
                    .iter()
                    .filter_map(|target| path_in_link(target))
                    .filter(|path| !resolve(folder, path).is_some_and(|place| tree.has(&place)));
                for path in dead_spans.chain(dead_targets) {
                    findings.push(
                        Finding::error(document, format!("names `{path}`, which is not there")).at(number),
                    );
                }
            }
        }
    }
    findings
}

/// The code spans of a line, and the line without them.
fn split_code(line: &str) -> (Vec<&str>, String) {
    let (mut spans, mut rest) = (Vec::new(), String::new());
    let mut left = line;
    while let Some(start) = left.find('`') {
        let ticks = left[start..].bytes().take_while(|byte| *byte == b'`').count();
        let inside = &left[start + ticks..];
        let Some(end) = inside.find(&"`".repeat(ticks)) else { break };
        rest.push_str(&left[..start]);
        spans.push(inside[..end].trim());
        left = &inside[end + ticks..];
    }
    rest.push_str(left);
    (spans, rest)
}

/// `[text](target "title")` and `[text]: target`.
fn link_targets(line: &str) -> Vec<String> {
    let inline = line.match_indices("](").filter_map(|(at, opening)| {
        let target = line[at + opening.len()..].split(')').next()?;
        target.split_whitespace().next()
    });
    let definition = line.trim_start().strip_prefix('[').and_then(|line| line.split_once("]: "));
    let definition = definition.and_then(|(_, target)| target.split_whitespace().next());
    inline.chain(definition).map(|target| target.trim_matches(['<', '>']).to_owned()).collect()
}

/// The path that a code span is, if it is made like one.
fn path_in_span(span: &str) -> Option<&str> {
    let span = span.split('#').next().unwrap_or_default();
    // `src/lib.rs:12` is a path with a line.
    let path = match span.rsplit_once(':') {
        Some((path, line)) if !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit()) => path,
        _ => span,
    };
    let is_made_like_one = path.chars().all(|c| c.is_alphanumeric() || "._-+@/".contains(c));
    let is_relative = !path.starts_with(['/', '-', '@']) && !path.contains("...") && !path.contains("//");
    (is_made_like_one && is_relative && !path.is_empty()).then_some(path)
}

/// The path that a link leads to, if it stays in the repository and is not the name of a Rust item.
fn path_in_link(target: &str) -> Option<&str> {
    let path = target.split(['#', '?']).next().unwrap_or_default();
    let leads_elsewhere =
        path.starts_with(['/', '~', '$', '<']) || path.contains(':') || path.contains(['<', '{']);
    (!path.is_empty() && !leads_elsewhere).then_some(path)
}

/// Whether the first part of the path is something in this folder.
fn starts_in(folder: &str, path: &str, tree: &Tree) -> bool {
    let first = path.trim_start_matches("./").split('/').next().unwrap_or_default();
    !matches!(first, "" | "." | "..") && resolve(folder, first).is_some_and(|place| tree.has(&place))
}

/// The path from the root, or nothing if it leads out of the repository.
fn resolve(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(document: &str, text: &str) -> Vec<String> {
        let tree = Tree::of([
            "Cargo.toml",
            "README.md",
            "docs/adr/0001-steps.md",
            "crates/auth-core/README.md",
            "crates/auth-core/src/lib.rs",
            "xtask/src/main.rs",
        ]);
        check(document, text, &tree).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_there_passes() {
        let text = "`crates/auth-core/src/lib.rs:12`, `xtask/`, [a](./docs/adr/0001-steps.md#why \"t\"), `Cargo.toml`
                    [b]: crates/auth-core";
        assert!(found("README.md", text).is_empty());
        let text =
            "`src/lib.rs`, `crates/auth-core`, [up](../../README.md), [`Step`](crate::Step), [a](#anchor)";
        assert!(found("crates/auth-core/README.md", text).is_empty());
    }

    #[test]
    fn what_is_not_there_is_found_with_its_line() {
        let found_in_root = found("README.md", "\nsee `crates/auth-gone/src`\n");
        assert_eq!(found_in_root, ["README.md:2: names `crates/auth-gone/src`, which is not there"]);
        assert_eq!(found("README.md", "[a](docs/gone.md) and `docs/adr/0002-x.md`").len(), 2);
        assert_eq!(found("README.md", "[a]: gone.md").len(), 1);
        assert_eq!(found("crates/auth-core/README.md", "`src/gone.rs`").len(), 1);
    }

    #[test]
    fn a_link_is_read_from_the_document_and_not_out_of_the_repository() {
        assert_eq!(found("docs/adr/0001-steps.md", "[a](README.md)").len(), 1);
        assert_eq!(found("README.md", "[a](../README.md)").len(), 1);
    }

    #[test]
    fn what_is_not_a_path_is_left_alone() {
        let text = "`application/json` `auth-client/http` `/signin/wizard` `~/.config/x` `$HOME/x` `cargo xtask gone`
                    `crates/*/README.md` `crates/<name>/src` `docs/...` `xtask::gone` `POST /x` `signin` `--all`
                    [a](https://host.example/docs/gone.md) [b](mailto:a@b.example) [c](<docs/adr/0001-steps.md>)";
        assert!(found("README.md", text).is_empty());
    }

    #[test]
    fn code_blocks_and_other_files_are_not_read() {
        assert!(found("README.md", "```sh\ncat `docs/gone.md`\n~~~\n[a](gone.md)\n```\n").is_empty());
        assert_eq!(found("README.md", "```\n```\n`docs/gone.md`").len(), 1);
        assert!(found("xtask/src/main.rs", "//! `docs/gone.md`").is_empty());
    }
}
