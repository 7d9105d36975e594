//! Licences, banned crates and sources, by cargo-deny with the rules in `deny.toml`.
//!
//! Advisories are not checked: their database is fetched from outside, which CI cannot do.

use std::path::{Path, PathBuf};

use crate::cache;
use crate::shell::{self, Failure, Verdict};

/// The version that is installed if there is none.
const VERSION: &str = "0.20.2";
/// Any version of this line reads our `deny.toml` the same way.
const LINE: &str = "0.20.";

/// Finds or installs cargo-deny and lets it check.
pub(crate) fn run() -> Result<Verdict, Failure> {
    let program = find_or_install()?;
    shell::run(&mut shell::command(program, ["check", "bans", "licenses", "sources"]))?;
    Ok(Verdict::Passed)
}

fn find_or_install() -> Result<PathBuf, Failure> {
    let tools = cache::folder("tools")?;
    let installed = tools.join("bin/cargo-deny");
    let on_path = shell::find("cargo-deny");
    if let Some(program) = on_path.into_iter().chain([installed.clone()]).find(|program| is_suitable(program))
    {
        return Ok(program);
    }
    install(&tools)?;
    Ok(installed)
}

fn is_suitable(program: &Path) -> bool {
    program.is_file()
        && shell::output(&mut shell::command(program, ["--version"]))
            .is_ok_and(|version| is_our_line(&version))
}

/// `cargo-deny 0.20.2`
fn is_our_line(version: &str) -> bool {
    version.trim().strip_prefix("cargo-deny ").is_some_and(|version| version.starts_with(LINE))
}

/// Builds it without optimisation: that takes well under a minute instead of several, and checking our tree takes
/// about a second either way.
fn install(tools: &Path) -> Result<(), Failure> {
    let fixed = ["install", "cargo-deny", "--version", VERSION, "--locked", "--debug", "--root"];
    let mut command = shell::cargo(fixed);
    // Not into the target folder of the checkout: cargo then builds in a temporary one.
    command.arg(tools).env("CARGO_PROFILE_DEV_DEBUG", "0").env_remove("CARGO_TARGET_DIR");
    shell::run(&mut command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_versions_of_our_line_are_suitable() {
        assert!(is_our_line(&format!("cargo-deny {VERSION}\n")));
        assert!(is_our_line("cargo-deny 0.20.9"));
        for other in ["cargo-deny 0.2.0", "cargo-deny 0.21.0", "0.20.2", ""] {
            assert!(!is_our_line(other), "{other}");
        }
    }

    #[test]
    fn what_is_not_there_is_not_suitable() {
        assert!(!is_suitable(Path::new("no-such-folder/cargo-deny")));
    }
}
