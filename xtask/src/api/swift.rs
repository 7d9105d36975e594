//! The API of the Swift package's products, from the symbol graphs of their compiled modules. Nothing of the generated modules below them
//! is public.

mod graph;

use std::fs;
use std::path::Path;

use self::graph::Graph;
use super::listing::Listing;
use super::{Listed, fresh_folder, io_failure};
use crate::shell::{self, Failure};
use crate::test::suites::swift::{self as suite, Toolchain};
use crate::workspace;

/// What the tests of apps import and what apps import, each with its file. The first one's build has the other.
const PRODUCTS: [(&str, &str); 2] = [("B2CoreAuthTesting", "swift-testing.txt"), ("B2CoreAuth", "swift.txt")];
/// What a name of the modules below them has in it.
const GENERATED: [&str; 4] = ["Generated", "B2CoreAuthFFI", "B2CoreAuthSandboxFFI", "uniffi"];

/// Compiles the products and lists them, if a Swift can be had.
pub(super) fn list() -> Result<Listed, Failure> {
    let toolchain = match suite::toolchain() {
        Ok(toolchain) => toolchain,
        Err(reason) => return Ok(Listed::NotRun(reason)),
    };
    let files = PRODUCTS.iter().map(|product| of_product(&toolchain, product));
    files.collect::<Result<_, _>>().map(Listed::Files)
}

fn of_product(toolchain: &Toolchain, (module, file): &(&str, &'static str)) -> Result<Listing, Failure> {
    let target = workspace::target_folder()?;
    let out = target.join("api/swift").join(module);
    fresh_folder(&out)?;
    let scripts = shell::root().join("xtask/scripts");
    let script = scripts.join("swift-api.sh");
    let scratch = suite::scratch()?;
    let words = [Path::new("bash"), &script, Path::new(&scratch), &out, Path::new(module)];
    shell::run(&mut suite::command(toolchain, &[&scripts, &target], words))?;

    let lines: Vec<_> = graph::items(&graphs(&out)?).into_iter().map(|item| item.line).collect();
    if let Some(leak) = lines.iter().find(|line| names_what_is_generated(line)) {
        return Err(Failure::new(format!("generated code is public: {leak}")));
    }
    Ok(Listing::sorted(file, lines))
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
            "B2CoreAuthTesting.Sandbox: let raw: B2CoreAuthSandboxGenerated.Sandbox",
        ] {
            assert!(names_what_is_generated(leak), "{leak}");
        }
        assert!(!names_what_is_generated("B2CoreAuth.Office = enum Office"));
    }
}
