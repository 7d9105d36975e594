//! A repository of a test's own, and the plan of a release of it.

use std::fs;

use super::plan::Plan;
use crate::{scratch, shell};

/// A plan for a new repository with one commit, in a folder of the test's that has this name.
pub(super) fn plan(name: &str) -> Plan {
    let place = scratch::kept(&format!("release-{name}"));
    let root = place.join("repository");
    fs::create_dir_all(&root).unwrap();
    let mut plan = Plan {
        version: "1.2.3".to_owned(),
        commit: String::new(),
        date: 0,
        notes: "notes\n".to_owned(),
        natives: Vec::new(),
        apple: None,
        key: None,
        folder: place.join("release"),
        work: place.join("work"),
        root,
    };
    plan.git(&["init", "--quiet"]).unwrap();
    for setting in [["user.name", "Test"], ["user.email", "test@example.invalid"], ["tag.gpgSign", "false"]] {
        plan.git(&["config", setting[0], setting[1]]).unwrap();
    }
    plan.commit = commit(&plan, "first");
    plan
}

/// Commits a file of this name, and gives the commit.
pub(super) fn commit(plan: &Plan, name: &str) -> String {
    fs::write(plan.root.join(name), name).unwrap();
    plan.git(&["add", name]).unwrap();
    shell::run(
        shell::command("git", ["commit", "--quiet", "--no-gpg-sign", "--no-verify", "-m", name])
            .current_dir(&plan.root),
    )
    .unwrap();
    plan.git(&["rev-parse", "HEAD"]).unwrap()
}

/// Removes all of it.
pub(super) fn remove(plan: &Plan) {
    fs::remove_dir_all(plan.root.parent().unwrap()).unwrap();
}
