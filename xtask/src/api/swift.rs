//! The API of the Swift layer, from the symbol graphs of its compiled modules.

mod graph;

use std::fs;
use std::path::Path;

use self::graph::Graph;
use super::listing::Listing;
use super::{Listed, fresh_folder, io_failure, reachable};
use crate::shell::{self, Failure};
use crate::test::suites::swift as suite;

/// What apps import.
const LAYER: &str = "B2CoreAuth";
/// The module below it.
const GENERATED: &str = "B2CoreAuthGenerated";

/// Compiles the layer and lists it, if a Swift can be had.
pub(super) fn list() -> Result<Listed, Failure> {
    let toolchain = match suite::toolchain() {
        Ok(toolchain) => toolchain,
        Err(reason) => return Ok(Listed::NotRun(reason)),
    };
    let target = shell::target_folder()?;
    let out = target.join("api/swift");
    fresh_folder(&out)?;
    let scripts = shell::root().join("xtask/scripts");
    let script = scripts.join("swift-api.sh");
    let scratch = suite::scratch();
    let words =
        [Path::new("bash"), &script, Path::new(&scratch), &out, Path::new(LAYER), Path::new(GENERATED)];
    shell::run(&mut suite::command(&toolchain, &[&scripts, &target], words))?;

    let items = graph::items(&graphs(&out)?);
    let generated = format!("{GENERATED}.");
    let lines = reachable::lines(items, |item| item.of.starts_with(&generated));
    Ok(Listed::Files(vec![Listing::sorted("swift.txt", lines)]))
}

/// Every graph in the folder.
fn graphs(folder: &Path) -> Result<Vec<Graph>, Failure> {
    let mut graphs = Vec::new();
    for entry in fs::read_dir(folder).map_err(|cause| io_failure(folder, &cause))? {
        let path = entry.map_err(|cause| io_failure(folder, &cause))?.path();
        let text = fs::read_to_string(&path).map_err(|cause| io_failure(&path, &cause))?;
        let graph = serde_json::from_str(&text);
        graphs.push(graph.map_err(|cause| Failure::new(format!("{}: {cause}", path.display())))?);
    }
    Ok(graphs)
}
