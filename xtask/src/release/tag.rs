//! The tag of a release: set once, and never moved.

use super::plan::{Plan, git};
use crate::shell::{self, Failure};

/// Sets it, unless it is there already at this commit.
pub(super) fn set(plan: &Plan) -> Result<(), Failure> {
    let tag = plan.tag();
    if git(&["tag", "--list", &tag])?.is_empty() {
        let message = format!("Version {}", plan.version);
        return shell::run(&mut shell::command("git", ["tag", "-a", &tag, "-m", &message]));
    }
    let at = git(&["rev-parse", &format!("{tag}^{{commit}}")])?;
    if at == plan.commit {
        Ok(())
    } else {
        Err(Failure::new(format!("the tag {tag} is at another commit, {at}")))
    }
}
