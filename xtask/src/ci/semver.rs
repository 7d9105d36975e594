//! The public API of the crates against the last release, by cargo-semver-checks.
//!
//! It is called for each crate by name: for a whole workspace it leaves crates out without a word, and says that all is well.

use crate::cargo_tool::CargoTool;
use crate::shell::{self, Failure, Verdict};

use super::report::Outcome;

const SEMVER: CargoTool = CargoTool {
    name: "cargo-semver-checks",
    version: "0.51.0",
    line: "0.51.",
    verb: Some("semver-checks"),
    arguments: &[],
};

/// The crates that others link to as Rust.
const CRATES: [&str; 6] =
    ["auth-core", "auth-http", "auth-store", "auth-client", "auth-messages", "auth-sandbox"];

/// Compares with the last tag, if there is one.
pub(super) fn run() -> Result<Outcome, Failure> {
    let tags = ["tag", "--list", "v*", "--merged", "HEAD", "--sort", "-v:refname"];
    let tags = shell::output(&mut shell::command("git", tags))?;
    let Some(tag) = tags.lines().next() else { return Ok(Outcome::NotRun { reason: "no tag yet" }) };
    // It takes minutes to be built: a machine that has it looks, and so does each release.
    let Some(program) = SEMVER.find() else {
        return Ok(Outcome::NotRun { reason: "there is no cargo-semver-checks here" });
    };
    let mut verdict = Verdict::Passed;
    for name in CRATES {
        let mut command = shell::command(&program, ["semver-checks", "-p", name, "--baseline-rev", tag]);
        shell::announce(&command);
        let output = command.output().map_err(|cause| shell::not_started(&command, &cause))?;
        let text = String::from_utf8_lossy(&output.stderr);
        eprint!("{text}");
        if !output.status.success() || !has_checked(&text) {
            println!("{name}: it breaks who uses {tag}, or was not compared with it");
            verdict = Verdict::Failed;
        }
    }
    Ok(verdict.into())
}

/// `     Checked [   0.045s] 196 checks: 196 pass, 49 skip`
fn has_checked(text: &str) -> bool {
    text.lines().any(|line| line.trim_start().starts_with("Checked "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_without_a_comparison_is_none() {
        assert!(has_checked("    Building a\n     Checked [   0.045s] 196 checks: 196 pass\n"));
        assert!(!has_checked("    Finished\n") && !has_checked(""));
    }
}
