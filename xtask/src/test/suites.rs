//! The suites of the other languages and of programs outside the workspace: what they need, how they are run, what they count.

pub(crate) mod kotlin;
mod outside;
mod packages;
mod pair;
mod sandbox;
pub(crate) mod swift;
mod swift_docs;
mod swift_packages;

use std::io;
use std::path::PathBuf;
use std::process::Stdio;

use super::{Counts, stream};
use crate::shell::{self, Failure};
use crate::workspace;

/// How a suite ended.
pub(crate) enum Suite {
    /// It ran.
    Ran(Counts),
    /// This machine cannot have what it needs, which is said here in a line.
    NotRun(String),
}

/// A suite and its name.
pub(crate) type Named = (&'static str, fn() -> Result<Suite, Failure>);

/// Programs that depend on ours, in the order in which they run.
pub(crate) const OUTSIDE: &[Named] =
    &[("outside", outside::run), ("outside with native-tls", outside::run_native_tls)];

/// What is packed of Kotlin, in the hands of somebody else.
pub(crate) const PACKAGES: Named = ("Kotlin packages", packages::run);

const SWIFT_DOCS: Named = ("Swift documentation", swift_docs::run);

/// What is packed of Swift, in the hands of somebody else.
pub(crate) const SWIFT_PACKAGES: Named = ("Swift packages", swift_packages::run);

/// The other languages', after them.
pub(crate) const LANGUAGES: &[Named] = &[
    ("Kotlin", kotlin::run),
    PACKAGES,
    ("Swift", swift::run),
    SWIFT_DOCS,
    SWIFT_PACKAGES,
    ("Kotlin and Swift", pair::run),
];

/// Runs a suite's command and shows its output as it comes; `count` reads the closing lines. A command that fails without
/// a failed test counts as one.
fn counted(command: &mut std::process::Command, count: impl FnMut(&str)) -> Result<bool, Failure> {
    shell::announce(command);
    command.stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|cause| shell::not_started(command, &cause))?;
    if let Some(stdout) = child.stdout.take() {
        stream(stdout, io::stdout().lock(), count)
            .map_err(|cause| Failure::new(format!("cannot pass the tests' output on: {cause}")))?;
    }
    let status = child.wait().map_err(|cause| shell::not_started(command, &cause))?;
    if !status.success() {
        eprintln!("error: {}", shell::unsuccessful(command, status));
    }
    Ok(status.success())
}

/// The two libraries that come out of one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Flavour {
    /// With its own HTTP stack and file store: the whole suite runs on it.
    Bundled,
    /// With neither: the tests that bring both run on it.
    Platform,
}

impl Flavour {
    pub(crate) const BOTH: [Self; 2] = [Self::Bundled, Self::Platform];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bundled => "bundled",
            Self::Platform => "platform",
        }
    }

    /// The class of tests to keep to, in both languages.
    fn only(self) -> Option<&'static str> {
        (self == Self::Platform).then_some("PlatformTest")
    }
}

/// What a suite works with.
struct Built {
    /// The folder of the library that the bindings load.
    library: PathBuf,
    /// The command that serves the sandbox.
    b2auth: PathBuf,
}

fn build(flavour: Flavour) -> Result<Built, Failure> {
    let target = workspace::target_folder()?;
    let mut library = shell::cargo(["build", "-p", "auth-ffi"]);
    let folder = match flavour {
        Flavour::Bundled => target.clone(),
        // Beside, so that the two do not take turns at one file.
        Flavour::Platform => target.join("platform"),
    };
    if flavour == Flavour::Platform {
        library.args(["--no-default-features", "--target-dir"]).arg(&folder);
    }
    shell::run(&mut library)?;
    Ok(Built { library: folder.join("debug"), b2auth: build_b2auth()? })
}

/// Builds the command that serves the sandbox, and says where it is.
fn build_b2auth() -> Result<PathBuf, Failure> {
    shell::run(&mut shell::cargo(["build", "-p", "auth-cli"]))?;
    Ok(workspace::target_folder()?.join("debug/b2auth"))
}
