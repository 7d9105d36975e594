//! auth-core stays pure: no runtime, no network, no bindings and no keyring anywhere below it.

use super::finding::Finding;
use crate::shell::{self, Failure};

const CRATE: &str = "auth-core";

const BANNED: &[&str] = &["hyper", "keyring", "reqwest", "rustls", "tokio", "uniffi"];

/// The normal dependencies of auth-core on all platforms, one `name version` a line.
///
/// `cargo tree` resolves features for this one crate; `cargo metadata` would mix in what the rest of the
/// workspace turns on.
pub(crate) fn read() -> Result<String, Failure> {
    let args = ["tree", "-p", CRATE, "-e", "normal", "--target", "all", "--all-features", "--prefix", "none"];
    shell::output(&mut shell::cargo(args))
}

/// Looks for banned crates in the tree.
pub(crate) fn check(tree: &str) -> Vec<Finding> {
    let names: Vec<_> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    if !names.contains(&CRATE) {
        return vec![Finding::error(CRATE, "its dependency tree does not name the crate itself")];
    }
    let banned = BANNED.iter().filter(|banned| names.contains(banned));
    banned.map(|banned| Finding::error(CRATE, format!("has {banned} in its dependency tree"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pure_tree_passes() {
        let tree = "auth-core v0.1.0 (crates/auth-core)\nserde v1.0.0\ntokio-like v1.0.0\n";
        assert!(check(tree).is_empty());
    }

    #[test]
    fn a_banned_crate_at_any_depth_is_found() {
        let tree = "auth-core v0.1.0 (crates/auth-core)\nserde v1.0.0\ntokio v1.0.0\ntokio v1.0.0 (*)\n";
        assert_eq!(check(tree), [Finding::error("auth-core", "has tokio in its dependency tree")]);
        for banned in BANNED {
            assert_eq!(check(&format!("auth-core v0.1.0\n{banned} v1.0.0\n")).len(), 1, "{banned}");
        }
    }

    #[test]
    fn an_empty_tree_is_not_a_pure_one() {
        assert_eq!(check("").len(), 1);
    }
}
