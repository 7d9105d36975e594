//! The messages that apps show, from the Fluent files into each platform's own format, so that their library does not grow
//! by a catalogue. Only messages with plain placeables have a place everywhere; others are refused.

mod formats;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;

use super::io_failure;
use crate::shell::{self, Failure};

/// Where the texts are: a folder a language, and in it the file that b2auth and apps share.
const LOCALES: &str = "crates/auth-messages/locales";
const SHARED: &str = "errors.ftl";
/// The language of the files that stand for all others.
const BASE: &str = "en";

/// Java resources of the Kotlin module.
pub(super) const KOTLIN: &str = "bindings/kotlin/core/src/generated/resources";
/// A source of the Swift package: compiled in, so that no app can lack them.
pub(super) const SWIFT: &str = "bindings/swift/Sources/B2CoreAuth/Messages/Generated";
/// What the tests of both expect.
pub(super) const TABLE: &str = "bindings/messages";

/// One text: its id in the catalogue, and what it is made of.
#[derive(Debug, PartialEq, Eq)]
struct Text {
    id: String,
    parts: Vec<Part>,
}

#[derive(Debug, PartialEq, Eq)]
enum Part {
    Words(String),
    /// The place of a datum. A text's data are counted from zero in the alphabetical order of their names.
    Datum(usize),
}

/// Writes the messages of every language below `root`.
pub(super) fn generate(root: &Path) -> Result<(), Failure> {
    let locales = shell::root().join(LOCALES);
    let mut all = Vec::new();
    for language in languages(&locales)? {
        let path = locales.join(&language).join(SHARED);
        let file = fs::read_to_string(&path).map_err(|cause| io_failure(&path, &cause))?;
        let texts = read(&file).map_err(|problem| Failure::new(format!("{}: {problem}", path.display())))?;
        let suffix =
            if language == BASE { String::new() } else { format!("_{}", language.replace('-', "_")) };
        let kotlin = root.join(KOTLIN).join(format!("b2core/auth/messages{suffix}.properties"));
        write(&kotlin, &formats::properties(&texts))?;
        all.push((language, texts));
    }
    write(&root.join(SWIFT).join("MessageTexts.swift"), &formats::swift(&all)?)?;
    let table = ["run", "--quiet", "-p", "auth-messages", "--example", "table"];
    write(&root.join(TABLE).join("table.tsv"), &shell::output(&mut shell::cargo(table))?)
}

fn languages(locales: &Path) -> Result<BTreeSet<String>, Failure> {
    let entries = fs::read_dir(locales).map_err(|cause| io_failure(locales, &cause))?;
    entries
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_, _>>()
        .map_err(|cause: std::io::Error| io_failure(locales, &cause))
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(|cause| io_failure(folder, &cause))?;
    fs::write(path, text).map_err(|cause| io_failure(path, &cause))
}

/// Reads a Fluent file, or says why it has no place in the platforms' formats.
fn read(file: &str) -> Result<Vec<Text>, String> {
    let resource = parser::parse(file).map_err(|(_, errors)| {
        errors.first().map_or_else(|| "does not read".to_owned(), ToString::to_string)
    })?;
    let mut texts = Vec::new();
    for entry in resource.body {
        match entry {
            Entry::Message(message) => {
                let id = message.id.name;
                texts.extend(message.value.map(|value| text(id.to_owned(), &value)).transpose()?);
                for attribute in &message.attributes {
                    texts.push(text(format!("{id}.{}", attribute.id.name), &attribute.value)?);
                }
            }
            Entry::Term(term) => return Err(format!("-{}: a term has no place here", term.id.name)),
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) | Entry::Junk { .. } => {}
        }
    }
    Ok(texts)
}

fn text(id: String, pattern: &Pattern<&str>) -> Result<Text, String> {
    let mut names = BTreeSet::new();
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            names.insert(datum(&id, expression)?);
        }
    }
    let part = |element: &PatternElement<&str>| match element {
        PatternElement::TextElement { value } => Ok(Part::Words((*value).to_owned())),
        PatternElement::Placeable { expression } => {
            let name = datum(&id, expression)?;
            Ok(Part::Datum(names.range(..name).count()))
        }
    };
    let parts = pattern.elements.iter().map(part).collect::<Result<_, String>>()?;
    Ok(Text { id, parts })
}

/// The name in a plain placeable.
fn datum<'a>(id: &str, expression: &Expression<&'a str>) -> Result<&'a str, String> {
    match expression {
        Expression::Inline(InlineExpression::VariableReference { id }) => Ok(id.name),
        _ => Err(format!("{id}: only plain placeables such as {{ $wait }} have a place here")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_are_counted_by_the_alphabet_and_attributes_have_their_messages_id() {
        let texts = read("# a\n\na = { $wait } for { $status }\n    .b = x\n").unwrap();
        let words = |text: &str| Part::Words(text.to_owned());
        assert_eq!(
            texts,
            [
                Text { id: "a".to_owned(), parts: vec![Part::Datum(1), words(" for "), Part::Datum(0)] },
                Text { id: "a.b".to_owned(), parts: vec![words("x")] },
            ]
        );
    }

    #[test]
    fn what_other_formats_cannot_say_is_refused() {
        for file in [
            "a = { $n ->\n    [one] x\n   *[other] y\n    }\n",
            "a = { NUMBER($n) }\n",
            "a = { b }\nb = x\n",
            "a = { \"x\" }\n",
            "-a = x\n",
            "a { $n }\n",
        ] {
            assert!(read(file).is_err(), "{file}");
        }
    }
}
