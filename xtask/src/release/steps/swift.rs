//! The Swift packages, each with its checksum.

use std::path::Path;

use super::super::plan::Plan;
use super::super::record::write_at_once;
use super::Made;
use crate::package;
use crate::shell::Failure;
use crate::sums;
use crate::test::suites::Flavour;
use crate::tree;

/// What a Mac has built, and what can be built here otherwise.
pub(super) fn depends(plan: &Plan) -> String {
    let theirs = plan.apple.as_ref().map(|folder| tree::lines(&tree::read(folder).unwrap_or_default()));
    theirs.unwrap_or_else(|| format!("{:?}", package::what_apple_lacks()))
}

pub(super) fn make(plan: &Plan, folder: &Path) -> Result<Made, Failure> {
    let mut missing = Vec::new();
    if cfg!(target_os = "linux") {
        for flavour in Flavour::BOTH {
            take(&package::pack_swift(flavour)?.path, folder)?;
        }
    } else {
        missing.push("the package for Linux: it is built on Linux".to_owned());
    }
    if let Some(theirs) = &plan.apple {
        let list = package::handed_over(theirs)?;
        list.files.keys().try_for_each(|name| take(&theirs.join(name), folder))?;
        missing.extend(list.missing);
        return Ok(Made::without(missing));
    }
    package::clear_apple()?;
    for flavour in Flavour::BOTH {
        let packed = package::pack_apple(flavour)?;
        packed.zips.iter().try_for_each(|zip| take(&zip.path, folder))?;
        missing.extend(packed.missing);
    }
    Ok(Made::without(missing))
}

fn take(zip: &Path, folder: &Path) -> Result<(), Failure> {
    let name = zip.file_name().unwrap_or_default().display().to_string();
    tree::copy_file(zip, &folder.join(&name))?;
    let sum = sums::of_file(&folder.join(&name))?;
    write_at_once(&folder.join(format!("{name}.checksum")), format!("{sum}\n").as_bytes())
}
