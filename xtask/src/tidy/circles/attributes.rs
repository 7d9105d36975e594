//! What attributes say about an item: whether it is for tests only, and in which file a module is.

use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Item, Lit, Meta, Token};

/// Whether the item is only there in tests: `#[cfg(test)]`, also inside of `all` or in each part of `any`.
pub(crate) fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => {
            list.parse_args::<Meta>().is_ok_and(|condition| needs_test(&condition))
        }
        _ => false,
    })
}

fn needs_test(condition: &Meta) -> bool {
    match condition {
        Meta::Path(path) => path.is_ident("test") || path.is_ident("doctest"),
        Meta::List(list) => {
            let parts = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
            parts.is_ok_and(|parts| {
                (list.path.is_ident("all") && parts.iter().any(needs_test))
                    || (list.path.is_ident("any") && !parts.is_empty() && parts.iter().all(needs_test))
            })
        }
        Meta::NameValue(_) => false,
    }
}

/// The value of `#[path = "…"]`.
pub(crate) fn path_of(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    })
}

/// Whether a macro is put into the root of the crate.
pub(crate) fn is_exported_macro(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("macro_export"))
}

/// The attributes of any item.
pub(crate) fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::ForeignMod(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::TraitAlias(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn for_tests(item: &str) -> bool {
        let item: syn::ItemMod = syn::parse_str(item).unwrap();
        is_for_tests(&item.attrs)
    }

    #[test]
    fn code_for_tests_is_known_by_its_condition() {
        for condition in ["test", "doctest", "all(unix, test)", "any(test, doctest)", "all(any(test), unix)"]
        {
            assert!(for_tests(&format!("#[cfg({condition})] mod a;")), "{condition}");
        }
        for condition in ["unix", "not(test)", "any(test, unix)", "feature = \"test\"", "any()"] {
            assert!(!for_tests(&format!("#[cfg({condition})] mod a;")), "{condition}");
        }
        assert!(!for_tests("#[test] #[cfg_attr(test, allow(unused))] mod a;"));
    }

    #[test]
    fn the_path_of_a_module_is_read() {
        let item: syn::ItemMod = syn::parse_str("#[cfg(unix)] #[path = \"os/unix.rs\"] mod os;").unwrap();
        assert_eq!(path_of(&item.attrs).as_deref(), Some("os/unix.rs"));
        let item: syn::ItemMod = syn::parse_str("#[doc = \"path\"] mod os;").unwrap();
        assert_eq!(path_of(&item.attrs), None);
    }
}
