//! `cargo xtask bindings`: the Kotlin and Swift code that uniffi generates from the library, and the messages that apps show.
//!
//! The generated files are checked in, so that an app's developer needs no Rust. `--check` generates them again beside
//! and compares.

mod messages;

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{self, Failure, Verdict};

const KOTLIN: &str = "bindings/kotlin/core/src/generated/kotlin";
const SWIFT: &str = "bindings/swift/Sources/B2CoreAuthGenerated";
const SWIFT_FFI: &str = "bindings/swift/Sources/B2CoreAuthFFI";

/// Every folder that is generated, all of it.
const FOLDERS: [&str; 6] = [KOTLIN, SWIFT, SWIFT_FFI, messages::KOTLIN, messages::SWIFT, messages::TABLE];

/// Generates the bindings into the repository, or compares them with what is there.
pub(crate) fn run(check: bool) -> Result<Verdict, Failure> {
    let library = build()?;
    if !check {
        generate(&library, &shell::root())?;
        return Ok(Verdict::Passed);
    }
    let fresh = shell::target_folder()?.join("bindings-check");
    generate(&library, &fresh)?;
    let stale: Vec<_> = FOLDERS
        .into_iter()
        .map(|folder| differences(&fresh, &shell::root(), Path::new(folder)))
        .collect::<Result<Vec<_>, _>>()?
        .concat();
    for file in &stale {
        println!("{}: is not what is generated now; run `cargo xtask bindings`", file.display());
    }
    Ok(if stale.is_empty() { Verdict::Passed } else { Verdict::Failed })
}

/// Builds the library with the metadata that the generators read, and the generators. In two steps: together, the
/// generators' features would be built into the library.
fn build() -> Result<PathBuf, Failure> {
    shell::run(&mut shell::cargo(["build", "-p", "auth-ffi"]))?;
    shell::run(&mut shell::cargo(["build", "-p", "uniffi-bindgen"]))?;
    let name = format!("{}b2core_auth{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    Ok(shell::target_folder()?.join("debug").join(name))
}

fn generate(library: &Path, root: &Path) -> Result<(), Failure> {
    let tools = shell::target_folder()?.join("debug");
    for folder in FOLDERS {
        let folder = root.join(folder);
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(|cause| io_failure(&folder, &cause))?;
        }
        fs::create_dir_all(&folder).map_err(|cause| io_failure(&folder, &cause))?;
    }
    let mut kotlin =
        shell::command(tools.join("uniffi-bindgen"), ["generate", "--language", "kotlin", "--no-format"]);
    shell::run(kotlin.arg("--out-dir").arg(root.join(KOTLIN)).arg(library))?;
    let swift = |folder: &str, what: &[&str]| {
        let mut command = shell::command(tools.join("uniffi-bindgen-swift"), [library, &root.join(folder)]);
        shell::run(command.args(what))
    };
    swift(SWIFT, &["--swift-sources"])?;
    let module = ["--module-name", "B2CoreAuthFFI", "--modulemap-filename", "module.modulemap"];
    swift(SWIFT_FFI, &[&["--headers", "--modulemap"], &module[..]].concat())?;
    messages::generate(root)
}

/// Files below `folder` that are in one of both trees only, or differ.
fn differences(fresh: &Path, kept: &Path, folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut all = files(fresh, folder)?;
    all.extend(files(kept, folder)?);
    all.sort();
    all.dedup();
    all.retain(|file| fs::read(fresh.join(file)).ok() != fs::read(kept.join(file)).ok());
    Ok(all)
}

/// All files below `folder`, as paths from `root`.
fn files(root: &Path, folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let here = root.join(folder);
    if !here.exists() {
        return Ok(found);
    }
    for entry in fs::read_dir(&here).map_err(|cause| io_failure(&here, &cause))? {
        let entry = entry.map_err(|cause| io_failure(&here, &cause))?;
        let path = folder.join(entry.file_name());
        if entry.path().is_dir() { found.extend(files(root, &path)?) } else { found.push(path) }
    }
    Ok(found)
}

fn io_failure(path: &Path, cause: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {cause}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_differs_or_is_on_one_side_only_is_stale() {
        let place = std::env::temp_dir().join(format!("xtask-bindings-{}", std::process::id()));
        let write = |tree: &str, file: &str, text: &str| {
            let path = place.join(tree).join("out").join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        for (file, fresh, kept) in [("same", Some("x"), Some("x")), ("a/changed", Some("new"), Some("old"))] {
            fresh.inspect(|text| write("fresh", file, text));
            kept.inspect(|text| write("kept", file, text));
        }
        write("fresh", "added", "x");
        write("kept", "gone", "x");
        let stale = differences(&place.join("fresh"), &place.join("kept"), Path::new("out")).unwrap();
        fs::remove_dir_all(&place).unwrap();
        assert_eq!(stale, ["out/a/changed", "out/added", "out/gone"].map(PathBuf::from));
    }
}
