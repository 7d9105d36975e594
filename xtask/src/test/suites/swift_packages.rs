//! The Swift package as somebody else's package uses it: by the path of what was in the zip, with no flag of its own.

mod clash;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::sandbox::Sandbox;
use super::swift::{self, Toolchain};
use super::{Flavour, Suite, build_b2auth, counted};
use crate::package::{self, Licences};
use crate::scratch;
use crate::shell::{self, Failure};
use crate::test::Counts;

/// Its folder, from the root.
const CONSUMER: &str = "bindings/swift/Consumer";

/// Packs, and lets the consumer at it.
pub(crate) fn run() -> Result<Suite, Failure> {
    let toolchain = match swift::toolchain() {
        Ok(toolchain) => toolchain,
        Err(reason) => return Ok(Suite::NotRun(reason)),
    };
    if !cfg!(target_os = "linux") {
        return Ok(Suite::NotRun("the package with libraries is one for Linux".to_owned()));
    }
    let place = scratch::folder("swift")?;
    let b2auth = build_b2auth()?;
    let mut all = Counts::default();
    // The other flavour differs in its library alone, which is looked at when it is packed.
    let zip = package::pack_swift(Flavour::Bundled, &Licences::own())?;
    let consumer = Consumer::beside(&zip.path, place.path())?;
    all.add(checked("the consumer builds without a warning", consumer.builds(&toolchain)?));
    let sandbox = Sandbox::start(&b2auth, place.path())?;
    all.add(checked("the consumer signs in", consumer.signs_in(&toolchain, &sandbox.host)?));
    all.add(checked("two libraries and a copy are in one program", clash::run(place.path())?));
    Ok(Suite::Ran(all))
}

/// A package outside of the checkout.
struct Consumer(PathBuf);

impl Consumer {
    /// In this folder, beside the package, which is taken out of its archive.
    fn beside(zip: &Path, folder: &Path) -> Result<Self, Failure> {
        package::unzip(zip, folder)?;
        let consumer = Self(folder.join("Consumer"));
        let sources = consumer.0.join("Sources/Consumer");
        fs::create_dir_all(&sources).map_err(|cause| failure(&sources, &cause))?;
        for file in ["Package.swift", "Sources/Consumer/main.swift"] {
            let from = shell::root().join(CONSUMER).join(file);
            fs::copy(&from, consumer.0.join(file)).map_err(|cause| failure(&from, &cause))?;
        }
        let example = sources.join("GettingStarted.swift");
        fs::write(&example, getting_started()?).map_err(|cause| failure(&example, &cause))?;
        Ok(consumer)
    }

    fn builds(&self, toolchain: &Toolchain) -> Result<bool, Failure> {
        counted(&mut self.swift(toolchain, &["build", "-Xswiftc", "-warnings-as-errors"], &[])?, |_| {})
    }

    fn signs_in(&self, toolchain: &Toolchain, host: &str) -> Result<bool, Failure> {
        let mut signed_in = false;
        // The same flags, or it would be built anew.
        let run = ["run", "-Xswiftc", "-warnings-as-errors", "Consumer"];
        let ended = counted(&mut self.swift(toolchain, &run, &[host])?, |line| {
            signed_in |= line.starts_with("signed in as plain@example.com");
        })?;
        Ok(ended && signed_in)
    }

    /// A command of Swift's in the consumer's folder, with no variable that could find a library.
    fn swift(&self, toolchain: &Toolchain, words: &[&str], more: &[&str]) -> Result<Command, Failure> {
        let clean = ["env", "-u", "LIBRARY_PATH", "-u", "LD_LIBRARY_PATH", "-u", "PKG_CONFIG_PATH", "swift"];
        let words = clean.iter().chain(words).chain(more);
        let place = self.0.parent().ok_or_else(|| Failure::new("the consumer has no place"))?;
        Ok(swift::command_in(toolchain, &self.0, &[place], words))
    }
}

/// The first example of the README: what a newcomer writes.
fn getting_started() -> Result<String, Failure> {
    let readme = shell::root().join("bindings/swift/README.md");
    let text = fs::read_to_string(&readme).map_err(|cause| failure(&readme, &cause))?;
    let example = text.split("```swift\n").find(|part| part.contains("func signIn("));
    let example = example.and_then(|rest| rest.split("```").next());
    example
        .map(str::to_owned)
        .ok_or_else(|| Failure::new(format!("{}: no example has a function signIn", readme.display())))
}

/// One check that held or not.
fn checked(what: &str, holds: bool) -> Counts {
    println!("{}: {what}", if holds { "ok" } else { "FAILED" });
    Counts { passed: holds.into(), failed: (!holds).into(), skipped: 0 }
}

fn failure(path: &Path, cause: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {cause}", path.display()))
}
