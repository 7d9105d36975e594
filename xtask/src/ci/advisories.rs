//! Known weaknesses of what the lock files hold, by RustSec's advisories in `xtask/advisories`.
//!
//! The advisories are a copy with a date, since CI reaches no database. Its age is printed; `cargo xtask advisories FOLDER` takes a
//! new copy from a checkout of the database.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::{Unit, Zoned};
use rustsec::advisory::Informational;
use rustsec::database::Query;
use rustsec::{Collection, Database, Lockfile, Vulnerability};

use crate::shell::{self, Failure, Verdict};
use crate::tree;

/// The copy, from the root of the tree.
const COPY: &str = "xtask/advisories";
/// In it, the day on which it was taken.
const DATE: &str = "date.txt";
/// In it, the advisories that are known and do no harm here: an id and the reason a line.
const WAIVED: &str = "waived.txt";

/// Checks all lock files of the tree.
pub(crate) fn run() -> Result<Verdict, Failure> {
    let copy = shell::root().join(COPY);
    let database = open(&copy)?;
    let taken = taken(&copy)?;
    let age =
        taken.until((Unit::Day, Zoned::now().date())).map_err(|cause| Failure::new(cause.to_string()))?;
    let count = database.iter().count();
    println!("{count} advisories, as of {taken}: {} days old", age.get_days());

    let waived = waived(&read(&copy.join(WAIVED))?)?;
    let locks = lock_files()?;
    let mut found = BTreeSet::new();
    for lock in &locks {
        for hit in hits(&database, &lockfile(lock)?) {
            found.insert(hit.advisory.id.to_string());
            match waived.get(hit.advisory.id.as_str()) {
                Some(reason) => println!("{}: waived: {reason}", line(&hit, lock)),
                None => eprintln!("{}", line(&hit, lock)),
            }
        }
    }
    let open: Vec<_> = found.iter().filter(|id| !waived.contains_key(*id)).collect();
    let left_over: Vec<_> = waived.keys().filter(|id| !found.contains(*id)).collect();
    left_over.iter().for_each(|id| eprintln!("{COPY}/{WAIVED}: {id} is about nothing in the lock files"));
    println!("{} lock files; advisories: {}; not waived: {}", locks.len(), found.len(), open.len());
    Ok(if open.is_empty() && left_over.is_empty() { Verdict::Passed } else { Verdict::Failed })
}

/// Takes a new copy from a checkout of RustSec's database: of each crate that is in a lock file, and of no other.
pub(crate) fn take(checkout: &Path) -> Result<Verdict, Failure> {
    let copy = shell::root().join(COPY);
    let mut names = BTreeSet::new();
    for lock in lock_files()? {
        names.extend(lockfile(&lock)?.packages.iter().map(|package| package.name.to_string()));
    }
    open(checkout)?;
    let crates = copy.join("crates");
    fs::remove_dir_all(&crates).map_err(|cause| Failure::new(format!("{}: {cause}", crates.display())))?;
    for name in names {
        tree::copy(&checkout.join("crates").join(&name), &crates.join(&name))?;
    }
    let date = copy.join(DATE);
    fs::write(&date, format!("{}\n", Zoned::now().date()))
        .map_err(|cause| Failure::new(format!("{}: {cause}", date.display())))?;
    run()
}

fn open(folder: &Path) -> Result<Database, Failure> {
    Database::open(folder).map_err(|cause| Failure::new(format!("{}: {cause}", folder.display())))
}

fn taken(copy: &Path) -> Result<Date, Failure> {
    let path = copy.join(DATE);
    read(&path)?.trim().parse().map_err(|cause| Failure::new(format!("{}: {cause}", path.display())))
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|cause| Failure::new(format!("{}: {cause}", path.display())))
}

fn lockfile(path: &Path) -> Result<Lockfile, Failure> {
    Lockfile::load(path).map_err(|cause| Failure::new(format!("{}: {cause}", path.display())))
}

/// All that are checked in.
fn lock_files() -> Result<Vec<PathBuf>, Failure> {
    let listed = shell::output(&mut shell::command("git", ["ls-files", "*Cargo.lock"]))?;
    let found: Vec<_> = listed.lines().map(|name| shell::root().join(name)).collect();
    if found.is_empty() { Err(Failure::new("git lists no Cargo.lock")) } else { Ok(found) }
}

/// What an advisory is about, harmful or only unmaintained, unless it was withdrawn.
fn hits(database: &Database, lockfile: &Lockfile) -> Vec<Vulnerability> {
    let all = Query::new().collection(Collection::Crates).withdrawn(false);
    database.query_vulnerabilities(lockfile, &all)
}

fn line(hit: &Vulnerability, lock: &Path) -> String {
    let lock = lock.strip_prefix(shell::root()).unwrap_or(lock).display();
    let kind = hit.advisory.informational.as_ref().map_or("vulnerable", Informational::as_str);
    let rustsec::package::Package { name, version, .. } = &hit.package;
    format!("{lock}: {name} {version}: {kind}: {}: {}", hit.advisory.id, hit.advisory.title)
}

/// The ids that are waived, and why.
fn waived(text: &str) -> Result<BTreeMap<String, String>, Failure> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| match line.split_once(": ") {
            Some((id, reason)) if id.starts_with("RUSTSEC-") && !reason.trim().is_empty() => {
                Ok((id.to_owned(), reason.to_owned()))
            }
            _ => Err(Failure::new(format!("{COPY}/{WAIVED}: `{line}` has no id and reason"))),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(name: &str, version: &str) -> Lockfile {
        let source = "registry+https://github.com/rust-lang/crates.io-index";
        let text = format!(
            "version = 4\n\n[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nsource = \"{source}\"\n"
        );
        text.parse().unwrap()
    }

    #[test]
    fn a_version_with_a_known_weakness_is_found_and_a_mended_one_is_not() {
        let database = open(&shell::root().join(COPY)).unwrap();
        let found = hits(&database, &lock("ring", "0.17.11"));
        let [hit] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(hit.advisory.id.as_str(), "RUSTSEC-2025-0009");
        assert!(line(hit, Path::new("Cargo.lock")).starts_with("Cargo.lock: ring 0.17.11: "));
        assert!(hits(&database, &lock("ring", "0.17.14")).is_empty());
    }

    #[test]
    fn a_waiver_has_a_reason() {
        let waived = waived("# why\nRUSTSEC-2023-0071: signs nothing that is worth anything\n").unwrap();
        assert_eq!(waived["RUSTSEC-2023-0071"], "signs nothing that is worth anything");
        for bad in ["RUSTSEC-2023-0071", "RUSTSEC-2023-0071: ", "rsa: is fine"] {
            assert!(super::waived(bad).is_err(), "{bad}");
        }
    }
}
