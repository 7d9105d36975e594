//! Licences, banned crates and sources, by cargo-deny with the rules in `deny.toml`.
//!
//! Advisories are checked by `advisories.rs`: this tool would fetch their database from outside.

use crate::cargo_tool::CargoTool;
use crate::shell::{self, Failure, Verdict};

/// Any version of this line reads our `deny.toml` the same way.
const DENY: CargoTool = CargoTool {
    name: "cargo-deny",
    version: "0.20.2",
    line: "0.20.",
    // Without optimisation: that takes well under a minute instead of several, and checking our tree takes about a second
    // either way.
    verb: None,
    arguments: &["--debug"],
};

/// Finds or installs cargo-deny and lets it check.
pub(crate) fn run() -> Result<Verdict, Failure> {
    let program = DENY.find_or_install()?;
    shell::run(&mut shell::command(program, ["check", "bans", "licenses", "sources"]))?;
    Ok(Verdict::Passed)
}
