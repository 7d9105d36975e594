//! The bill of materials of each product in Rust. What the Kotlin packages depend on is in their POMs.

use std::path::Path;

use super::super::plan::Plan;
use super::super::record::write_at_once;
use super::super::sbom;
use super::Made;
use crate::shell::Failure;

pub(super) fn make(plan: &Plan, folder: &Path) -> Result<Made, Failure> {
    for (name, text) in sbom::all(&plan.work.join("sbom"), &plan.commit)? {
        write_at_once(&folder.join(format!("{name}.cdx.json")), text.as_bytes())?;
    }
    Ok(Made::everything().with(vec![sbom::tool_version()]))
}
