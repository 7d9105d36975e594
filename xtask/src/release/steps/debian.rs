//! The Debian package of `b2auth`, by cargo-deb. Its program uses the system's C library, as Debian wants it.

use std::fs;
use std::path::Path;

use super::super::archive;
use super::super::plan::Plan;
use super::{Made, b2auth};
use crate::cargo_tool::CargoTool;
use crate::shell::{self, Failure};
use crate::tree;

const DEB: CargoTool =
    CargoTool { name: "cargo-deb", version: "3.8.0", line: "3.8.0", verb: None, arguments: &[] };

/// As the package's description names them.
const MAINTAINER: &str = "B2Core Auth <auth@example.invalid>";

pub(super) fn make(plan: &Plan, folder: &Path) -> Result<Made, Failure> {
    if !cfg!(target_os = "linux") {
        return Ok(Made::without(vec!["the Debian package: it is built on Linux".to_owned()]));
    }
    let program = DEB.find_or_install()?;
    b2auth::build(plan, &[], &[])?;
    // Where the package's description finds what cargo does not build.
    let target = plan.work.join("build");
    let beside = target.join("release/shell-files");
    let _ = fs::remove_dir_all(&beside);
    let shell = plan.folder.join("shell");
    tree::copy(&shell.join("completions"), &beside.join("completions"))?;
    for page in tree::read(&shell.join("man"))?.keys() {
        let from = shell.join("man").join(page);
        let text = fs::read(&from).map_err(|cause| Failure::new(format!("{}: {cause}", from.display())))?;
        archive::write_gz(&beside.join(format!("man/{page}.gz")), &text)?;
    }
    archive::write_gz(&beside.join("changelog.Debian.gz"), changelog(plan)?.as_bytes())?;
    tree::copy_file(&plan.folder.join("notices/b2auth-debian.txt"), &beside.join("THIRD-PARTY-NOTICES.txt"))?;
    let mut deb = shell::command(program, ["-p", "auth-cli", "--no-build", "-o"]);
    deb.arg(folder).env("SOURCE_DATE_EPOCH", plan.date.to_string()).env("CARGO_TARGET_DIR", &target);
    shell::run(&mut deb)?;
    Ok(Made::everything().with(vec![shell::rustc_version()?, format!("{} {}", DEB.name, DEB.version)]))
}

/// Debian's form of a changelog, with the one entry of this version. What changed is in the release's own notes.
fn changelog(plan: &Plan) -> Result<String, Failure> {
    let seconds = i64::try_from(plan.date).unwrap_or_default();
    let date = jiff::Timestamp::from_second(seconds);
    let date = date.map_err(|cause| Failure::new(format!("the commit's date: {cause}")))?;
    let date = date.strftime("%a, %d %b %Y %H:%M:%S +0000");
    Ok(format!(
        "b2auth ({0}-1) unstable; urgency=medium\n\n  * Version {0}.\n\n -- {MAINTAINER}  {date}\n",
        plan.version
    ))
}
