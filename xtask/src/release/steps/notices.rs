//! The licences of all that is compiled in, with their texts, by cargo-about.

use std::panic::resume_unwind;
use std::path::Path;
use std::thread;

use super::super::plan::Plan;
use super::super::sbom;
use super::Made;
use crate::cargo_tool::CargoTool;
use crate::shell::{self, Failure};

const ABOUT: CargoTool = CargoTool {
    name: "cargo-about",
    version: "0.9.3",
    line: "0.9.",
    verb: None,
    arguments: &["--features", "cli"],
};

/// The manifests, and the files that are named after what is made of them. It takes minutes for each, so the sandbox's library has
/// none of its own: whatever is in it is in one of these two as well.
const PRODUCTS: [(&str, &str); 2] =
    [("crates/auth-cli/Cargo.toml", "b2auth.txt"), ("crates/auth-ffi/Cargo.toml", "b2core_auth.txt")];
const SANDBOX: &str = "b2core_auth_sandbox";

pub(super) fn make(plan: &Plan, folder: &Path) -> Result<Made, Failure> {
    let listed = |name: &str| sbom::crates_of(&plan.folder.join(format!("sbom/{name}.cdx.json")));
    let (program, library) = (listed("b2auth")?, listed("b2core_auth")?);
    // Ours are not in the notices.
    let is_noted =
        |it: &(String, String)| program.contains(it) || library.contains(it) || it.1 == plan.version;
    if let Some((name, version)) = listed(SANDBOX)?.iter().find(|it| !is_noted(it)) {
        return Err(Failure::new(format!("{SANDBOX}: {name} {version} is in no notices")));
    }
    let program = ABOUT.find_or_install()?;
    let write = |manifest: &str, file: &str| {
        let fixed =
            ["about", "generate", "--locked", "--offline", "--fail", "-c", "about.toml", "-m", manifest];
        let mut about = shell::command(&program, fixed);
        shell::run(about.arg("about.hbs").arg("-o").arg(folder.join(file)))
    };
    // Each is busy for minutes, with one processor.
    thread::scope(|scope| {
        let all = PRODUCTS.map(|(manifest, file)| scope.spawn(move || write(manifest, file)));
        all.into_iter().try_for_each(|one| one.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })?;
    Ok(Made::everything())
}
