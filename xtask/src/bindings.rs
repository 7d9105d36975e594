//! `cargo xtask bindings`: the Kotlin and Swift code that uniffi generates from the library, and the messages that apps show.
//!
//! The generated files are checked in, so that an app's developer needs no Rust. `--check` generates them again beside
//! and compares.

mod access;
mod app_calls;
mod messages;

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{self, Failure, Verdict};
use crate::workspace;

/// A library that other languages call, and the folders of its generated code.
struct Library {
    package: &'static str,
    /// The name in its file's name.
    name: &'static str,
    kotlin: &'static str,
    swift: Swift,
}

struct Swift {
    sources: &'static str,
    /// The C module with the header.
    ffi: &'static str,
    ffi_module: &'static str,
}

const LIBRARIES: [Library; 2] = [
    Library {
        package: "auth-ffi",
        name: "b2core_auth",
        kotlin: "bindings/kotlin/core/src/generated/kotlin",
        swift: Swift {
            sources: "bindings/swift/Sources/B2CoreAuthGenerated",
            ffi: "bindings/swift/Sources/B2CoreAuthFFI",
            ffi_module: "B2CoreAuthFFI",
        },
    },
    Library {
        package: "auth-sandbox-ffi",
        name: "b2core_auth_sandbox",
        kotlin: "bindings/kotlin/testing/src/generated/kotlin",
        swift: Swift {
            sources: "bindings/swift/Sources/B2CoreAuthSandboxGenerated",
            ffi: "bindings/swift/Sources/B2CoreAuthSandboxFFI",
            ffi_module: "B2CoreAuthSandboxFFI",
        },
    },
];

/// Every folder that is generated, all of it.
fn folders() -> Vec<&'static str> {
    let code =
        LIBRARIES.iter().flat_map(|library| [library.kotlin, library.swift.sources, library.swift.ffi]);
    code.chain([messages::KOTLIN, messages::SWIFT, messages::TABLE]).collect()
}

/// Generates the bindings into the repository, or compares them with what is there.
pub(crate) fn run(check: bool) -> Result<Verdict, Failure> {
    build()?;
    if !check {
        generate(&shell::root())?;
        return Ok(Verdict::Passed);
    }
    let fresh = workspace::target_folder()?.join("bindings-check");
    generate(&fresh)?;
    let stale: Vec<_> = folders()
        .into_iter()
        .map(|folder| differences(&fresh, &shell::root(), Path::new(folder)))
        .collect::<Result<Vec<_>, _>>()?
        .concat();
    for file in &stale {
        println!("{}: is not what is generated now; run `cargo xtask bindings`", file.display());
    }
    Ok(if stale.is_empty() { Verdict::Passed } else { Verdict::Failed })
}

/// Builds the libraries with the metadata that the generators read, and the generators. One by one: together, the features
/// of one would be built into the other.
fn build() -> Result<(), Failure> {
    let packages = LIBRARIES.iter().map(|library| library.package);
    packages
        .chain(["uniffi-bindgen"])
        .try_for_each(|package| shell::run(&mut shell::cargo(["build", "-p", package])))
}

fn generate(root: &Path) -> Result<(), Failure> {
    for folder in folders() {
        let folder = root.join(folder);
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(|cause| io_failure(&folder, &cause))?;
        }
        fs::create_dir_all(&folder).map_err(|cause| io_failure(&folder, &cause))?;
    }
    LIBRARIES.iter().try_for_each(|library| generate_code(library, root))?;
    messages::generate(root)
}

fn generate_code(library: &Library, root: &Path) -> Result<(), Failure> {
    let tools = workspace::target_folder()?.join("debug");
    let file = format!("{}{}{}", std::env::consts::DLL_PREFIX, library.name, std::env::consts::DLL_SUFFIX);
    let file = tools.join(file);
    let mut kotlin =
        shell::command(tools.join("uniffi-bindgen"), ["generate", "--language", "kotlin", "--no-format"]);
    shell::run(kotlin.arg("--out-dir").arg(root.join(library.kotlin)).arg(&file))?;
    app_calls::move_to_own_threads(root, Path::new(library.kotlin))?;
    let Swift { sources, ffi, ffi_module } = &library.swift;
    let swift = |folder: &str, what: &[&str]| {
        let mut command = shell::command(tools.join("uniffi-bindgen-swift"), [&file, &root.join(folder)]);
        shell::run(command.args(what))
    };
    swift(sources, &["--swift-sources"])?;
    access::keep_in_package(root, Path::new(sources))?;
    let module = ["--module-name", ffi_module, "--modulemap-filename", "module.modulemap"];
    swift(ffi, &[&["--headers", "--modulemap"], &module[..]].concat())
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
        let place = crate::scratch::kept("bindings");
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
