//! Debian's Rust for browsers, which comes with the sources of the standard library: what builds for targets that are not
//! installed here.
//!
//! Its packages cannot be installed beside others, so they are unpacked into a folder of our own. It is another version than the
//! project's, and the standard library is built by an unstable option of cargo's.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::read::GzDecoder;

use crate::cache;
use crate::reproducible;
use crate::shell::{self, Failure};

const PACKAGES: [&str; 5] =
    ["rustc-web", "rust-web-src", "libstd-rust-web-1.96", "libstd-rust-web-dev", "libllvm22"];

/// Why it cannot be had here, in a line; nothing if it can.
pub(crate) fn what_is_missing() -> Option<&'static str> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Some("Debian's Rust for browsers is used on x86-64 Linux only");
    }
    if place().is_ok_and(|place| place.join("root/usr/bin/rustc").is_file()) {
        return None;
    }
    let is_known = || {
        let shown = shell::output(&mut shell::command("apt-cache", ["policy", PACKAGES[2]]));
        shown.is_ok_and(|text| text.contains("Candidate:") && !text.contains("Candidate: (none)"))
    };
    let has_apt = shell::find("apt-get").is_some() && shell::find("dpkg-deb").is_some();
    (!has_apt || !is_known()).then_some("Debian's package libstd-rust-web-1.96 cannot be had here")
}

/// The packages with their versions; nothing if they are not unpacked yet.
pub(crate) fn versions() -> Vec<String> {
    let Ok(place) = place() else { return Vec::new() };
    let version = |package: &&str| Some(format!("{package} {}", version(&place.join("root"), package)?));
    PACKAGES.iter().filter_map(version).collect()
}

/// The version of the standard library, and what is to be said of it.
pub(crate) fn standard_library() -> Result<(String, String), Failure> {
    let root = root()?;
    let path = root.join("usr/share/doc/libstd-rust-web-dev/copyright");
    let text = fs::read_to_string(&path).map_err(|cause| failure(&path, &cause))?;
    let version = version(&root, PACKAGES[3]).ok_or_else(|| Failure::new("Debian's Rust has no version"))?;
    Ok((version, text))
}

/// What the package's own changelog begins with: `rustc-web (1.96.0+dfsg1-1) trixie; urgency=medium`.
fn version(root: &Path, package: &str) -> Option<String> {
    let file = fs::File::open(root.join("usr/share/doc").join(package).join("changelog.Debian.gz")).ok()?;
    let mut first = String::new();
    BufReader::new(GzDecoder::new(file)).read_line(&mut first).ok()?;
    Some(first.split_once('(')?.1.split_once(')')?.0.to_owned())
}

fn place() -> Result<PathBuf, Failure> {
    cache::folder("debian-rust")
}

/// Prepares a command of cargo's to build with it; `more` are flags for rustc.
pub(crate) fn set_up(command: &mut Command, more: &[&str]) -> Result<(), Failure> {
    let root = root()?;
    let mut flags: Vec<_> = more.iter().map(|flag| (*flag).to_owned()).collect();
    flags.push(format!("--remap-path-prefix={}=/rust", root.display()));
    reproducible::set_up_with(command, &flags)?;
    // A wrapper, since its libraries are not where it looks for them.
    let wrapper = root.with_file_name("rustc");
    let script = format!(
        "#!/bin/sh\nLD_LIBRARY_PATH='{0}/usr/lib/x86_64-linux-gnu' exec '{0}/usr/bin/rustc' \"$@\"\n",
        root.display()
    );
    if fs::read_to_string(&wrapper).ok().as_deref() != Some(&script) {
        fs::write(&wrapper, script).map_err(|cause| failure(&wrapper, &cause))?;
        shell::run(shell::command("chmod", ["+x"]).arg(&wrapper))?;
    }
    // Unstable options, for cargo and for it.
    command.env("RUSTC", &wrapper).env("RUSTC_BOOTSTRAP", "1");
    Ok(())
}

/// The folder in which its packages are unpacked.
fn root() -> Result<PathBuf, Failure> {
    let place = place()?;
    let root = place.join("root");
    if root.join("usr/bin/rustc").is_file() {
        return Ok(root);
    }
    let part = place.with_file_name("debian-rust.part");
    let _ = fs::remove_dir_all(&part);
    fs::create_dir_all(part.join("root")).map_err(|cause| failure(&part, &cause))?;
    let download = ["download"].into_iter().chain(PACKAGES);
    shell::run(shell::command("apt-get", download).current_dir(&part))?;
    for entry in fs::read_dir(&part).map_err(|cause| failure(&part, &cause))?.flatten() {
        let package = entry.path();
        if package.extension().is_some_and(|extension| extension == "deb") {
            shell::run(shell::command("dpkg-deb", ["-x"]).arg(&package).arg(part.join("root")))?;
            fs::remove_file(&package).map_err(|cause| failure(&package, &cause))?;
        }
    }
    let _ = fs::remove_dir_all(&place);
    fs::rename(&part, &place).map_err(|cause| failure(&place, &cause))?;
    Ok(root)
}

fn failure(path: &Path, cause: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {cause}", path.display()))
}
