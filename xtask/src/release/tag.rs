//! The tag of a release: set once, and never moved.

use super::plan::Plan;
use crate::shell::{self, Failure};

/// Sets it at the plan's commit, unless it is there already.
pub(super) fn set(plan: &Plan) -> Result<(), Failure> {
    let tag = plan.tag();
    match plan.tagged()? {
        None => {
            let message = format!("Version {}", plan.version);
            let words = ["tag", "-a", &tag, "-m", &message, &plan.commit];
            shell::run(shell::command("git", words).current_dir(&plan.root))
        }
        Some(at) if at == plan.commit => Ok(()),
        Some(at) => Err(Failure::new(format!("the tag {tag} is at another commit, {at}"))),
    }
}
