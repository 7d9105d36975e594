//! What is released: the version, the commit, and where the result goes.

use std::path::PathBuf;

use super::key::Key;
use super::{Options, changelog};
use crate::package::{self, Handover};
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
    /// Libraries that other machines have built, a folder of each.
    pub(super) natives: Vec<PathBuf>,
    /// The XCFrameworks and their packages, of a Mac.
    pub(super) apple: Option<PathBuf>,
    /// What signs.
    pub(super) key: Option<Key>,
    /// The repository.
    pub(super) root: PathBuf,
    /// The result.
    pub(super) folder: PathBuf,
    /// What is only on the way to it.
    pub(super) work: PathBuf,
}

impl Plan {
    /// Reads it, and refuses what cannot be released.
    pub(super) fn read(options: &Options) -> Result<Self, Failure> {
        let version = workspace::version()?;
        let (root, target) = (shell::root(), workspace::target_folder()?);
        let mut plan = Self {
            commit: String::new(),
            date: 0,
            notes: changelog::section(&version, options.dry_run || options.verify.is_some())?,
            natives: options.natives.clone(),
            apple: options.apple.clone(),
            key: None,
            folder: target.join(format!("release-{version}")),
            work: target.join("release-work"),
            root,
            version,
        };
        plan.commit = plan.git(&["rev-parse", "HEAD"])?;
        let date = plan.git(&["log", "-1", "--format=%ct", &plan.commit])?;
        plan.date = date.parse().map_err(|_| Failure::new(format!("git gives no date: `{date}`")))?;
        if options.verify.is_none() {
            plan.key = Key::of_environment(&plan.root)?;
            plan.require_one_version()?;
            plan.require_own_tag()?;
            plan.still_holds()?;
            plan.handed_over()?;
        }
        Ok(plan)
    }

    /// Whether all that is on the disk is what the commit has: asked again after each step, since steps read the files and not the
    /// commit.
    pub(super) fn still_holds(&self) -> Result<(), Failure> {
        let head = self.git(&["rev-parse", "HEAD"])?;
        if head != self.commit {
            let text =
                format!("the commit that is checked out has changed: it was {}, it is {head}", self.commit);
            return Err(Failure::new(text));
        }
        let changed = self.git(&["status", "--porcelain", "--untracked-files=all"])?;
        match changed.lines().next() {
            None => Ok(()),
            Some(first) => Err(Failure::new(format!("not everything is committed: {}", first.trim()))),
        }
    }

    /// What other machines have built, after a look at it: the name of each folder and its list.
    pub(super) fn handed_over(&self) -> Result<Vec<(&'static str, Handover)>, Failure> {
        let natives = self.natives.iter().map(|folder| ("natives", folder));
        let all = natives.chain(self.apple.iter().map(|folder| ("apple", folder)));
        all.map(|(name, folder)| Ok((name, package::handed_over(folder)?))).collect()
    }

    /// The commit that the tag of this version is at; nothing if there is no such tag.
    pub(super) fn tagged(&self) -> Result<Option<String>, Failure> {
        let tag = self.tag();
        if self.git(&["tag", "--list", &tag])?.is_empty() {
            return Ok(None);
        }
        self.git(&["rev-parse", &format!("refs/tags/{tag}^{{commit}}")]).map(Some)
    }

    /// A version is released once.
    fn require_own_tag(&self) -> Result<(), Failure> {
        match self.tagged()? {
            Some(other) if other != self.commit => {
                let text = format!("the tag {} is at another commit, {other}: raise the version", self.tag());
                Err(Failure::new(text))
            }
            _ => Ok(()),
        }
    }

    /// What git says of the repository, without the end of its line.
    pub(super) fn git(&self, words: &[&str]) -> Result<String, Failure> {
        let said = shell::output(shell::command("git", words).current_dir(&self.root))?;
        Ok(said.trim_end().to_owned())
    }

    /// Where the record of a step is: outside of what is published.
    pub(super) fn record(&self, step: &str) -> PathBuf {
        self.work.join("records").join(&self.version).join(step)
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

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn our_crates_ask_for_each_other_by_the_version_of_the_workspace() {
        let plan = Plan { version: workspace::version().unwrap(), ..fixture::plan("version") };
        assert!(plan.require_one_version().is_ok());
        assert_eq!(plan.tag(), format!("v{}", plan.version));
        fixture::remove(&plan);
    }

    #[test]
    fn another_version_is_refused_with_the_crate_that_has_it() {
        let plan = Plan { version: "99.0.0".to_owned(), ..fixture::plan("other-version") };
        let failure = plan.require_one_version().unwrap_err().to_string();
        assert!(failure.contains("has version") && failure.contains("99.0.0"), "{failure}");
        fixture::remove(&plan);
    }

    #[test]
    fn a_version_with_a_tag_elsewhere_is_refused() {
        let mut plan = fixture::plan("tag-elsewhere");
        assert!(plan.require_own_tag().is_ok());
        plan.git(&["tag", "-a", &plan.tag(), "-m", "x"]).unwrap();
        assert!(plan.require_own_tag().is_ok());
        let old = plan.commit.clone();
        plan.commit = fixture::commit(&plan, "second");
        assert!(plan.require_own_tag().unwrap_err().to_string().contains(&old));
        fixture::remove(&plan);
    }

    #[test]
    fn a_file_in_a_new_folder_is_a_change_and_so_is_another_commit() {
        let plan = fixture::plan("changes");
        assert!(plan.still_holds().is_ok());
        std::fs::create_dir_all(plan.root.join("new")).unwrap();
        std::fs::write(plan.root.join("new/file"), "").unwrap();
        assert!(plan.still_holds().unwrap_err().to_string().ends_with("new/file"));
        std::fs::remove_dir_all(plan.root.join("new")).unwrap();
        fixture::commit(&plan, "second");
        assert!(plan.still_holds().unwrap_err().to_string().contains(&plan.commit));
        fixture::remove(&plan);
    }
}
