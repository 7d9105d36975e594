//! Running the steps: each makes its folder beside, and only what is complete gets its name. What is there already is compared
//! with its record, byte for byte, and made again if anything differs.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::plan::Plan;
use super::record::{Record, write_at_once};
use super::steps::{ALL, Made, Step};
use super::sum_file;
use super::tree::{self, Tree};
use crate::shell::Failure;
use crate::sums;

/// The file that lists what could not be made.
const NOT_RUN: &str = "NOT-RUN";
/// The text of the release.
const NOTES: &str = "RELEASE-NOTES.md";

/// Makes what is not there yet, and gives what could not be made here, a line each.
pub(super) fn make(plan: &Plan) -> Result<Vec<String>, Failure> {
    let _lock = lock(plan)?;
    let mut all = Tree::new();
    let mut missing = Vec::new();
    clear_leftovers(plan)?;
    for step in ALL {
        eprintln!("\n== {}", step.name);
        let record = step_record(plan, step, &all)?;
        missing.extend(record.missing.iter().map(|line| format!("{}: {line}", step.name)));
        all.extend(record.tree.into_iter().map(|(name, sum)| (format!("{}/{name}", step.name), sum)));
    }
    let notes = [(NOTES, plan.notes.clone()), (NOT_RUN, missing.join("\n") + "\n")];
    for (name, text) in notes {
        if name == NOT_RUN && missing.is_empty() {
            let _ = fs::remove_file(plan.folder.join(name));
            continue;
        }
        write_at_once(&plan.folder.join(name), text.as_bytes())?;
        all.insert(name.to_owned(), sums::of_bytes(text.as_bytes()));
    }
    sum_file::write(&plan.folder, &all)?;
    Ok(missing)
}

/// Does a step unless it is done, and gives its record.
fn step_record(plan: &Plan, step: &Step, before: &Tree) -> Result<Record, Failure> {
    let folder = plan.folder.join(step.name);
    let record_path = records(plan).join(step.name);
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
    let Made { missing } = (step.make)(plan, &part)?;
    let record = Record { made_from, missing, tree: tree::read(&part)? };
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
fn clear_leftovers(plan: &Plan) -> Result<(), Failure> {
    for entry in fs::read_dir(&plan.folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !ALL.iter().any(|step| step.name == name) {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

/// Where the records are: outside of what is published.
fn records(plan: &Plan) -> PathBuf {
    plan.work.join("records").join(&plan.version)
}

/// Two runs at once would remove each other's parts.
fn lock(plan: &Plan) -> Result<File, Failure> {
    let path = plan.work.join("lock");
    fs::create_dir_all(&plan.work).map_err(|cause| failure(&plan.work, &cause))?;
    let file = File::create(&path).map_err(|cause| failure(&path, &cause))?;
    file.try_lock().map_err(|_| Failure::new("another release is being made in this target folder"))?;
    Ok(file)
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
