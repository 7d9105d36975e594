//! The crates as a registry takes them, in the order in which they have to be published. Cargo builds each from its archive alone,
//! against the archives of the others.

use std::fs;
use std::path::Path;

use cargo_metadata::{DependencyKind, Package};

use super::super::plan::Plan;
use super::super::record::write_at_once;
use super::Made;
use crate::shell::{self, Failure};
use crate::workspace;

/// The file that lists them in their order.
const ORDER: &str = "publishing-order.txt";

pub(super) fn make(plan: &Plan, folder: &Path) -> Result<Made, Failure> {
    let metadata = workspace::metadata()?;
    let packages = metadata.workspace_packages();
    let (published, kept): (Vec<_>, Vec<_>) = packages.into_iter().partition(|package| is_published(package));
    for package in kept {
        println!("{}: is not published (`publish = false`)", package.name);
    }
    let order = in_order(published)?;
    let target = plan.work.join("crates");
    let archives = target.join("package");
    if archives.exists() {
        fs::remove_dir_all(&archives).map_err(|cause| failure(&archives, &cause))?;
    }
    let mut command = shell::cargo(["package", "--locked", "--target-dir"]);
    command.arg(&target);
    command.args(order.iter().flat_map(|package| ["-p", package.name.as_str()]));
    shell::run(&mut command)?;
    let mut list = String::new();
    for package in &order {
        let name = format!("{}-{}.crate", package.name, package.version);
        let from = archives.join(&name);
        fs::copy(&from, folder.join(&name)).map_err(|cause| failure(&from, &cause))?;
        list += &format!("{name}\n");
    }
    write_at_once(&folder.join(ORDER), list.as_bytes())?;
    Ok(Made::everything().with(vec![shell::rustc_version()?]))
}

fn is_published(package: &Package) -> bool {
    package.publish.as_ref().is_none_or(|registries| !registries.is_empty())
}

/// Each after those that it depends on. Tests do not count: what only they need is not published with a crate.
fn in_order(mut rest: Vec<&Package>) -> Result<Vec<&Package>, Failure> {
    let mut order: Vec<&Package> = Vec::new();
    rest.sort_by_key(|package| package.name.to_string());
    while !rest.is_empty() {
        let waits = |package: &&Package| {
            let needs = package.dependencies.iter().filter(|need| need.kind != DependencyKind::Development);
            let mut needs = needs.map(|need| need.name.as_str());
            needs.any(|need| rest.iter().any(|other| other.name.as_str() == need))
        };
        let (waiting, ready): (Vec<_>, Vec<_>) = rest.iter().copied().partition(waits);
        if ready.is_empty() {
            return Err(Failure::new(format!("{} depends on itself in a circle", waiting[0].name)));
        }
        order.extend(ready);
        rest = waiting;
    }
    Ok(order)
}

fn failure(path: &Path, cause: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {cause}", path.display()))
}
