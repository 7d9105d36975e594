//! Running the steps: each makes its folder beside, and only what is complete gets its name. What is there already is compared
//! with its record, byte for byte, and made again if anything differs.

use std::fs;
use std::path::Path;

use super::plan::Plan;
use super::record::{Record, write_at_once};
use super::steps::{Made, Step};
use super::sum_file;
use crate::shell::Failure;
use crate::sums;
use crate::tree::{self, Tree};

/// The file that lists what could not be made.
pub(super) const NOT_RUN: &str = "NOT-RUN";
/// The text of the release.
const NOTES: &str = "RELEASE-NOTES.md";

/// Makes what is not there yet, and gives the sums of all of it and what could not be made here, a line each.
pub(super) fn make(plan: &Plan, steps: &[Step]) -> Result<(Tree, Vec<String>), Failure> {
    let mut all = Tree::new();
    let mut missing = Vec::new();
    clear_leftovers(plan, steps)?;
    for step in steps {
        eprintln!("\n== {}", step.name);
        let record = step_record(plan, step, &all)?;
        missing.extend(record.missing.iter().map(|line| format!("{}: {line}", step.name)));
        all.extend(record.tree.into_iter().map(|(name, sum)| (format!("{}/{name}", step.name), sum)));
    }
    Ok((all, missing))
}

/// Writes what is beside the folders of the steps: the notes, what is missing, and the sums of everything.
pub(super) fn close(plan: &Plan, mut all: Tree, missing: &[String]) -> Result<(), Failure> {
    let notes = [(NOTES, plan.notes.clone()), (NOT_RUN, missing.join("\n") + "\n")];
    for (name, text) in notes {
        if name == NOT_RUN && missing.is_empty() {
            continue;
        }
        write_at_once(&plan.folder.join(name), text.as_bytes())?;
        all.insert(name.to_owned(), sums::of_bytes(text.as_bytes()));
    }
    sum_file::write(&plan.folder, &all)
}

/// Does a step unless it is done, and gives its record.
fn step_record(plan: &Plan, step: &Step, before: &Tree) -> Result<Record, Failure> {
    let folder = plan.folder.join(step.name);
    let record_path = plan.record(step.name);
    let made_from = made_from(plan, step, before);
    if let Some(record) = Record::read(&record_path)
        && record.made_from == made_from
        && tree::read(&folder)? == record.tree
    {
        eprintln!("as it is recorded: {} files", record.tree.len());
        return Ok(record);
    }
    let part = plan.folder.join(format!(".{}.part", step.name));
    remove(&part)?;
    fs::create_dir_all(&part).map_err(|cause| failure(&part, &cause))?;
    let Made { missing, tools } = (step.make)(plan, &part)?;
    // What was installed for it is there now.
    let made_from = self::made_from(plan, step, before);
    let record = Record { made_from, missing, tools, tree: tree::read(&part)? };
    // It is of the commit only if that was checked out all the while.
    plan.still_holds()?;
    remove(&folder)?;
    fs::rename(&part, &folder).map_err(|cause| failure(&folder, &cause))?;
    record.write(&record_path)?;
    Ok(record)
}

/// A sum of all that a step's result depends on and that this program knows.
fn made_from(plan: &Plan, step: &Step, before: &Tree) -> String {
    let reads =
        |name: &str| step.reads.iter().any(|read| *read == "*" || name.starts_with(&format!("{read}/")));
    let read: Tree =
        before.iter().filter(|(name, _)| reads(name)).map(|(a, b)| (a.clone(), b.clone())).collect();
    let text = [&plan.commit, &plan.version, &(step.depends)(plan), &tree::lines(&read)]
        .map(String::as_str)
        .join("\n");
    sums::of_bytes(text.as_bytes())
}

