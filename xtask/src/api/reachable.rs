//! What of a generated module an app comes to see: the types that the hand-written layer names, and those that these name.
//!
//! The generators make all that they write public, most of it for their own use.

use std::collections::BTreeSet;

/// One declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// The type that it is or belongs to: the outermost one.
    pub(super) of: String,
    /// The types of the generated module that it names.
    pub(super) names: BTreeSet<String>,
    /// What is listed.
    pub(super) line: String,
}

/// The lines of all items of the layer, and of those items of the generated module that can be reached from there.
pub(super) fn lines(items: Vec<Item>, is_generated: impl Fn(&Item) -> bool) -> Vec<String> {
    let (mut waiting, mut reached): (Vec<_>, Vec<_>) = items.into_iter().partition(is_generated);
    let mut at = 0;
    while at < reached.len() {
        let names = reached[at].names.clone();
        let (found, others) = waiting.into_iter().partition(|item: &Item| names.contains(&item.of));
        waiting = others;
        reached.extend::<Vec<_>>(found);
        at += 1;
    }
    reached.into_iter().map(|item| item.line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(of: &str, names: &[&str], line: &str) -> Item {
        Item { of: of.into(), names: names.iter().map(ToString::to_string).collect(), line: line.into() }
    }

    #[test]
    fn only_what_the_layer_leads_to_is_listed() {
        let items = vec![
            item("gen.Lonely", &["gen.Near"], "not named by anybody"),
            item("gen.Far", &[], "far"),
            item("gen.Near", &[], "near"),
            item("gen.Near", &["gen.Far"], "near's member"),
            item("Client", &["gen.Near"], "client"),
            item("Plain", &[], "plain"),
        ];
        let lines = lines(items, |item| item.of.starts_with("gen."));
        assert_eq!(lines, ["client", "plain", "near", "near's member", "far"]);
    }
}
