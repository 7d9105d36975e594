//! `lib.rs` and `mod.rs` hold documents, `mod` and `pub use` only: what a module does is in files that are named for it.
//!
//! Also allowed is what has no other place: `macro_rules!`, the call that sets uniffi up, and items for documentation tests.

use syn::{Attribute, Item, Path};

use super::circles::is_re_export;
use super::finding::Finding;

/// Looks at the items of a module root; other files are of no interest.
pub(crate) fn check(path: &str, text: &str) -> Option<Finding> {
    if !matches!(path.rsplit('/').next(), Some("lib.rs" | "mod.rs")) {
        return None;
    }
    // A file that cannot be parsed is found when the imports are read.
    let mut misplaced = Vec::new();
    collect(&syn::parse_file(text).ok()?.items, &mut misplaced);
    let (_, first) = misplaced.first()?;
    let names: Vec<_> = misplaced.iter().map(|(what, line)| format!("{what} (line {line})")).collect();
    let what = format!("holds more than documents, `mod` and `pub use`: {}", names.join(", "));
    Some(Finding::error(path, what).at(*first))
}

fn collect(items: &[Item], found: &mut Vec<(String, usize)>) {
    for item in items {
        match item {
            // An inline module is there to group re-exports.
            Item::Mod(module) => {
                let inline = module.content.as_ref().map(|(_, items)| items.as_slice());
                collect(inline.unwrap_or_default(), found);
            }
            item => found.extend(misplaced(item)),
        }
    }
}

/// What the item is and its line, if it has no place in a module root.
fn misplaced(item: &Item) -> Option<(String, usize)> {
    let (attributes, what, ident) = match item {
        Item::Const(item) => (&item.attrs, "the constant", &item.ident),
        Item::Enum(item) => (&item.attrs, "the enum", &item.ident),
        Item::Fn(item) => (&item.attrs, "the function", &item.sig.ident),
        Item::Static(item) => (&item.attrs, "the static", &item.ident),
        Item::Struct(item) => (&item.attrs, "the struct", &item.ident),
        Item::Trait(item) => (&item.attrs, "the trait", &item.ident),
        Item::TraitAlias(item) => (&item.attrs, "the trait", &item.ident),
        Item::Type(item) => (&item.attrs, "the type", &item.ident),
        Item::Union(item) => (&item.attrs, "the union", &item.ident),
        Item::Use(item) if is_re_export(item) => return None,
        Item::Use(item) => return Some(("a private `use`".into(), item.use_token.span.start().line)),
        Item::Impl(item) => return Some(("an `impl`".into(), item.impl_token.span.start().line)),
        Item::Macro(item) if item.ident.is_some() || sets_uniffi_up(&item.mac.path) => return None,
        Item::Macro(item) => {
            let last = item.mac.path.segments.last()?;
            return Some((format!("a call of `{}!`", last.ident), last.ident.span().start().line));
        }
        Item::ExternCrate(item) => (&item.attrs, "the extern crate", &item.ident),
        _ => return Some(("something else".into(), 1)),
    };
    let is_misplaced = !is_for_documentation_tests(attributes);
    is_misplaced.then(|| (format!("{what} `{ident}`"), ident.span().start().line))
}

fn is_for_documentation_tests(attributes: &[Attribute]) -> bool {
    let mut conditions = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    conditions.any(|condition| condition.parse_args::<Path>().is_ok_and(|path| path.is_ident("doctest")))
}

fn sets_uniffi_up(path: &Path) -> bool {
    path.segments.last().is_some_and(|name| name.ident == "setup_scaffolding")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        check(path, text).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn documents_modules_and_re_exports_pass() {
        let text = "//! Documents.\n#![doc = \"x\"]\n\n/// A module.\n#[cfg(unix)] pub mod a;\nmod b;
            #[cfg(test)] mod tests;\npub use a::A;\npub(crate) use b::*;\npub(super) use b::B as C;
            pub mod prelude { pub use super::a::A; }
            #[cfg(doctest)] #[doc = include_str!(\"README.md\")] struct Readme;
            macro_rules! make { () => {} }\nuniffi::setup_scaffolding!(\"auth\");";
        assert_eq!(found("crates/a/src/lib.rs", text), Vec::<String>::new());
    }

    #[test]
    fn every_other_item_is_found_with_its_line() {
        for (item, what) in [
            ("const A: u8 = 1;", "the constant `A`"),
            ("enum A {}", "the enum `A`"),
            ("pub async fn a() {}", "the function `a`"),
            ("static A: u8 = 1;", "the static `A`"),
            ("#[cfg(unix)] pub struct A;", "the struct `A`"),
            ("trait A {}", "the trait `A`"),
            ("type A = u8;", "the type `A`"),
            ("use a::A;", "a private `use`"),
            ("pub(self) use a::A;", "a private `use`"),
            ("impl A {}", "an `impl`"),
            ("secrets! { A }", "a call of `secrets!`"),
            ("const _: () = ();", "the constant `_`"),
            ("#[cfg(test)] mod tests { #[test] fn a() {} }", "the function `a`"),
        ] {
            let finding = format!(
                "crates/a/src/b/mod.rs:3: holds more than documents, `mod` and `pub use`: {what} (line 3)"
            );
            assert_eq!(found("crates/a/src/b/mod.rs", &format!("//! A.\n\n{item}\n")), [finding]);
        }
    }

    #[test]
    fn a_file_is_one_finding() {
        let found = found("mod.rs", "mod a;\nuse a::A;\nfn b() {}");
        let list = "a private `use` (line 2), the function `b` (line 3)";
        assert_eq!(found, [format!("mod.rs:2: holds more than documents, `mod` and `pub use`: {list}")]);
    }

    #[test]
    fn only_module_roots_are_looked_at() {
        for path in ["crates/a/src/main.rs", "crates/a/src/b.rs", "crates/a/src/bmod.rs", "mod.rs.txt"] {
            assert!(found(path, "fn a() {}").is_empty(), "{path}");
        }
        assert_eq!(found("lib.rs", "fn a() {}").len(), 1);
    }
}
