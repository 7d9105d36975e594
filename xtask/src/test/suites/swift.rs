//! The Swift suite: XCTest with this machine's Swift, or on Linux inside a Debian of its own that brings one.

use std::ffi::OsStr;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Built, Flavour, Suite, build, counted};
use crate::cache;
use crate::shell::{self, Failure};
use crate::test::{Counts, setup};

/// Where a Swift compiler is.
pub(crate) enum Toolchain {
    /// On the PATH.
    Here,
    /// Inside this root folder.
    Inside(PathBuf),
}

/// Runs the suite if a Swift can be had.
pub(crate) fn run() -> Result<Suite, Failure> {
    let toolchain = match toolchain() {
        Ok(toolchain) => toolchain,
        Err(reason) => return Ok(Suite::NotRun(reason)),
    };
    let mut counts = Counts::default();
    for flavour in Flavour::BOTH {
        counts.add(run_flavour(&toolchain, flavour)?);
    }
    Ok(Suite::Ran(counts))
}

fn run_flavour(toolchain: &Toolchain, flavour: Flavour) -> Result<Counts, Failure> {
    let built = build(flavour)?;
    // The host of the testing module's tests, which are in the same bundle. A build of its own, as an app's tests have it.
    shell::run(&mut shell::cargo(["build", "-p", "auth-sandbox-ffi"]))?;
    let mut last = None;
    let passed = counted(&mut test_command(toolchain, &built, flavour)?, |line| {
        // Suites report one after the other, and the one that holds them all last.
        last = result(line).or(last);
    })?;
    let mut counts = last.unwrap_or_default();
    if !passed || last.is_none() {
        counts.failed = counts.failed.max(1);
    }
    Ok(counts)
}

/// Finds a Swift, or makes one on a Debian where that can be done without a question.
pub(crate) fn toolchain() -> Result<Toolchain, String> {
    if shell::find("swift").is_some() {
        return Ok(Toolchain::Here);
    }
    let need = "it needs Swift 6 on the PATH, or root on a Debian, where it sets one up by itself";
    if setup::way_to_install().is_none_or(|become_root| !become_root.is_empty()) {
        return Err(format!("no swift; {need}"));
    }
    let root = cache::folder("swift-trixie").map_err(|cause| cause.to_string())?;
    set_up(&root).map_err(|cause| format!("{cause}; {need}"))?;
    Ok(Toolchain::Inside(root))
}

fn set_up(root: &Path) -> Result<(), Failure> {
    if root.join(".swift-ready").exists() {
        return Ok(());
    }
    if shell::find("debootstrap").is_none() {
        setup::apt_install(&[], &["debootstrap"])?;
    }
    eprintln!("setting up Swift in {}: about two minutes, once", root.display());
    shell::run(shell::command("bash", ["xtask/scripts/swift-root.sh"]).arg(root))
}

fn test_command(toolchain: &Toolchain, built: &Built, flavour: Flavour) -> Result<Command, Failure> {
    // The library of this flavour, and that of the sandbox, which has none.
    let libraries = format!("{}:{}", built.library.display(), folder_of(&built.b2auth).display());
    let settings = [
        format!("LIBRARY_PATH={libraries}"),
        format!("LD_LIBRARY_PATH={libraries}"),
        format!("B2AUTH={}", built.b2auth.display()),
        format!("FLAVOUR={}", flavour.name()),
    ];
    let scratch = scratch()?;
    let mut test = vec!["swift", "test", "--scratch-path", &scratch];
    test.extend(flavour.only().into_iter().flat_map(|class| ["--filter", class]));
    // The libraries and the command are below the target folder.
    let target = folder_of(folder_of(&built.b2auth));
    // What the tests compare with: the table of messages, and the lists of the public API.
    let (messages, lists) = (shell::root().join("bindings/messages"), shell::root().join("docs/api"));
    let words = ["env"].into_iter().chain(settings.iter().map(String::as_str)).chain(test);
    Ok(command(toolchain, &[&messages, &lists, target], words))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}

/// A command in the folder of the package, where a Swift is on the PATH. It may use these other folders.
pub(crate) fn command<S: AsRef<OsStr>>(
    toolchain: &Toolchain,
    folders: &[&Path],
    words: impl IntoIterator<Item = S>,
) -> Command {
    command_in(toolchain, &package(), folders, words)
}

/// The same in any folder.
pub(crate) fn command_in<S: AsRef<OsStr>>(
    toolchain: &Toolchain,
    start: &Path,
    folders: &[&Path],
    words: impl IntoIterator<Item = S>,
) -> Command {
    match toolchain {
        Toolchain::Here => {
            let mut command = shell::command("env", words);
            command.current_dir(start);
            command
        }
        Toolchain::Inside(root) => {
            let mut command = shell::command("bash", ["xtask/scripts/swift-enter.sh"]);
            command.args([root.as_path(), start]).args(folders).arg("--").args(words);
            command
        }
    }
}

fn package() -> PathBuf {
    shell::root().join("bindings/swift")
}

/// A folder for build products of this checkout, outside of it: they are another system's. It is the user's own, in whichever system.
pub(crate) fn scratch() -> Result<String, Failure> {
    let mut hasher = DefaultHasher::new();
    package().hash(&mut hasher);
    let folder = cache::folder(&format!("swift-build/{:016x}", hasher.finish()))?;
    Ok(folder.display().to_string())
}

/// `Executed 35 tests, with 1 failure (0 unexpected) in 2.3 (2.3) seconds`, perhaps `with 2 tests skipped and`.
fn result(line: &str) -> Option<Counts> {
    let rest = line.trim_start().strip_prefix("Executed ")?;
    let number_before = |word: &str| {
        let (before, _) = rest.split_once(word)?;
        before.trim_end().rsplit(' ').next()?.parse::<u64>().ok()
    };
    let run = number_before(" test")?;
    let failed = number_before(" failure")?;
    let skipped = number_before(" tests skipped").or_else(|| number_before(" test skipped")).unwrap_or(0);
    Some(Counts { passed: run.checked_sub(failed + skipped)?, failed, skipped })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_line_is_read() {
        let counts = |line| result(line).map(|c| (c.passed, c.failed, c.skipped));
        let line = "\t Executed 35 tests, with 1 failure (0 unexpected) in 2.3 (2.3) seconds";
        assert_eq!(counts(line), Some((34, 1, 0)));
        let line = "Executed 1 test, with 0 failures (0 unexpected) in 0.1 (0.1) seconds";
        assert_eq!(counts(line), Some((1, 0, 0)));
        let line = "\t Executed 9 tests, with 2 tests skipped and 0 failures (0 unexpected) in 1 (1) seconds";
        assert_eq!(counts(line), Some((7, 0, 2)));
        assert_eq!(counts("Test Suite 'All tests' passed"), None);
    }
}
