//! The public API of the crates against the last release, by cargo-semver-checks.
//!
//! It is called for each crate by name: for a whole workspace it leaves crates out without a word, and says that all is well.

use std::path::Path;

use crate::cargo_tool::CargoTool;
use crate::shell::{self, Failure, Verdict};

const SEMVER: CargoTool = CargoTool {
    name: "cargo-semver-checks",
    version: "0.51.0",
    line: "0.51.0",
    verb: Some("semver-checks"),
    arguments: &[],
};

/// The crates that others link to as Rust.
const CRATES: [&str; 6] =
    ["auth-core", "auth-http", "auth-store", "auth-client", "auth-messages", "auth-sandbox"];

/// What a comparison came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    /// It was made.
    Made(Verdict),
    /// Nothing was released before.
    FirstRelease,
    /// The clone has no tags, and no history in which they could be.
    NoTagsHere,
}

/// What the clone says about the last release.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Baseline {
    Tag(String),
    FirstRelease,
    NoTagsHere,
}

/// The reason that is given for `NoTagsHere`.
pub(crate) const NO_TAGS: &str = "this clone is shallow and has no tags: `git fetch --tags --unshallow`";

/// Compares with the last tag before `own`, the tag of the version that is being released. The tool is installed if it is not there and
/// there is something to compare: that takes minutes, once.
pub(crate) fn compare(repository: &Path, own: &str) -> Result<Comparison, Failure> {
    let tag = match baseline(repository, own)? {
        Baseline::Tag(tag) => tag,
        Baseline::FirstRelease => return Ok(Comparison::FirstRelease),
        Baseline::NoTagsHere => return Ok(Comparison::NoTagsHere),
    };
    let program = SEMVER.find_or_install()?;
    let mut verdict = Verdict::Passed;
    for name in CRATES {
        let mut command = shell::command(&program, ["semver-checks", "-p", name, "--baseline-rev", &tag]);
        shell::announce(&command);
        let output = command.output().map_err(|cause| shell::not_started(&command, &cause))?;
        let text = String::from_utf8_lossy(&output.stderr);
        eprint!("{text}");
        if !output.status.success() || !has_checked(&text) {
            println!("{name}: it breaks who uses {tag}, or was not compared with it");
            verdict = Verdict::Failed;
        }
    }
    Ok(Comparison::Made(verdict))
}

fn baseline(repository: &Path, own: &str) -> Result<Baseline, Failure> {
    let git = |words: &[&str]| shell::output(shell::command("git", words).current_dir(repository));
    let tags = git(&["tag", "--list", "v*", "--merged", "HEAD", "--sort", "-v:refname"])?;
    if let Some(tag) = tags.lines().find(|tag| *tag != own) {
        return Ok(Baseline::Tag(tag.to_owned()));
    }
    let is_shallow = git(&["rev-parse", "--is-shallow-repository"])?.trim() == "true";
    Ok(if is_shallow { Baseline::NoTagsHere } else { Baseline::FirstRelease })
}

/// `     Checked [   0.045s] 196 checks: 196 pass, 49 skip`
fn has_checked(text: &str) -> bool {
    text.lines().any(|line| line.trim_start().starts_with("Checked "))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_run_without_a_comparison_is_none() {
        assert!(has_checked("    Building a\n     Checked [   0.045s] 196 checks: 196 pass\n"));
        assert!(!has_checked("    Finished\n") && !has_checked(""));
    }

    #[test]
    fn the_last_tag_is_compared_with_and_a_shallow_clone_has_none() {
        let place = crate::scratch::kept("semver");
        let (whole, shallow) = (place.join("whole"), place.join("shallow"));
        fs::create_dir_all(&whole).unwrap();
        let git = |words: &[&str]| {
            let set = ["-c", "user.name=T", "-c", "user.email=t@example.invalid", "-c", "tag.gpgSign=false"];
            shell::run(shell::command("git", set).args(words).current_dir(&whole)).unwrap();
        };
        git(&["init", "--quiet"]);
        for text in ["one", "two"] {
            git(&["commit", "--quiet", "--no-gpg-sign", "--no-verify", "--allow-empty", "-m", text]);
        }
        assert_eq!(baseline(&whole, "v0.2.0").unwrap(), Baseline::FirstRelease);
        let from = format!("file://{}", whole.display());
        let mut clone = shell::command("git", ["clone", "--quiet", "--depth", "1", &from]);
        shell::run(clone.arg(&shallow)).unwrap();
        assert_eq!(baseline(&shallow, "v0.2.0").unwrap(), Baseline::NoTagsHere);
        for tag in ["v0.9.0", "v0.10.0", "v0.11.0"] {
            git(&["tag", "-a", tag, "-m", "x"]);
        }
        assert_eq!(baseline(&whole, "v0.11.0").unwrap(), Baseline::Tag("v0.10.0".to_owned()));
        fs::remove_dir_all(&place).unwrap();
    }
}
