//! The Swift packages, each with its checksum.

use std::path::Path;

use super::super::plan::Plan;
use super::super::record::write_at_once;
use super::super::tree;
use super::Made;
use crate::package::{self, Zip};
use crate::shell::Failure;
use crate::test::suites::Flavour;

pub(super) fn make(_: &Plan, folder: &Path) -> Result<Made, Failure> {
    let mut missing = Vec::new();
    if cfg!(target_os = "linux") {
        for flavour in Flavour::BOTH {
            take(&package::pack_swift(flavour)?, folder)?;
        }
    } else {
        missing.push("the package for Linux: it is built on Linux".to_owned());
    }
    package::clear_apple()?;
    for flavour in Flavour::BOTH {
        let packed = package::pack_apple(flavour)?;
        packed.zips.iter().try_for_each(|zip| take(zip, folder))?;
        missing.extend(packed.missing);
    }
    Ok(Made { missing })
}

fn take(zip: &Zip, folder: &Path) -> Result<(), Failure> {
    let name = zip.path.file_name().unwrap_or_default().display().to_string();
    tree::copy_file(&zip.path, &folder.join(&name))?;
    write_at_once(&folder.join(format!("{name}.checksum")), format!("{}\n", zip.sha256).as_bytes())
}
