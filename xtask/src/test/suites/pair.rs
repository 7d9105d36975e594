//! QR sign-in between the languages: a display in Kotlin and its approver in Swift, at one sandbox.

use std::panic::resume_unwind;
use std::process::Command;
use std::thread;
use std::time::Duration;

use super::sandbox::{Folder, Sandbox};
use super::swift::Toolchain;
use super::{Built, Flavour, Suite, build, counted, kotlin, swift};
use crate::maven;
use crate::shell::{self, Failure};
use crate::test::Counts;
use crate::workspace;

/// The approver.
const PROGRAM: &str = "QrApprover";
/// A user of the sandbox without a second factor, and the password of them all.
const USER: &str = "plain@example.com";
const PASSWORD: &str = "Secret123";
/// How often it is looked whether a file has come.
const POLL: Duration = Duration::from_millis(10);

/// Runs the two beside each other, if this machine has what both need.
pub(crate) fn run() -> Result<Suite, Failure> {
    if let Some(reason) = maven::what_is_missing() {
        return Ok(Suite::NotRun(reason));
    }
    let toolchain = match swift::toolchain() {
        Ok(toolchain) => toolchain,
        Err(reason) => return Ok(Suite::NotRun(reason)),
    };
    let built = build(Flavour::Bundled)?;
    shell::run(&mut approver(&toolchain, &built, &["build", "--product", PROGRAM], &[])?)?;
    // Below the target folder, which the Swift system has too.
    let folder = Folder::new(workspace::target_folder()?.join("qr-pair"))?;
    let sandbox = Sandbox::start(&built.b2auth, folder.path())?;
    let payload = folder.path().join("payload");

    let mut display = kotlin::command(&built, Flavour::Bundled)?;
    display.args(["-pl", "core", "-Dtest=QrPair"]).arg(format!("-Dpair.host={}", sandbox.host));
    display.arg(format!("-Dpair.payload={}", payload.display()));
    let mut approver = approver(
        &toolchain,
        &built,
        &["run", "--skip-build", PROGRAM],
        &[&sandbox.host, &payload.display().to_string(), USER, PASSWORD],
    )?;
    thread::scope(|scope| {
        let displaying = scope.spawn(|| displayed(&mut display));
        while !payload.exists() && !displaying.is_finished() {
            thread::sleep(POLL);
        }
        let approved = payload.exists() && shell::run(&mut approver).is_ok();
        let mut counts = displaying.join().unwrap_or_else(|panic| resume_unwind(panic))?;
        if !approved || counts.passed == 0 {
            eprintln!("error: the approver in Swift has approved nothing");
            counts.failed = counts.failed.max(1);
        }
        Ok(Suite::Ran(counts))
    })
}

/// Runs the display, which writes its code's payload to a file and waits.
fn displayed(display: &mut Command) -> Result<Counts, Failure> {
    let mut counts = Counts::default();
    let passed = counted(display, |line| {
        if let Some(more) = kotlin::result(line) {
            counts.add(more);
        }
    })?;
    if !passed {
        counts.failed = counts.failed.max(1);
    }
    Ok(counts)
}

/// A command of Swift's package manager for the approver.
fn approver(
    toolchain: &Toolchain,
    built: &Built,
    swift: &[&str],
    arguments: &[&str],
) -> Result<Command, Failure> {
    let library = built.library.display();
    let settings = [format!("LIBRARY_PATH={library}"), format!("LD_LIBRARY_PATH={library}")];
    let scratch = swift::scratch()?;
    let mut words = vec!["env", &settings[0], &settings[1], "swift", swift[0], "--scratch-path", &scratch];
    words.extend(&swift[1..]);
    words.extend(arguments);
    let target = built.b2auth.ancestors().nth(2).unwrap_or(&built.b2auth);
    Ok(swift::command(toolchain, &[target], words))
}
