//! The files below a folder, with their sums.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::shell::Failure;
use crate::sums;

/// Paths with slashes, from the folder, and the SHA-256 sum of each.
pub(crate) type Tree = BTreeMap<String, String>;

/// Reads all of a folder; nothing if there is none.
pub(crate) fn read(folder: &Path) -> Result<Tree, Failure> {
    let mut tree = Tree::new();
    if folder.is_dir() {
        collect(folder, "", &mut tree)?;
    }
    Ok(tree)
}

fn collect(folder: &Path, prefix: &str, into: &mut Tree) -> Result<(), Failure> {
    let failure = |cause: std::io::Error| Failure::new(format!("{}: {cause}", folder.display()));
    for entry in fs::read_dir(folder).map_err(failure)? {
        let path = entry.map_err(failure)?.path();
        let name = format!("{prefix}{}", path.file_name().unwrap_or_default().to_string_lossy());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), into)?;
        } else {
            into.insert(name, sums::of_file(&path)?);
        }
    }
    Ok(())
}

/// Copies all files below a folder into another one.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    read(from)?.keys().try_for_each(|name| copy_file(&from.join(name), &to.join(name)))
}

/// Copies a file, with the folders that it needs.
pub(crate) fn copy_file(from: &Path, to: &Path) -> Result<(), Failure> {
    let made = to.parent().map_or(Ok(()), fs::create_dir_all);
    let copied = made.and_then(|()| fs::copy(from, to));
    copied.map(|_| ()).map_err(|cause| Failure::new(format!("{}: {cause}", from.display())))
}

/// The tree as the lines of `sha256sum`.
pub(crate) fn lines(tree: &Tree) -> String {
    tree.iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect()
}

/// Reads such lines; others are an error of the file that is named.
pub(crate) fn parse(text: &str, file: &Path) -> Result<Tree, Failure> {
    let broken = |line: &str| Failure::new(format!("{}: `{line}` is no sum and name", file.display()));
    text.lines()
        .map(|line| match line.split_once("  ") {
            Some((sum, name)) if sum.len() == 64 => Ok((name.to_owned(), sum.to_owned())),
            _ => Err(broken(line)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_they_were_written() {
        let tree: Tree = [("a/b c", "0"), ("z", "1")].map(|(name, c)| (name.to_owned(), c.repeat(64))).into();
        assert_eq!(parse(&lines(&tree), Path::new("F")).unwrap(), tree);
        assert!(parse("1234  a\n", Path::new("F")).is_err());
    }
}