/// Removes what an interrupted run has begun, and what is of no step.
fn clear_leftovers(plan: &Plan, steps: &[Step]) -> Result<(), Failure> {
    for entry in fs::read_dir(&plan.folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !steps.iter().any(|step| step.name == name) {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

fn remove(path: &Path) -> Result<(), Failure> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => Err(failure(path, &cause)),
        _ => Ok(()),
    }
}

fn failure(path: &Path, cause: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {cause}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::super::fixture;
    use super::*;

    thread_local! {
        /// How often each of the two steps was begun, and whether the second one fails.
        static BEGUN: Cell<(u32, u32)> = const { Cell::new((0, 0)) };
        static FAILS: Cell<bool> = const { Cell::new(false) };
    }

    fn first(_: &Plan, folder: &Path) -> Result<Made, Failure> {
        BEGUN.set((BEGUN.get().0 + 1, BEGUN.get().1));
        write_at_once(&folder.join("a/file"), b"first")?;
        Ok(Made::without(vec!["a part".to_owned()]))
    }

    /// Reads the first one's file, and may fail when its own is half there.
    fn second(plan: &Plan, folder: &Path) -> Result<Made, Failure> {
        BEGUN.set((BEGUN.get().0, BEGUN.get().1 + 1));
        let read = fs::read(plan.folder.join("first/a/file")).map_err(|cause| failure(folder, &cause))?;
        write_at_once(&folder.join("file"), &read)?;
        if FAILS.get() { Err(Failure::new("killed")) } else { Ok(Made::everything()) }
    }

    const STEPS: [Step; 2] = [
        Step { name: "first", reads: &[], depends: |_| String::new(), make: first },
        Step { name: "second", reads: &["first"], depends: |plan| plan.notes.clone(), make: second },
    ];

    /// Runs the steps in a folder of the test's, and says how often each was begun since the last time.
    fn run(plan: &Plan) -> (Result<Vec<String>, String>, (u32, u32)) {
        BEGUN.set((0, 0));
        let made = make(plan, &STEPS).and_then(|(all, missing)| close(plan, all, &missing).map(|()| missing));
        (made.map_err(|failure| failure.to_string()), BEGUN.get())
    }

    #[test]
    fn an_interrupted_release_goes_on_where_it_was() {
        let plan = fixture::plan("interrupted");
        FAILS.set(true);
        assert_eq!(run(&plan), (Err("killed".to_owned()), (1, 1)));
        // Nothing that is not complete has its name.
        assert!(plan.folder.join("first").is_dir() && !plan.folder.join("second").exists());
        FAILS.set(false);
        let missing = vec!["first: a part".to_owned()];
        assert_eq!(run(&plan), (Ok(missing.clone()), (0, 1)));
        let sums = sum_file::read(&plan.folder).unwrap();
        assert_eq!(run(&plan), (Ok(missing), (0, 0)));
        assert_eq!(sum_file::read(&plan.folder).unwrap(), sums);
        let mut tree = tree::read(&plan.folder).unwrap();
        tree.remove(sum_file::NAME);
        assert_eq!(tree::lines(&tree), sums);
        fixture::remove(&plan);
    }

    #[test]
    fn what_was_touched_is_made_again_and_what_reads_it_only_if_it_differs() {
        let mut plan = fixture::plan("touched");
        assert_eq!(run(&plan).1, (1, 1));
        fs::write(plan.folder.join("first/a/file"), "changed").unwrap();
        assert_eq!(run(&plan).1, (1, 0));
        fs::write(plan.folder.join("second/more"), "").unwrap();
        fs::write(plan.folder.join("stranger"), "").unwrap();
        assert_eq!(run(&plan).1, (0, 1));
        assert!(!plan.folder.join("second/more").exists() && !plan.folder.join("stranger").exists());
        // Another commit, or another thing that a step depends on.
        plan.commit = fixture::commit(&plan, "second");
        assert_eq!(run(&plan).1, (1, 1));
        plan.notes = "y".to_owned();
        assert_eq!(run(&plan).1, (0, 1));
        fixture::remove(&plan);
    }

    #[test]
    fn what_the_machine_has_is_part_of_a_record() {
        thread_local! { static HAS: Cell<bool> = const { Cell::new(false) }; }
        let plan = fixture::plan("machine");
        let step = Step { depends: |_| format!("{:?}", HAS.get()), ..STEPS[0] };
        let made = || {
            BEGUN.set((0, 0));
            make(&plan, &[step]).unwrap();
            BEGUN.get().0
        };
        assert_eq!((made(), made()), (1, 0));
        HAS.set(true);
        assert_eq!((made(), made()), (1, 0));
        // Installed by the step itself: that is not another machine by the next time.
        HAS.set(false);
        let installs = Step {
            make: |plan, folder| {
                HAS.set(true);
                first(plan, folder)
            },
            ..step
        };
        BEGUN.set((0, 0));
        make(&plan, &[installs]).unwrap();
        make(&plan, &[installs]).unwrap();
        assert_eq!(BEGUN.get().0, 1);
        fixture::remove(&plan);
    }

    #[test]
    fn a_step_during_which_the_commit_changes_is_not_recorded() {
        let plan = fixture::plan("moving");
        let step = Step {
            name: "first",
            reads: &[],
            depends: |_| String::new(),
            make: |plan, folder| {
                fixture::commit(plan, "meanwhile");
                first(plan, folder)
            },
        };
        let failure = make(&plan, &[step]).unwrap_err().to_string();
        assert!(failure.contains("has changed"), "{failure}");
        assert!(!plan.record("first").exists() && !plan.folder.join("first").exists());
        fixture::remove(&plan);
    }
}
