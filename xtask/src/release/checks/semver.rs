//! The public API of the crates against the last release.

use super::super::plan::Plan;
use super::Look;
use crate::semver::{self, Comparison};
use crate::shell::{Failure, Verdict};

pub(super) fn run(plan: &Plan) -> Result<Look, Failure> {
    match semver::compare(&plan.root, &plan.tag())? {
        Comparison::Made(Verdict::Passed) => Ok(Look::Holds),
        Comparison::Made(Verdict::Failed) => Err(Failure::new("a crate breaks who uses the last release")),
        Comparison::FirstRelease => {
            println!("there is no release before this one");
            Ok(Look::Holds)
        }
        Comparison::NoTagsHere => Look::not_run(semver::NO_TAGS),
    }
}
