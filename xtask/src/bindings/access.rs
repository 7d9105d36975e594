//! Who sees the generated Swift: the other modules of its package, and nobody else.
//!
//! uniffi makes all that it writes public, with initializers and handles that are for its own use and crash in other hands. An app
//! that imports our module would see them, so every `public` and `open` becomes `package`.

use std::fs;
use std::path::Path;

use super::{files, io_failure};
use crate::shell::Failure;

/// Rewrites the Swift files of a folder.
pub(super) fn keep_in_package(root: &Path, folder: &Path) -> Result<(), Failure> {
    for file in files(root, folder)? {
        let path = root.join(&file);
        if path.extension().is_none_or(|extension| extension != "swift") {
            continue;
        }
        let text = fs::read_to_string(&path).map_err(|cause| io_failure(&path, &cause))?;
        let rewritten = rewritten(&text);
        if rewritten == text {
            return Err(Failure::new(format!(
                "{}: declares nothing public, as was expected",
                path.display()
            )));
        }
        fs::write(&path, rewritten).map_err(|cause| io_failure(&path, &cause))?;
    }
    Ok(())
}

/// The text with other access, but with its comments as they are.
fn rewritten(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((code, comment)) = split_at_comment(rest) {
        result.push_str(&narrowed(code));
        let end = if comment.starts_with("//") {
            comment.find('\n')
        } else {
            comment.find("*/").map(|at| at + "*/".len())
        };
        let (comment, after) = comment.split_at(end.unwrap_or(comment.len()));
        result.push_str(comment);
        rest = after;
    }
    result + &narrowed(rest)
}

/// The code before the next comment, and what begins with that.
fn split_at_comment(text: &str) -> Option<(&str, &str)> {
    let starts = ["//", "/*"].into_iter().filter_map(|start| text.find(start));
    starts.min().map(|at| text.split_at(at))
}

/// Code with other access: `open` only in front of a declaration, since it is a name too.
fn narrowed(code: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut result = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(start) = rest.find(is_word) {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c| !is_word(c)).unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        let declares = ["class ", "func ", "var "].iter().any(|what| after.trim_start().starts_with(what));
        let is_access = word == "public" || (word == "open" && after.starts_with(' ') && declares);
        result.push_str(before);
        result.push_str(if is_access { "package" } else { word });
        rest = after;
    }
    result + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_for_the_package_and_names_stay() {
        for (generated, expected) in [
            ("open class A: AProtocol {", "package class A: AProtocol {"),
            ("open func `open`(by: B)", "package func `open`(by: B)"),
            ("    required public init(x: A)", "    required package init(x: A)"),
            ("public \nenum E: Swift.Error {", "package \nenum E: Swift.Error {"),
            ("a.open()\npublicity(open)\n_public", "a.open()\npublicity(open)\n_public"),
            ("public extension A {}\nfileprivate let b = 1", "package extension A {}\nfileprivate let b = 1"),
        ] {
            assert_eq!(rewritten(generated), expected);
        }
    }

    #[test]
    fn comments_stay_as_they_are() {
        for (generated, expected) in [
            ("// make it `public`\npublic let a", "// make it `public`\npackage let a"),
            ("/**\n * It is public.\n */public let a", "/**\n * It is public.\n */package let a"),
            ("public let a // public", "package let a // public"),
            ("public let a /* public", "package let a /* public"),
        ] {
            assert_eq!(rewritten(generated), expected);
        }
    }
}
