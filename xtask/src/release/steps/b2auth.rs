//! The `b2auth` command as one file that runs on any Linux, in an archive with its completions, man pages and notices.

use std::path::{Path, PathBuf};

use super::super::archive::{self, File};
use super::super::musl;
use super::super::plan::Plan;
use super::super::runtime::Route;
use super::Made;
use crate::reproducible;
use crate::shell::{self, Failure};
use crate::tree;

/// Which C library is inside, and what links it.
pub(super) fn depends(_: &Plan) -> String {
    let route = Route::of_one_file();
    format!("{route:?} {:?}", route.tools().map_err(|failure| failure.to_string()))
}

pub(super) fn make(plan: &Plan, folder: &Path) -> Result<Made, Failure> {
    if !cfg!(target_os = "linux") {
        return Ok(Made::without(vec!["b2auth for Linux: it is built on Linux".to_owned()]));
    }
    let mut missing = Vec::new();
    let route = Route::of_one_file();
    let (program, target) = match musl::what_is_missing() {
        None => (musl::build(plan)?, musl::TARGET.to_owned()),
        Some(reason) => {
            missing.push(format!("b2auth over musl: {reason}; it is static over glibc instead"));
            let program = build(plan, &[], &["-Ctarget-feature=+crt-static"])?;
            (program, format!("{}-static", shell::host()?))
        }
    };
    // It has to run at all before it is packed.
    let version = shell::output(&mut shell::command(&program, ["--version"]))?;
    if version.trim() != format!("b2auth {}", plan.version) {
        return Err(Failure::new(format!("{} says that it is `{}`", program.display(), version.trim())));
    }
    let name = format!("b2auth-{}-{target}", plan.version);
    let files = files(plan, &program)?;
    archive::write_tar_gz(&folder.join(format!("{name}.tar.gz")), &name, files, plan.date)?;
    Ok(Made::without(missing).with(route.tools()?))
}

fn files(plan: &Plan, program: &Path) -> Result<Vec<File>, Failure> {
    let mut files = vec![File::read(program, "b2auth")?.executable()];
    let root = shell::root();
    for (from, to) in [
        ("crates/auth-cli/README.md", "README.md"),
        ("LICENSE-APACHE", "LICENSE-APACHE"),
        ("LICENSE-MIT", "LICENSE-MIT"),
    ] {
        files.push(File::read(&root.join(from), to)?);
    }
    files.push(File::read(&plan.folder.join("notices/b2auth.txt"), "THIRD-PARTY-NOTICES.txt")?);
    files.extend(File::all_below(&plan.folder.join("shell"), "")?);
    Ok(files)
}

/// Builds it for this machine, with more arguments for cargo and for the last call of rustc, and gives the path of a copy that
/// the next build leaves alone.
pub(super) fn build(plan: &Plan, cargo: &[&str], rustc: &[&str]) -> Result<PathBuf, Failure> {
    let target = plan.work.join("build");
    let mut command = shell::cargo(["rustc", "--release", "--locked", "-p", "auth-cli", "--bin", "b2auth"]);
    command.arg("--target-dir").arg(&target).args(cargo).arg("--").args(rustc);
    reproducible::set_up(&mut command)?;
    let built = target.join("release/b2auth");
    reproducible::forget(&built)?;
    shell::run(&mut command)?;
    let copy = plan.work.join("program/b2auth");
    tree::copy_file(&built, &copy)?;
    Ok(copy)
}
