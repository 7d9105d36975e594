//! The licences of all that is compiled in, with their texts, by cargo-about.

use std::path::Path;

use super::super::plan::Plan;
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

/// The manifests, and the files that are named after what is made of them.
const PRODUCTS: [(&str, &str); 3] = [
    ("crates/auth-cli/Cargo.toml", "b2auth.txt"),
    ("crates/auth-ffi/Cargo.toml", "b2core_auth.txt"),
    ("crates/auth-sandbox-ffi/Cargo.toml", "b2core_auth_sandbox.txt"),
];

pub(super) fn make(_: &Plan, folder: &Path) -> Result<Made, Failure> {
    let program = ABOUT.find_or_install()?;
    for (manifest, file) in PRODUCTS {
        let fixed =
            ["about", "generate", "--locked", "--offline", "--fail", "-c", "about.toml", "-m", manifest];
        let mut about = shell::command(&program, fixed);
        shell::run(about.arg("about.hbs").arg("-o").arg(folder.join(file)))?;
    }
    Ok(Made::everything())
}
