//! No file of a release names the machine that it was made on: its checkout, its user's home, its name.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use flate2::read::GzDecoder;

use super::super::plan::Plan;
use super::Look;
use crate::package;
use crate::shell::{self, Failure};
use crate::tree;

pub(super) fn run(plan: &Plan) -> Result<Look, Failure> {
    let home = std::env::home_dir().map(|home| format!("{}/", home.display()));
    let name = shell::output(&mut shell::command("uname", ["-n"])).unwrap_or_default().trim().to_owned();
    let root = format!("{}/", plan.root.display());
    let words: Vec<String> = home.into_iter().chain([root, name]).collect();
    // What every system may say.
    let words: Vec<&str> =
        words.iter().map(String::as_str).filter(|word| !["", "/", "localhost"].contains(word)).collect();
    let mut found = Vec::new();
    for file in tree::read(&plan.folder)?.keys() {
        let path = plan.folder.join(file);
        for (name, bytes) in contents(&path)? {
            found.extend(
                words
                    .iter()
                    .filter(|word| names(&bytes, word))
                    .map(|word| format!("{file}: {}: {word}", name.display())),
            );
        }
    }
    found.iter().for_each(|line| println!("{line}"));
    match found.first() {
        None => Ok(Look::Holds),
        Some(first) => Err(Failure::new(format!("{} places, the first: {first}", found.len()))),
    }
}

/// The file itself, and the files in it if it is an archive, also in those in it.
fn contents(path: &Path) -> Result<Vec<(PathBuf, Vec<u8>)>, Failure> {
    let failure = |cause: &dyn std::fmt::Display| Failure::new(format!("{}: {cause}", path.display()));
    let bytes = std::fs::read(path).map_err(|cause| failure(&cause))?;
    let bytes = if path.extension().is_some_and(|it| it == "deb") {
        let mut files = shell::command("dpkg-deb", ["--fsys-tarfile"]);
        let output = files.arg(path).stderr(Stdio::inherit()).output();
        output.map_err(|cause| shell::not_started(&files, &cause))?.stdout
    } else {
        bytes
    };
    inside(path, bytes).map_err(|cause| failure(&cause))
}

fn inside(name: &Path, bytes: Vec<u8>) -> std::io::Result<Vec<(PathBuf, Vec<u8>)>> {
    let is = |endings: &[&str]| name.extension().is_some_and(|it| endings.iter().any(|ending| it == *ending));
    let mut all = Vec::new();
    if is(&["zip", "jar", "aar"]) {
        for (name, bytes) in package::files_inside(&bytes)? {
            all.extend(inside(Path::new(&name), bytes)?);
        }
    } else if is(&["gz", "crate"]) {
        let mut unpacked = Vec::new();
        GzDecoder::new(bytes.as_slice()).read_to_end(&mut unpacked)?;
        // `a.tar.gz` and `a.crate` are archives of files, `a.1.gz` is one file.
        let is_tar =
            is(&["crate"]) || name.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with(".tar"));
        all.extend(inside(Path::new(if is_tar { "files.tar" } else { "file" }), unpacked)?);
    } else if is(&["tar", "deb"]) {
        for entry in tar::Archive::new(bytes.as_slice()).entries()? {
            let mut entry = entry?;
            let name = entry.path()?.into_owned();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            all.extend(inside(&name, bytes)?);
        }
    } else {
        all.push((name.to_owned(), bytes));
    }
    Ok(all)
}

/// The least text that a word counts in. A machine with a name of two letters has it in any program, between bytes that are no text.
const LEAST_TEXT: usize = 8;

/// Whether the word is there in a text, and not as a part of a longer one.
fn names(bytes: &[u8], word: &str) -> bool {
    let is_part = |byte: Option<&u8>| byte.is_some_and(|it| it.is_ascii_alphanumeric() || b"-_".contains(it));
    let at_word = |at: usize| {
        let end = at + word.len();
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        !is_part(before) && (word.ends_with('/') || !is_part(bytes.get(end)))
    };
    let is_text = |byte: &&u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    let in_text = |at: usize| {
        let end = at + word.len();
        let before = bytes[..at].iter().rev().take(LEAST_TEXT).take_while(is_text).count();
        let after = bytes[end..].iter().take(LEAST_TEXT).take_while(is_text).count();
        before + word.len() + after >= LEAST_TEXT
    };
    let mut from = 0;
    let Some(first) = word.bytes().next() else { return false };
    while let Some(at) = bytes[from..].iter().position(|byte| *byte == first).map(|at| from + at) {
        if bytes[at..].starts_with(word.as_bytes()) && at_word(at) && in_text(at) {
            return true;
        }
        from = at + 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_word_is_found_alone_and_not_as_a_part() {
        assert!(names(b"x /home/me/a", "/home/me/") && names(b"on host1.", "host1"));
        assert!(
            !names(b"a/home/me/b", "/home/me/") && !names(b"ghost1", "host1") && !names(b"host12", "host1")
        );
    }

    #[test]
    fn a_short_word_counts_in_a_text_and_not_between_other_bytes() {
        assert!(names(b"built on m1\n", "m1") && names(b"\0\0me@m1:/x\0", "m1"));
        assert!(!names(b"\x00\x8b\xffm1\x00\x0f\xc3", "m1") && !names(b"\0 m1 \0", "m1"));
    }

    #[test]
    fn archives_are_looked_into() {
        let mut tar = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(1);
        tar.append_data(&mut header, "a/b", &b"x"[..]).unwrap();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&tar.into_inner().unwrap()).unwrap();
        let found = inside(Path::new("x.tar.gz"), gzip.finish().unwrap()).unwrap();
        assert_eq!(found, [(PathBuf::from("a/b"), b"x".to_vec())]);
    }
}
