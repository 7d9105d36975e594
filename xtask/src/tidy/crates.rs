//! Our crates and the root files of what is built from them.

use std::path::Path;

use cargo_metadata::{Metadata, Target, TargetKind};

/// The crates whose modules must keep the rules about imports and module roots.
const ENFORCED: &[&str] = &["auth-client", "auth-store", "auth-cli", "auth-sandbox"];

/// One crate of the workspace.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    /// The files that its library and its programs begin with, from the root of the repository.
    pub(crate) roots: Vec<String>,
}

/// The crates of the folder `crates`.
pub(crate) fn read(metadata: &Metadata, root: &Path) -> Vec<Member> {
    let in_repository = |target: &Target| Some(target.src_path.strip_prefix(root).ok()?.to_string());
    let packages = metadata.workspace_packages().into_iter();
    let members = packages.map(|package| {
        let targets = package.targets.iter().filter(|target| is_product(target));
        Member { name: package.name.to_string(), roots: targets.filter_map(in_repository).collect() }
    });
    members.filter(|member| member.roots.iter().any(|root| root.starts_with("crates/"))).collect()
}

fn is_product(target: &Target) -> bool {
    let not_products = [TargetKind::Test, TargetKind::Bench, TargetKind::Example, TargetKind::CustomBuild];
    !target.kind.iter().any(|kind| not_products.contains(kind))
}

impl Member {
    /// Whether a finding about its modules fails the run.
    pub(crate) fn is_enforced(&self) -> bool {
        ENFORCED.contains(&self.name.as_str())
    }
}

/// Whether the file is one of the sources of an enforced crate.
pub(crate) fn is_enforced_source(path: &str) -> bool {
    let parts = path.strip_prefix("crates/").and_then(|path| path.split_once("/src/"));
    parts.is_some_and(|(name, _)| ENFORCED.contains(&name))
}

#[cfg(test)]
mod tests {
    use cargo_metadata::MetadataCommand;

    use super::*;
    use crate::shell;

    #[test]
    fn every_enforced_crate_is_there_with_its_roots() {
        let metadata = MetadataCommand::new().current_dir(shell::root()).no_deps().exec().unwrap();
        let members = read(&metadata, &shell::root());
        for name in ENFORCED {
            let member = members.iter().find(|member| member.name == *name).unwrap();
            let root = format!("crates/{name}/src/");
            assert!(!member.roots.is_empty(), "{name}");
            assert!(member.roots.iter().all(|path| path.starts_with(&root)), "{member:?}");
        }
        assert!(!members.iter().any(|member| member.name == "xtask"));
    }

    #[test]
    fn the_sources_of_enforced_crates_are_known() {
        assert!(is_enforced_source("crates/auth-client/src/session/mod.rs"));
        for path in ["crates/auth-client/tests/src/lib.rs", "crates/auth-ffi/src/lib.rs", "xtask/src/main.rs"]
        {
            assert!(!is_enforced_source(path), "{path}");
        }
    }
}
