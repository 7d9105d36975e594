//! A static library that keeps to itself: one object, in which only the functions for the generated code can be linked to.
//!
//! Rust's own archive also exports its standard library and every dependency, so that two libraries in Rust could not be
//! linked into one program.

use std::fs;
use std::path::{Path, PathBuf};

use super::super::artifacts::Native;
use super::symbols;
use crate::mobile::{self, Library};
use crate::package::place;
use crate::reproducible;
use crate::shell::{self, Failure};
use crate::test::setup::llvm;

/// Sections with the compiler's own form of the code, for an optimisation that is already done.
const BITCODE: [&str; 2] = [".llvmbc", ".llvmcmd"];

/// Builds it for this machine, and gives its path.
pub(super) fn build(native: Native) -> Result<PathBuf, Failure> {
    let library = Library {
        package: native.package(),
        manifest: Path::new("Cargo.toml"),
        features: native.features(),
        name: native.library(),
    };
    let (objcopy, ar) = (llvm::tool("llvm-objcopy")?, llvm::tool("llvm-ar")?);
    let target = place::folder()?.join("package/build");
    let mut command = shell::cargo(["rustc"]);
    command.args(mobile::arguments(&library, "staticlib")).arg("--target-dir").arg(&target);
    reproducible::set_up(&mut command)?;
    let file = format!("lib{}.a", library.name);
    reproducible::forget(&target.join("mobile").join(&file))?;
    shell::run(&mut command)?;

    let folder = place::folder()?.join("package/static").join(native.name());
    fs::create_dir_all(&folder).map_err(|cause| failure(&folder, &cause))?;
    let (all, one, hidden, result) = (
        target.join("mobile").join(&file),
        folder.join("all.o"),
        folder.join(format!("{}.o", library.name)),
        folder.join(&file),
    );
    // With the C code's debug information go the groups that it is in: emptied later, they would be no object for GNU's linker.
    shell::run(
        shell::command("ld", ["-r", "--strip-debug", "--whole-archive"]).arg(&all).arg("-o").arg(&one),
    )?;
    let keep = folder.join("exports");
    let exports = exports(&one, library.name)?;
    fs::write(&keep, exports.join("\n") + "\n").map_err(|cause| failure(&keep, &cause))?;
    let mut hide = shell::command(objcopy, BITCODE.map(|name| format!("--remove-section={name}")));
    hide.arg("--strip-unneeded").arg(format!("--keep-global-symbols={}", keep.display()));
    shell::run(hide.args([&one, &hidden]))?;
    let _ = fs::remove_file(&result);
    shell::run(shell::command(ar, ["rcsD"]).args([&result, &hidden]))?;
    let _ = fs::remove_file(&one);
    check(&result, library.name)?;
    Ok(result)
}

fn exports(object: &Path, library: &str) -> Result<Vec<String>, Failure> {
    let bytes = fs::read(object).map_err(|cause| failure(object, &cause))?;
    let found = symbols::of_object(&bytes, library);
    Ok(found.map_err(|cause| Failure::new(format!("{}: {cause}", object.display())))?.exports)
}

/// Looks at the result itself.
fn check(archive: &Path, library: &str) -> Result<(), Failure> {
    let bytes = fs::read(archive).map_err(|cause| failure(archive, &cause))?;
    let refused = |why: String| Failure::new(format!("{}: {why}", archive.display()));
    let found = symbols::of_archive(&bytes, library).map_err(|cause| refused(cause.to_string()))?;
    match (found.exports.as_slice(), found.others.as_slice(), found.bitcode.as_slice()) {
        ([], _, _) => Err(refused("it exports nothing".to_owned())),
        (_, [other, ..], _) => Err(refused(format!("it exports {other}"))),
        (_, _, [section, ..]) => Err(refused(format!("it has a section {section}"))),
        _ => Ok(()),
    }
}

fn failure(path: &Path, cause: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {cause}", path.display()))
}
