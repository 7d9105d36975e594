//! The Fluent files, taken apart.

use auth_messages::Language;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use std::collections::{BTreeMap, BTreeSet};

/// One text of a language.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Text {
    /// The names of its data.
    pub(crate) data: BTreeSet<String>,
    /// The words between them.
    pub(crate) words: String,
}

/// Every text of a file by its id; a file that does not read whole, or says something twice, fails the test.
pub(crate) fn texts(file: &'static str) -> BTreeMap<String, Text> {
    let resource = fluent_syntax::parser::parse(file).unwrap_or_else(|(_, errors)| panic!("{errors:?}"));
    let mut texts = BTreeMap::new();
    let mut add = |id: String, pattern: &Pattern<&str>| {
        assert!(texts.insert(id.clone(), read(&id, pattern)).is_none(), "{id} is there twice");
    };
    for entry in &resource.body {
        match entry {
            Entry::Message(message) => {
                message.value.iter().for_each(|value| add(message.id.name.to_owned(), value));
                for attribute in &message.attributes {
                    add(format!("{}.{}", message.id.name, attribute.id.name), &attribute.value);
                }
            }
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
            Entry::Term(_) | Entry::Junk { .. } => panic!("messages only: {entry:?}"),
        }
    }
    texts
}

/// The ids of the messages that apps share, without the parts that are no codes.
pub(crate) fn shared(language: Language) -> BTreeSet<String> {
    texts(language.errors()).into_keys().filter(|id| !id.contains('-')).collect()
}

fn read(id: &str, pattern: &Pattern<&str>) -> Text {
    let mut text = Text { data: BTreeSet::new(), words: String::new() };
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => text.words.push_str(value),
            PatternElement::Placeable {
                expression: Expression::Inline(InlineExpression::VariableReference { id }),
            } => {
                text.data.insert(id.name.to_owned());
            }
            PatternElement::Placeable { .. } => panic!("{id}: only plain placeables have a place everywhere"),
        }
    }
    text
}
