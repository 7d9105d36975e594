//! What is released: the version, the commit, and where the result goes.

use std::path::PathBuf;

use super::{Options, changelog};
use crate::reproducible;
use crate::shell::{self, Failure};
use crate::workspace;

/// All that the steps of one release know.
pub(super) struct Plan {
    pub(super) version: String,
    /// The commit, in full.
    pub(super) commit: String,
    /// The commit's time, in seconds since 1970: the date of everything that has one.
    pub(super) date: u64,
    /// The changelog's section of this version.
    pub(super) notes: String,
    /// Libraries that other machines have built.
    pub(super) natives: Option<PathBuf>,
    /// The result.
    pub(super) folder: PathBuf,
    /// What is only on the way to it.
    pub(super) work: PathBuf,
}

impl Plan {
    /// Reads it, and refuses what cannot be released.
    pub(super) fn read(options: &Options) -> Result<Self, Failure> {
        let version = workspace::version()?;
        let target = shell::target_folder()?;
        let plan = Self {
            commit: git(&["rev-parse", "HEAD"])?,
            date: reproducible::date()?,
            notes: changelog::section(&version, options.dry_run || options.verify.is_some())?,
            natives: options.natives.clone(),
            folder: target.join(format!("release-{version}")),
            work: target.join("release-work"),
            version,
        };
        if options.verify.is_none() {
            plan.require_one_version()?;
            require_clean_tree()?;
        }
        Ok(plan)
    }

    /// The name of the tag.
    pub(super) fn tag(&self) -> String {
        format!("v{}", self.version)
    }

    /// Our crates ask for each other by the version of the workspace, which is written beside their paths too.
    fn require_one_version(&self) -> Result<(), Failure> {
        for package in workspace::metadata()?.packages {
            if package.version.to_string() != self.version {
                let (name, other) = (&package.name, &package.version);
                return Err(Failure::new(format!(
                    "{name} has version {other}, the workspace {}",
                    self.version
                )));
            }
            for need in package.dependencies.iter().filter(|need| need.path.is_some()) {
                let asked = need.req.to_string();
                if asked != "*" && asked != format!("^{}", self.version) {
                    let name = (&package.name, &need.name);
                    let text = format!("{} asks for {} {asked}, not {}", name.0, name.1, self.version);
                    return Err(Failure::new(text));
                }
            }
        }
        Ok(())
    }
}

fn require_clean_tree() -> Result<(), Failure> {
    let changed = git(&["status", "--porcelain"])?;
    match changed.lines().next() {
        None => Ok(()),
        Some(first) => Err(Failure::new(format!("not everything is committed: {}", first.trim()))),
    }
}

/// What git says, without the end of its line.
pub(super) fn git(words: &[&str]) -> Result<String, Failure> {
    Ok(shell::output(&mut shell::command("git", words))?.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(version: String) -> Plan {
        let (text, path) = (String::new, PathBuf::new);
        Plan { version, commit: text(), date: 0, notes: text(), natives: None, folder: path(), work: path() }
    }

    #[test]
    fn our_crates_ask_for_each_other_by_the_version_of_the_workspace() {
        let plan = plan(workspace::version().unwrap());
        assert!(plan.require_one_version().is_ok());
        assert_eq!(plan.tag(), format!("v{}", plan.version));
    }

    #[test]
    fn another_version_is_refused_with_the_crate_that_has_it() {
        let failure = plan("99.0.0".to_owned()).require_one_version().unwrap_err().to_string();
        assert!(failure.contains("has version") && failure.contains("99.0.0"), "{failure}");
    }
}
