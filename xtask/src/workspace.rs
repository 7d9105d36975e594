//! What the whole workspace has in common.

use std::path::PathBuf;

use cargo_metadata::{Metadata, MetadataCommand};

use crate::shell::{self, Failure};

/// The packages of the workspace, without what they depend on.
pub(crate) fn metadata() -> Result<Metadata, Failure> {
    let metadata =
        MetadataCommand::new().current_dir(shell::root()).env_remove(shell::RELEASE_KEY).no_deps().exec();
    metadata.map_err(|cause| Failure::new(format!("cargo metadata: {cause}")))
}

/// Where cargo puts what it builds.
pub(crate) fn target_folder() -> Result<PathBuf, Failure> {
    Ok(metadata()?.target_directory.into_std_path_buf())
}

/// The version of everything that is published: `workspace.package.version`.
pub(crate) fn version() -> Result<String, Failure> {
    let packages = metadata()?.packages;
    let ours = packages.iter().find(|package| package.name.as_str() == "auth-ffi");
    let version = ours.map(|package| package.version.to_string());
    version.ok_or_else(|| Failure::new("there is no package auth-ffi"))
}

/// Where the project is: `workspace.package.repository`.
pub(crate) fn repository() -> Result<String, Failure> {
    let found = metadata()?.packages.into_iter().find_map(|package| package.repository);
    found.ok_or_else(|| Failure::new("no crate names its repository"))
}
