//! The API of the Swift layer, from the symbol graphs of its compiled module. Nothing of the generated module below it is public.

mod graph;

use std::fs;
use std::path::Path;

use self::graph::Graph;
use super::listing::Listing;
use super::{Listed, fresh_folder, io_failure};
use crate::shell::{self, Failure};
use crate::test::suites::swift as suite;

/// What apps import.
const LAYER: &str = "B2CoreAuth";
/// What a name of the modules below it has in it.
const GENERATED: [&str; 3] = ["Generated", "B2CoreAuthFFI", "uniffi"];

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
    let words = [Path::new("bash"), &script, Path::new(&scratch), &out, Path::new(LAYER)];
    shell::run(&mut suite::command(&toolchain, &[&scripts, &target], words))?;

    let lines: Vec<_> = graph::items(&graphs(&out)?).into_iter().map(|item| item.line).collect();
    if let Some(leak) = lines.iter().find(|line| names_what_is_generated(line)) {
        return Err(Failure::new(format!("generated code is public: {leak}")));
    }
    Ok(Listed::Files(vec![Listing::sorted("swift.txt", lines)]))
}

fn names_what_is_generated(line: &str) -> bool {
    GENERATED.iter().any(|name| line.contains(name))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_module_below_is_found() {
        for leak in [
            "B2CoreAuth: typealias Office = B2CoreAuthGenerated.Office",
            "B2CoreAuth.Session: func uniffiCloneHandle() -> UInt64",
        ] {
            assert!(names_what_is_generated(leak), "{leak}");
        }
        assert!(!names_what_is_generated("B2CoreAuth.Office = enum Office"));
    }
}
