//! The Kotlin packages, as a Maven repository.

use std::path::Path;

use super::super::plan::Plan;
use super::Made;
use crate::maven;
use crate::package::{self, KotlinPart, Licences};
use crate::shell::{self, Failure};
use crate::sums;
use crate::tree;

/// The libraries that are taken over, and whether Android's can be built.
pub(super) fn depends(plan: &Plan) -> String {
    let sum = |folder| sums::of_bytes(tree::lines(&tree::read(folder).unwrap_or_default()).as_bytes());
    let natives: Vec<_> = plan.natives.iter().map(|folder| sum(folder)).collect();
    let tools = tools().map_err(|failure| failure.to_string());
    format!("{natives:?} {tools:?} {:?} {:?}", package::what_android_lacks(), maven::what_is_missing())
}

pub(super) fn make(plan: &Plan, folder: &Path) -> Result<Made, Failure> {
    if let Some(reason) = maven::what_is_missing() {
        return Ok(Made::without(vec![format!("all of it: {reason}")]));
    }
    let mut missing = Vec::new();
    let mut parts = vec![KotlinPart::Jvm];
    match package::what_android_lacks() {
        // Never with another system's library in the place of Android's.
        Some(reason) => missing.push(format!("the AARs: {reason}")),
        None => parts.push(KotlinPart::Android),
    }
    let options = package::Options::with(
        plan.natives.clone(),
        Licences::with_notices_in(&plan.folder.join("notices"))?,
    );
    let published = package::pack_anew(&parts, &options)?;
    missing.extend(package::missing_for_the_jvm()?.into_iter().map(|triple| {
        format!("the library for {triple} in the jars: build it there, and hand it over with --natives")
    }));
    tree::copy(&published.folder, folder)?;
    Ok(Made::without(missing).with(tools()?))
}

/// The compiler of the libraries, and the one that Maven runs on.
fn tools() -> Result<Vec<String>, Failure> {
    let maven = maven::versions().unwrap_or_default();
    // Not the lines with folders and the system. The first may begin with a terminal's codes.
    let names = ["Apache Maven ", "Java version: "];
    let versions = maven.lines().filter_map(|line| {
        let at = names.iter().find_map(|name| line.find(name))?;
        Some(line[at..].split([',', '(']).next().unwrap_or_default().trim().to_owned())
    });
    Ok([shell::rustc_version()?].into_iter().chain(versions).collect())
}
