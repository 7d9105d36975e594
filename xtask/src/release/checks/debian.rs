//! The Debian package in the hands of lintian, and installed in a Debian that has nothing else.

use std::path::Path;

use super::super::plan::Plan;
use super::super::tree;
use crate::cache;
use crate::shell::{self, Failure};
use crate::test::setup::{apt_install, way_to_install};

/// What this needs, with the packages that bring it.
const TOOLS: [(&str, &str); 2] = [("lintian", "lintian"), ("debootstrap", "debootstrap")];

pub(super) fn run(plan: &Plan) -> Result<(), Failure> {
    let folder = plan.folder.join("debian");
    let files = tree::read(&folder)?;
    let name =
        files.keys().find(|name| name.ends_with(".deb")).ok_or_else(|| Failure::new("there is none"))?;
    let package = folder.join(name);
    for (program, debian) in TOOLS {
        if shell::find(program).is_none() {
            let missing = || Failure::new(format!("no {program}; it needs Debian's package {debian}"));
            apt_install(&way_to_install().ok_or_else(missing)?, &[debian])?;
        }
    }
    // It is for Debian's own archive, where a first version answers a request.
    let suppressed = ["--suppress-tags", "initial-upload-closes-no-bugs"];
    let lintian = ["--fail-on", "error,warning", "--tag-display-limit", "0"];
    shell::run(shell::command("lintian", lintian.into_iter().chain(suppressed)).arg(&package))?;
    installed(&package)
}

/// Installs it, lets it show itself, and removes it, in a system that is thrown away.
fn installed(package: &Path) -> Result<(), Failure> {
    if way_to_install().is_none_or(|become_root| !become_root.is_empty()) {
        return Err(Failure::new("it needs root, to make a fresh system"));
    }
    let root = cache::folder("debian-minbase")?;
    shell::run(shell::command("bash", ["xtask/scripts/debian-check.sh"]).arg(root).arg(package))
}
