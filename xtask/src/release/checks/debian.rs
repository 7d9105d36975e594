//! The Debian package in the hands of lintian, and installed in a Debian that has nothing else.

use super::super::plan::Plan;
use super::Look;
use crate::cache;
use crate::shell::{self, Failure};
use crate::test::setup::{apt_install, way_to_install};
use crate::tree;

/// What this needs, with the packages that bring it.
const TOOLS: [(&str, &str); 3] = [("lintian", "lintian"), ("debootstrap", "debootstrap"), ("ip", "iproute2")];

pub(super) fn run(plan: &Plan) -> Result<Look, Failure> {
    if !cfg!(target_os = "linux") {
        return Look::not_run("it is looked at on Linux");
    }
    let folder = plan.folder.join("debian");
    let files = tree::read(&folder)?;
    let name =
        files.keys().find(|name| name.ends_with(".deb")).ok_or_else(|| Failure::new("there is none"))?;
    let package = folder.join(name);
    let Some(become_root) = way_to_install() else { return Look::not_run("it needs Debian, and root") };
    for (program, debian) in TOOLS {
        if shell::find(program).is_none() {
            apt_install(&become_root, &[debian])?;
        }
    }
    // It is for Debian's own archive, where a first version answers a request.
    let suppressed = ["--suppress-tags", "initial-upload-closes-no-bugs"];
    let lintian = ["--fail-on", "error,warning", "--tag-display-limit", "0"];
    shell::run(shell::command("lintian", lintian.into_iter().chain(suppressed)).arg(&package))?;
    if !become_root.is_empty() {
        return Look::not_run("it is only half done: a fresh system needs root");
    }
    let root = cache::folder("debian-minbase")?;
    // Installs it, lets it show itself, and removes it, in a system that is thrown away.
    shell::run(shell::command("bash", ["xtask/scripts/debian-check.sh"]).arg(root).arg(&package))?;
    Ok(Look::Holds)
}
