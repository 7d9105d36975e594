//! The Debian package of `b2auth`, by cargo-deb. Its program uses the system's C library, as Debian wants it.

use std::fs;
use std::path::Path;

use super::super::plan::Plan;
use super::super::tree;
use super::{Made, b2auth};
use crate::cargo_tool::CargoTool;
use crate::shell::{self, Failure};

const DEB: CargoTool =
    CargoTool { name: "cargo-deb", version: "3.8.0", line: "3.", verb: None, arguments: &[] };

pub(super) fn make(plan: &Plan, folder: &Path) -> Result<Made, Failure> {
    if !cfg!(target_os = "linux") {
        return Ok(Made { missing: vec!["the Debian package: it is built on Linux".to_owned()] });
    }
    let program = DEB.find_or_install()?;
    b2auth::build(plan, &[], &[])?;
    // Where the package's description finds what cargo does not build.
    let target = plan.work.join("build");
    let beside = target.join("release/shell-files");
    let _ = fs::remove_dir_all(&beside);
    tree::copy(&plan.folder.join("shell"), &beside)?;
    tree::copy_file(&plan.folder.join("notices/b2auth.txt"), &beside.join("THIRD-PARTY-NOTICES.txt"))?;
    let mut deb = shell::command(program, ["-p", "auth-cli", "--no-build", "-o"]);
    deb.arg(folder).env("SOURCE_DATE_EPOCH", plan.date.to_string()).env("CARGO_TARGET_DIR", &target);
    shell::run(&mut deb)?;
    Ok(Made::everything())
}
