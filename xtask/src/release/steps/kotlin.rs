//! The Kotlin packages, as a Maven repository.

use std::path::Path;

use super::super::plan::Plan;
use super::Made;
use crate::package::{self, KotlinPart};
use crate::shell::Failure;
use crate::sums;
use crate::test::suites::kotlin;
use crate::tree;

/// The libraries that are taken over, and whether Android's can be built.
pub(super) fn depends(plan: &Plan) -> String {
    let sum = |folder| sums::of_bytes(tree::lines(&tree::read(folder).unwrap_or_default()).as_bytes());
    let natives: Vec<_> = plan.natives.iter().map(|folder| sum(folder)).collect();
    format!("{natives:?} {:?} {:?}", package::what_android_lacks(), kotlin::what_is_missing())
}

pub(super) fn make(plan: &Plan, folder: &Path) -> Result<Made, Failure> {
    if let Some(reason) = kotlin::what_is_missing() {
        return Ok(Made::without(vec![format!("all of it: {reason}")]));
    }
    let mut missing = Vec::new();
    let mut parts = vec![KotlinPart::Jvm];
    match package::what_android_lacks() {
        // Never with another system's library in the place of Android's.
        Some(reason) => missing.push(format!("the AARs: {reason}")),
        None => parts.push(KotlinPart::Android),
    }
    let options = package::Options::with_natives(plan.natives.clone());
    let published = package::pack_anew(&parts, &options)?;
    missing.extend(package::missing_for_the_jvm()?.into_iter().map(|triple| {
        format!("the library for {triple} in the jars: build it there, and hand it over with --natives")
    }));
    tree::copy(&published.folder, folder)?;
    Ok(Made::without(missing))
}
