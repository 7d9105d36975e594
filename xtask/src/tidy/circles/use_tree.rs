//! The names that a `use` brings in.

use proc_macro2::Ident;
use syn::{ItemUse, UseTree, Visibility};

use super::names::name_of;

/// One name that a `use` brings in, or all of a module.
pub(crate) struct Leaf {
    pub(crate) path: Vec<String>,
    /// None for `::*`.
    pub(crate) name: Option<String>,
    pub(crate) line: usize,
}

/// All names that a `use` brings in.
pub(crate) fn leaves(tree: &UseTree) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    flatten(tree, &[], &mut leaves);
    leaves
}

fn flatten(tree: &UseTree, prefix: &[String], leaves: &mut Vec<Leaf>) {
    let with = |ident: &Ident| [prefix, &[name_of(ident)]].concat();
    match tree {
        UseTree::Path(tree) => flatten(&tree.tree, &with(&tree.ident), leaves),
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, prefix, leaves)),
        UseTree::Name(leaf) => {
            let path = with_self(with(&leaf.ident));
            let name = path.last().cloned();
            leaves.push(Leaf { path, name, line: leaf.ident.span().start().line });
        }
        UseTree::Rename(leaf) => {
            let name = Some(name_of(&leaf.rename));
            leaves.push(Leaf {
                path: with_self(with(&leaf.ident)),
                name,
                line: leaf.ident.span().start().line,
            });
        }
        UseTree::Glob(leaf) => {
            leaves.push(Leaf { path: prefix.to_vec(), name: None, line: leaf.star_token.span.start().line });
        }
    }
}

/// `a::{self}` is `a`.
fn with_self(mut path: Vec<String>) -> Vec<String> {
    if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
        path.pop();
    }
    path
}

/// Whether an import can be seen outside of its module.
pub(crate) fn is_re_export(import: &ItemUse) -> bool {
    match &import.vis {
        Visibility::Public(_) => true,
        Visibility::Restricted(to) => !to.path.is_ident("self"),
        Visibility::Inherited => false,
    }
}
