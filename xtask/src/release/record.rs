//! What is noted of a step that is done: what it was made from, the sums of what it made, and what it could not make.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::Failure;
use crate::tree::{self, Tree};

/// The record of one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// A sum of all that the result depends on.
    pub(super) made_from: String,
    /// What could not be made here, a line each.
    pub(super) missing: Vec<String>,
    /// The programs that made it, with their versions, a line each.
    pub(super) tools: Vec<String>,
    /// The files of the step's folder.
    pub(super) tree: Tree,
}

const FROM: &str = "from ";
const MISSING: &str = "missing ";
const TOOL: &str = "by ";

impl Record {
    /// Reads one; nothing if there is none, or only a part of one.
    pub(super) fn read(path: &Path) -> Option<Self> {
        let text = fs::read_to_string(path).ok()?;
        let (first, rest) = text.split_once('\n')?;
        let made_from = first.strip_prefix(FROM)?.to_owned();
        let lines = |prefix: &'static str, after: usize| {
            let all = rest.lines().skip(after).map_while(move |line| line.strip_prefix(prefix));
            all.map(str::to_owned).collect::<Vec<_>>()
        };
        let missing = lines(MISSING, 0);
        let tools = lines(TOOL, missing.len());
        let files = rest.lines().skip(missing.len() + tools.len()).collect::<Vec<_>>().join("\n");
        Some(Self { made_from, missing, tools, tree: tree::parse(&files, path).ok()? })
    }

    /// Writes it, all at once.
    pub(super) fn write(&self, path: &Path) -> Result<(), Failure> {
        let missing: String = self.missing.iter().map(|line| format!("{MISSING}{line}\n")).collect();
        let tools: String = self.tools.iter().map(|line| format!("{TOOL}{line}\n")).collect();
        let text = format!("{FROM}{}\n{missing}{tools}{}", self.made_from, tree::lines(&self.tree));
        write_at_once(path, text.as_bytes())
    }
}

/// Writes a file that is there completely or not at all.
pub(super) fn write_at_once(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failure = |cause| Failure::new(format!("{}: {cause}", path.display()));
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part: PathBuf = path.with_file_name(name);
    let made = path.parent().map_or(Ok(()), fs::create_dir_all);
    made.and_then(|()| fs::write(&part, bytes)).and_then(|()| fs::rename(&part, path)).map_err(failure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_as_it_was_written_and_half_of_one_is_none() {
        let folder = crate::scratch::kept("record");
        let path = folder.join("step");
        let tree = [("a".to_owned(), "0".repeat(64))].into();
        let (missing, tools) = (vec!["no NDK".to_owned()], vec!["rustc 1".to_owned(), "zig 2".to_owned()]);
        let record = Record { made_from: "x y".to_owned(), missing, tools, tree };
        record.write(&path).unwrap();
        assert_eq!(Record::read(&path), Some(record));
        fs::write(&path, "from x\nmissing y\n0123").unwrap();
        assert_eq!(Record::read(&path), None);
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(Record::read(&path), None);
    }
}
