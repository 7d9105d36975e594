//! `cargo xtask release`: everything of one version in one folder, `release-VERSION` in the target folder.
//!
//! A step makes one folder of it, in `steps`. It is made beside and renamed when it is complete, and recorded with the sums of its
//! files; so a run that was interrupted anywhere can be started again, and makes only what is not there unchanged. `checks` lets
//! programs of others look at the result, and `compare` finds what two releases of one commit differ in.

mod archive;
mod changelog;
mod checks;
mod compare;
mod engine;
#[cfg(test)]
mod fixture;
mod key;
mod lock;
mod musl;
mod plan;
mod record;
mod runtime;
mod sbom;
mod statement;
mod steps;
mod sum_file;
mod tag;
mod whole;

use std::path::PathBuf;

use self::plan::Plan;
pub(crate) use self::sbom::gate as bills;
use crate::package;
use crate::shell::{Failure, Verdict};

/// How to release.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args)]
pub(crate) struct Options {
    /// Make and check everything, but set no tag. The changelog's section may still be called "Unreleased".
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Set the tag although not everything could be made on this machine. What is missing is listed in NOT-RUN.
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) incomplete: bool,
    /// Libraries for the Kotlin packages that another machine has built: `target/package/natives` of it. Can be given several times.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) natives: Vec<PathBuf>,
    /// The XCFrameworks and their packages that a Mac has built: `target/packages/apple` of it.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) apple: Option<PathBuf>,
    /// Instead, compare the release that is there with the one in this folder, and list what is not identical, with its reason.
    #[arg(long, value_name = "OTHER_DIR", conflicts_with_all = ["dry_run", "incomplete", "natives", "apple"])]
    pub(crate) verify: Option<PathBuf>,
}

/// Makes and checks a release, or compares two.
pub(crate) fn run(options: &Options) -> Result<Verdict, Failure> {
    let plan = Plan::read(options)?;
    match &options.verify {
        Some(other) => compare::run(&plan.folder, other),
        None => {
            package::have_own_place(plan.work.clone());
            whole::make(&plan, steps::ALL, checks::ALL, whole::Tag::wanted(options))
        }
    }
}
