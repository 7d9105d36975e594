//! The Swift packages, each with its checksum.

use std::path::Path;

use super::super::plan::Plan;
use super::super::record::write_at_once;
use super::Made;
use crate::debian_rust;
use crate::package::{self, Licences};
use crate::shell::{self, Failure};
use crate::sums;
use crate::test::setup::llvm;
use crate::test::suites::Flavour;
use crate::tree;

/// What a Mac has built, and what can be built here otherwise.
pub(super) fn depends(plan: &Plan) -> String {
    let tools = tools().map_err(|failure| failure.to_string());
    let theirs = plan.apple.as_ref().map(|folder| tree::lines(&tree::read(folder).unwrap_or_default()));
    let here = || format!("{:?} {:?}", package::what_apple_lacks(), debian_rust::versions());
    format!("{tools:?} {}", theirs.unwrap_or_else(here))
}

pub(super) fn make(plan: &Plan, folder: &Path) -> Result<Made, Failure> {
    let mut missing = Vec::new();
    let licences = Licences::with_notices_in(&plan.folder.join("notices"))?;
    if cfg!(target_os = "linux") {
        for flavour in Flavour::BOTH {
            take(&package::pack_swift(flavour, &licences)?.path, folder)?;
        }
    } else {
        missing.push("the package for Linux: it is built on Linux".to_owned());
    }
    if let Some(theirs) = &plan.apple {
        let list = package::handed_over(theirs)?;
        for name in list.files.keys() {
            let zip = theirs.join(name);
            if !package::sums_inside(&zip)?.keys().any(|file| file.contains("THIRD-PARTY-NOTICES")) {
                return Err(Failure::new(format!("{name} has no notices: pack it with --notices")));
            }
            take(&zip, folder)?;
        }
        missing.extend(list.missing);
        return Ok(Made::without(missing).with(tools()?));
    }
    package::clear_apple()?;
    for flavour in Flavour::BOTH {
        let packed = package::pack_apple(flavour, &licences)?;
        packed.zips.iter().try_for_each(|zip| take(&zip.path, folder))?;
        missing.extend(packed.missing);
    }
    let apple = if cfg!(target_os = "linux") { debian_rust::versions() } else { Vec::new() };
    Ok(Made::without(missing).with([tools()?, apple].concat()))
}

/// What compiles and hides symbols.
fn tools() -> Result<Vec<String>, Failure> {
    Ok([shell::rustc_version()?].into_iter().chain(llvm::version("llvm-objcopy")).collect())
}

fn take(zip: &Path, folder: &Path) -> Result<(), Failure> {
    let name = zip.file_name().unwrap_or_default().display().to_string();
    tree::copy_file(zip, &folder.join(&name))?;
    let sum = sums::of_file(&folder.join(&name))?;
    write_at_once(&folder.join(format!("{name}.checksum")), format!("{sum}\n").as_bytes())
}
