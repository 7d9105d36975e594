//! Two releases of one commit beside each other: what is not identical, and why.

use std::path::Path;

use super::steps::ENVELOPE;
use super::sum_file;
use crate::package;
use crate::shell::{Failure, Verdict};
use crate::tree::{self, Tree};

/// The one file that may differ between two builds: its signature is of the key.
const MAY_DIFFER: &str = ENVELOPE;
const REASON: &str = "its signature is of the key";

/// Prints every difference, and fails if one of them has no reason, or if a file is not what the sums beside it say.
pub(super) fn run(here: &Path, there: &Path) -> Result<Verdict, Failure> {
    let (ours, theirs) = (tree::read(here)?, tree::read(there)?);
    let mut verdict = Verdict::Passed;
    for (folder, tree) in [(here, &ours), (there, &theirs)] {
        if tree.is_empty() {
            return Err(Failure::new(format!("{}: there is no release", folder.display())));
        }
        for (name, what) in differences(&without_sums(tree), &sum_file::parse(folder)?) {
            println!("{}: {name}: {what}, by {}", folder.display(), sum_file::NAME);
            verdict = Verdict::Failed;
        }
    }
    let different = differences(&without_sums(&ours), &without_sums(&theirs));
    let identical = ours.iter().filter(|(name, sum)| theirs.get(*name) == Some(sum)).count();
    let mut unknown = 0;
    for (name, what) in &different {
        if name == MAY_DIFFER {
            println!("{name}: {what}: {REASON}");
            continue;
        }
        println!("{name}: {what}, for no known reason");
        unknown += 1;
        for entry in inside(&here.join(name), &there.join(name)) {
            println!("    {entry}");
        }
    }
    println!(
        "{identical} files are identical, {} are not, {unknown} of them for no known reason",
        different.len()
    );
    Ok(if unknown == 0 { verdict } else { Verdict::Failed })
}

/// The sums are compared with the files: whether the file with them differs follows from those.
fn without_sums(tree: &Tree) -> Tree {
    tree.iter().filter(|(name, _)| *name != sum_file::NAME).map(|(a, b)| (a.clone(), b.clone())).collect()
}

fn differences(ours: &Tree, theirs: &Tree) -> Vec<(String, &'static str)> {
    let mut all: Vec<_> = ours
        .iter()
        .filter_map(|(name, sum)| match theirs.get(name) {
            None => Some((name.clone(), "it is only here")),
            Some(other) if other != sum => Some((name.clone(), "it has other bytes")),
            Some(_) => None,
        })
        .collect();
    let only_there = theirs.keys().filter(|name| !ours.contains_key(*name));
    all.extend(only_there.map(|name| (name.clone(), "it is only there")));
    all.sort();
    all
}

/// The files in an archive that differ, if it is one that we can read.
fn inside(ours: &Path, theirs: &Path) -> Vec<String> {
    let is_zip = ours.extension().is_some_and(|it| ["zip", "jar", "aar"].iter().any(|zip| it == *zip));
    let (Ok(one), Ok(other)) = (package::sums_inside(ours), package::sums_inside(theirs)) else {
        return Vec::new();
    };
    if !is_zip {
        return Vec::new();
    }
    differences(&one, &other).into_iter().map(|(name, what)| format!("{name}: {what}")).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::super::record::write_at_once;
    use super::*;

    fn tree(files: &[(&str, &str)]) -> Tree {
        files.iter().map(|(name, sum)| ((*name).to_owned(), (*sum).to_owned())).collect()
    }

    #[test]
    fn every_difference_is_found_in_both_directions() {
        let ours = tree(&[("same", "1"), ("changed", "1"), ("here", "1")]);
        let theirs = tree(&[("same", "1"), ("changed", "2"), ("there", "1")]);
        let found: Vec<_> = differences(&ours, &theirs);
        let names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["changed", "here", "there"]);
    }

    /// A release with these files, and its sums, in a folder of this name.
    fn release(name: &str, files: &[(&str, &str)]) -> PathBuf {
        let folder = crate::scratch::kept(&format!("compare-{name}"));
        for (name, text) in files {
            write_at_once(&folder.join(name), text.as_bytes()).unwrap();
        }
        sum_file::write(&folder, &tree::read(&folder).unwrap()).unwrap();
        folder
    }

    #[test]
    fn only_the_envelope_may_differ() {
        let statement = "provenance/provenance.intoto.json";
        let here = release("here", &[("a", "1"), (statement, "1"), (ENVELOPE, "1")]);
        let verdict = |there: PathBuf| {
            let verdict = run(&here, &there).unwrap();
            fs::remove_dir_all(&there).unwrap();
            verdict
        };
        let same = release("same", &[("a", "1"), (statement, "1"), (ENVELOPE, "1")]);
        assert_eq!(verdict(same), Verdict::Passed);
        let signed = release("signed", &[("a", "1"), (statement, "1"), (ENVELOPE, "2")]);
        assert_eq!(verdict(signed), Verdict::Passed);
        let stated = release("stated", &[("a", "1"), (statement, "2"), (ENVELOPE, "1")]);
        assert_eq!(verdict(stated), Verdict::Failed);
        let more = release("more", &[("a", "1"), ("b", "1"), (statement, "1"), (ENVELOPE, "1")]);
        assert_eq!(verdict(more), Verdict::Failed);
        fs::remove_dir_all(&here).unwrap();
    }

    #[test]
    fn sums_that_are_not_of_the_files_are_found_in_both() {
        let (here, there) = (release("sums", &[("a", "1")]), release("other-sums", &[("a", "1")]));
        assert_eq!(run(&here, &there).unwrap(), Verdict::Passed);
        // The same in both, but not what the sums say.
        for folder in [&here, &there] {
            fs::write(folder.join("a"), "2").unwrap();
        }
        assert_eq!(run(&here, &there).unwrap(), Verdict::Failed);
        for folder in [here, there] {
            fs::remove_dir_all(&folder).unwrap();
        }
    }
}
