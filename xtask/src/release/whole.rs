//! A release from its first step to its tag.

use super::checks::{self, Check};
use super::plan::Plan;
use super::steps::Step;
use super::{Options, engine, lock, sum_file, tag};
use crate::shell::{Failure, Verdict};

/// When the tag is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Never,
    /// If everything was made and looked at.
    IfComplete,
    /// Also if something could not be made or looked at here.
    Anyhow,
}

impl Tag {
    pub(super) fn wanted(options: &Options) -> Self {
        match (options.dry_run, options.incomplete) {
            (true, _) => Self::Never,
            (false, true) => Self::Anyhow,
            (false, false) => Self::IfComplete,
        }
    }
}

/// Runs the steps and the checks, writes the sums, and sets the tag.
pub(super) fn make(plan: &Plan, steps: &[Step], checks: &[Check], when: Tag) -> Result<Verdict, Failure> {
    let _lock = lock::take(plan)?;
    let (all, mut missing) = engine::make(plan, steps)?;
    let (mut verdict, not_run) = checks::run(plan, checks);
    missing.extend(not_run);
    engine::close(plan, all, &missing)?;
    println!("\n{}", sum_file::read(&plan.folder)?);
    for line in &missing {
        println!("NOT RUN: {line}");
    }
    match when {
        _ if verdict == Verdict::Failed => println!("no tag was set"),
        Tag::Never => println!("no tag was set"),
        Tag::IfComplete if !missing.is_empty() => {
            println!("no tag was set: not everything was made; --incomplete sets it all the same");
            verdict = Verdict::Failed;
        }
        Tag::IfComplete | Tag::Anyhow => {
            plan.still_holds()?;
            tag::set(plan)?;
        }
    }
    println!("{}", plan.folder.display());
    Ok(verdict)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::super::checks::Look;
    use super::super::fixture;
    use super::super::record::write_at_once;
    use super::super::steps::Made;
    use super::*;

    fn everything(_: &Plan, folder: &Path) -> Result<Made, Failure> {
        write_at_once(&folder.join("file"), b"x")?;
        Ok(Made::everything())
    }

    const STEPS: [Step; 1] = [Step { name: "one", reads: &[], depends: |_| String::new(), make: everything }];
    const HOLDS: Check = ("all is well", |_| Ok(Look::Holds));
    const NOT_RUN: Check = ("nobody can say", |_| Ok(Look::NotRun("no tool".to_owned())));
    const BROKEN: Check = ("all is well", |_| Err(Failure::new("it is not")));

    #[test]
    fn a_complete_release_ends_in_a_tag_at_its_commit() {
        let plan = fixture::plan("complete");
        assert_eq!(make(&plan, &STEPS, &[HOLDS], Tag::Never).unwrap(), Verdict::Passed);
        assert_eq!(plan.tagged().unwrap(), None);
        assert_eq!(make(&plan, &STEPS, &[HOLDS], Tag::IfComplete).unwrap(), Verdict::Passed);
        assert_eq!(plan.tagged().unwrap().as_ref(), Some(&plan.commit));
        // Again: it is there.
        assert_eq!(make(&plan, &STEPS, &[HOLDS], Tag::IfComplete).unwrap(), Verdict::Passed);
        fixture::remove(&plan);
    }

    #[test]
    fn what_could_not_be_looked_at_is_listed_and_is_no_complete_release() {
        let plan = fixture::plan("incomplete");
        assert_eq!(make(&plan, &STEPS, &[HOLDS, NOT_RUN], Tag::IfComplete).unwrap(), Verdict::Failed);
        assert_eq!(plan.tagged().unwrap(), None);
        let listed = fs::read_to_string(plan.folder.join(engine::NOT_RUN)).unwrap();
        assert_eq!(listed, "the check that nobody can say: no tool\n");
        assert_eq!(make(&plan, &STEPS, &[NOT_RUN], Tag::Anyhow).unwrap(), Verdict::Passed);
        assert_eq!(plan.tagged().unwrap().as_ref(), Some(&plan.commit));
        fixture::remove(&plan);
    }

    #[test]
    fn what_does_not_hold_has_no_tag_in_any_case() {
        let plan = fixture::plan("broken");
        for when in [Tag::Never, Tag::IfComplete, Tag::Anyhow] {
            assert_eq!(make(&plan, &STEPS, &[BROKEN], when).unwrap(), Verdict::Failed);
        }
        assert_eq!(plan.tagged().unwrap(), None);
        fixture::remove(&plan);
    }

    #[test]
    fn a_commit_during_the_checks_gets_no_tag() {
        let plan = fixture::plan("late");
        let commits: Check = ("it commits", |plan| {
            fixture::commit(plan, "late");
            Ok(Look::Holds)
        });
        assert!(make(&plan, &STEPS, &[commits], Tag::IfComplete).is_err());
        assert_eq!(plan.tagged().unwrap(), None);
        // The tag is the plan's commit, wherever the branch is by then.
        tag::set(&plan).unwrap();
        assert_eq!(plan.tagged().unwrap().as_ref(), Some(&plan.commit));
        fixture::remove(&plan);
    }
}
