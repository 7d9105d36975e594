//! The paths that the code of a file refers to.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use syn::visit::{self, Visit};
use syn::{Attribute, Block, Item, Meta, PatIdent, Stmt, Visibility};

use super::attributes::{attributes, is_for_tests};
use super::collect::FileVisitor;
use super::names::{ReferenceKind, name_of};
use super::tokens;

impl FileVisitor<'_, '_> {
    /// Visits a function, whose variables hide items of the same name.
    fn function(&mut self, variables: BTreeSet<String>, visit: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.variables, variables);
        visit(self);
        self.variables = outer;
    }

    fn is_variable(&self, path: &[String]) -> bool {
        matches!(path, [name] if self.variables.contains(name))
    }
}

impl<'ast> Visit<'ast> for FileVisitor<'_, '_> {
    fn visit_item(&mut self, item: &'ast Item) {
        // Modules and imports were read with the names.
        let is_done = matches!(item, Item::Mod(_) | Item::Use(_)) || is_for_tests(attributes(item));
        if !is_done {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        let variables = variables(|found| found.visit_item_fn(item));
        self.function(variables, |visitor| visit::visit_item_fn(visitor, item));
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        let variables = variables(|found| found.visit_impl_item_fn(item));
        self.function(variables, |visitor| visit::visit_impl_item_fn(visitor, item));
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        let variables = variables(|found| found.visit_trait_item_fn(item));
        self.function(variables, |visitor| visit::visit_trait_item_fn(visitor, item));
    }

    fn visit_impl_item(&mut self, item: &'ast syn::ImplItem) {
        let attributes = match item {
            syn::ImplItem::Const(item) => &item.attrs,
            syn::ImplItem::Fn(item) => &item.attrs,
            syn::ImplItem::Type(item) => &item.attrs,
            syn::ImplItem::Macro(item) => &item.attrs,
            _ => return visit::visit_impl_item(self, item),
        };
        if !is_for_tests(attributes) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_trait_item(&mut self, item: &'ast syn::TraitItem) {
        let attributes = match item {
            syn::TraitItem::Const(item) => &item.attrs,
            syn::TraitItem::Fn(item) => &item.attrs,
            syn::TraitItem::Type(item) => &item.attrs,
            syn::TraitItem::Macro(item) => &item.attrs,
            _ => return visit::visit_trait_item(self, item),
        };
        if !is_for_tests(attributes) {
            visit::visit_trait_item(self, item);
        }
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        if !is_for_tests(&field.attrs) {
            visit::visit_field(self, field);
        }
    }

    fn visit_variant(&mut self, variant: &'ast syn::Variant) {
        if !is_for_tests(&variant.attrs) {
            visit::visit_variant(self, variant);
        }
    }

    fn visit_field_value(&mut self, value: &'ast syn::FieldValue) {
        if !is_for_tests(&value.attrs) {
            visit::visit_field_value(self, value);
        }
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        if !is_for_tests(&arm.attrs) {
            visit::visit_arm(self, arm);
        }
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        if !is_for_tests(&local.attrs) {
            visit::visit_local(self, local);
        }
    }

    fn visit_expr_block(&mut self, block: &'ast syn::ExprBlock) {
        if !is_for_tests(&block.attrs) {
            visit::visit_expr_block(self, block);
        }
    }

    fn visit_block(&mut self, block: &'ast Block) {
        let items = block.stmts.iter().filter_map(|stmt| match stmt {
            Stmt::Item(item) => Some(item),
            _ => None,
        });
        let items: Vec<_> = items.collect();
        if items.is_empty() {
            visit::visit_block(self, block);
        } else {
            self.in_block(&items, |visitor| visit::visit_block(visitor, block));
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if let Some((names, line)) = names(path)
            && !self.is_variable(&names)
        {
            self.refer(names, line, ReferenceKind::Path);
        }
        visit::visit_path(self, path);
    }

    fn visit_pat_ident(&mut self, pattern: &'ast PatIdent) {
        // A pattern of one name is a new variable, or a constant; those have capital letters.
        let name = name_of(&pattern.ident);
        if name.starts_with(char::is_uppercase) {
            self.refer(vec![name], pattern.ident.span().start().line, ReferenceKind::Path);
        }
        visit::visit_pat_ident(self, pattern);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        if let Some((names, line)) = names(&call.path) {
            self.refer(names, line, ReferenceKind::Macro);
        }
        self.visit_token_stream(&call.tokens);
    }

    /// What is in a macro or an attribute.
    fn visit_token_stream(&mut self, stream: &'ast TokenStream) {
        for found in tokens::paths(stream.clone()) {
            let kind = if found.is_macro { ReferenceKind::Macro } else { ReferenceKind::Path };
            if !self.is_variable(&found.path) {
                self.refer(found.path, found.line, kind);
            }
        }
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        // The attribute's own name is none of a module. Documents and conditions hold no code.
        if ["doc", "cfg"].iter().any(|name| attribute.path().is_ident(name)) {
            return;
        }
        match &attribute.meta {
            Meta::Path(_) => {}
            Meta::List(list) => {
                self.visit_token_stream(&list.tokens);
                for found in tokens::paths_in_texts(list.tokens.clone()) {
                    self.refer(found.path, found.line, ReferenceKind::Path);
                }
            }
            Meta::NameValue(pair) => self.visit_expr(&pair.value),
        }
    }

    // `pub(in path)` and `pub(super)` say who may see something, and use nothing.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}
}

/// The names of a path and its line. A path with `::` before it is one of another crate.
fn names(path: &syn::Path) -> Option<(Vec<String>, usize)> {
    let first = path.segments.first()?;
    let names = path.segments.iter().map(|segment| name_of(&segment.ident)).collect();
    path.leading_colon.is_none().then(|| (names, first.ident.span().start().line))
}

/// The variables that a piece of code has.
fn variables(visit: impl FnOnce(&mut Variables)) -> BTreeSet<String> {
    let mut variables = Variables::default();
    visit(&mut variables);
    variables.0
}

#[derive(Default)]
struct Variables(BTreeSet<String>);

impl<'ast> Visit<'ast> for Variables {
    fn visit_pat_ident(&mut self, pattern: &'ast PatIdent) {
        let name = name_of(&pattern.ident);
        if !name.starts_with(char::is_uppercase) {
            self.0.insert(name);
        }
        visit::visit_pat_ident(self, pattern);
    }
}
