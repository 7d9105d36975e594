//! The API of the crates, from rustdoc's JSON.
//!
//! The JSON's format changes with the compiler and each version of the `public-api` crate reads one: both are pinned and
//! move together.

use std::path::Path;

use super::listing::Listing;
use crate::shell::{self, Failure};
use crate::workspace;

/// The crate that is used, and those whose items it hands on: there its listing has their names only.
const CRATES: [(&str, &str); 4] = [
    ("auth-client", "auth-client.txt"),
    ("auth-core", "auth-core.txt"),
    ("auth-http", "auth-http.txt"),
    ("auth-store", "auth-store.txt"),
];

/// Traits that types have by themselves and that nobody asks for by name. `Send` and `Sync` are asked for.
const UNASKED: [&str; 6] = [
    "core::marker::Freeze",
    "core::marker::StructuralPartialEq",
    "core::marker::Unpin",
    "core::marker::UnsafeUnpin",
    "core::panic::unwind_safe::RefUnwindSafe",
    "core::panic::unwind_safe::UnwindSafe",
];

/// Lists the crates with all their features.
pub(super) fn list() -> Result<Vec<Listing>, Failure> {
    let mut doc = shell::cargo(["doc", "--no-deps", "--all-features"]);
    doc.args(CRATES.iter().flat_map(|(package, _)| ["-p", package]));
    doc.env("RUSTDOC", shell::root().join("xtask/scripts/rustdoc-json.sh"));
    doc.env("RUSTDOCFLAGS", "-Zunstable-options --output-format json");
    shell::run(&mut doc)?;

    let folder = workspace::target_folder()?.join("doc");
    CRATES
        .into_iter()
        .map(|(package, file)| {
            let json = folder.join(package.replace('-', "_")).with_extension("json");
            Ok(Listing::in_order(file, items(&json)?))
        })
        .collect()
}

/// All items in an order that keeps a type and its parts together.
fn items(json: &Path) -> Result<Vec<String>, Failure> {
    // What every type has by a blanket implementation says nothing about ours.
    let read = public_api::Builder::from_rustdoc_json(json).omit_blanket_impls(true).build();
    let api = read.map_err(|cause| {
        let hint = "the version of `public-api` has to fit this compiler";
        Failure::new(format!("{}: {cause} ({hint})", json.display()))
    })?;
    Ok(api.items().map(ToString::to_string).filter(|line| !is_unasked(line)).collect())
}

fn is_unasked(line: &str) -> bool {
    line.starts_with("impl") && UNASKED.iter().any(|name| line.contains(&format!("{name} for ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_the_traits_that_types_have_by_themselves_only_some_are_listed() {
        for line in [
            "impl core::marker::Freeze for a::B",
            "impl !core::panic::unwind_safe::UnwindSafe for a::B",
            "impl<T> core::marker::Unpin for a::B<T> where T: core::marker::Unpin",
        ] {
            assert!(is_unasked(line), "{line}");
        }
        for line in [
            "impl core::marker::Send for a::B",
            "impl !core::marker::Sync for a::B",
            "impl<T> a::Trait for a::B<T> where T: core::marker::Unpin",
            "pub fn a::f<T: core::marker::Unpin>(T)",
        ] {
            assert!(!is_unasked(line), "{line}");
        }
    }
}
