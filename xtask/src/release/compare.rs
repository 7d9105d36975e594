//! Two releases of one commit beside each other: what is not identical, and why.

use std::path::Path;

use super::sum_file;
use crate::package;
use crate::shell::{Failure, Verdict};
use crate::tree::{self, Tree};

/// What is known to differ between two builds, by the beginning of its path, and the reason.
const KNOWN: &[(&str, &str)] = &[
    ("provenance/", "it names the sums of all files, and its signature the key"),
    (sum_file::NAME, "it has the sums of all files"),
];

/// Prints every difference, and fails if one of them has no known reason.
pub(super) fn run(here: &Path, there: &Path) -> Result<Verdict, Failure> {
    let (ours, theirs) = (tree::read(here)?, tree::read(there)?);
    for (folder, tree) in [(here, &ours), (there, &theirs)] {
        if tree.is_empty() {
            return Err(Failure::new(format!("{}: there is no release", folder.display())));
        }
    }
    let different = differences(&ours, &theirs);
    let identical = ours.iter().filter(|(name, sum)| theirs.get(*name) == Some(sum)).count();
    let mut unknown = 0;
    for (name, what) in &different {
        let only_follows = different.iter().any(|(other, _)| reason(other).is_none());
        match reason(name) {
            // It differs because something else does.
            Some(reason) if only_follows => println!("{name}: {what}: {reason}"),
            Some(reason) => println!("{name}: {what}, though all else is identical: {reason}"),
            None => {
                println!("{name}: {what}, for no known reason");
                unknown += 1;
                for entry in inside(&here.join(name), &there.join(name)) {
                    println!("    {entry}");
                }
            }
        }
    }
    println!(
        "{identical} files are identical, {} are not, {unknown} of them for no known reason",
        different.len()
    );
    Ok(if unknown == 0 { Verdict::Passed } else { Verdict::Failed })
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

fn reason(name: &str) -> Option<&'static str> {
    KNOWN.iter().find(|(prefix, _)| name.starts_with(prefix)).map(|(_, reason)| *reason)
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

    #[test]
    fn only_what_follows_from_others_has_a_reason() {
        assert!(reason("provenance/provenance.dsse.json").is_some() && reason("SHA256SUMS").is_some());
        assert!(reason("b2auth/b2auth.tar.gz").is_none());
    }
}
