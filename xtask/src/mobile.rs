//! Building a library as a phone carries it: the profile `mobile`, and a linker that leaves out what only tools read.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{self, Failure};
use crate::workspace;

/// A package that makes a C library.
pub(crate) struct Library<'a> {
    /// The package's name.
    pub(crate) package: &'a str,
    /// The manifest of the package or of its workspace.
    pub(crate) manifest: &'a Path,
    /// Arguments for cargo that choose the features.
    pub(crate) features: &'a [&'a str],
    /// The library's name, without prefix and suffix.
    pub(crate) name: &'a str,
}

/// The symbols that the generated Kotlin and Swift code calls. The descriptions of the interface (`UNIFFI_META_…`), which
/// only the generators read, are not among them, so the linker drops them.
const EXPORTS: &str = "{ global: uniffi_*_fn_*; uniffi_*_checksum_*; ffi_*; local: *; };\n";

/// Builds a library and gives the path of its stripped copy, `stripped` in the target folder.
pub(crate) fn build(library: &Library<'_>, stripped: &str) -> Result<PathBuf, Failure> {
    let target = workspace::target_folder()?.join("size");
    let mut command = shell::cargo(["rustc"]);
    command.args(arguments(library, "cdylib")).arg("--target-dir").arg(&target).arg("--");
    // One bit for each address to be adjusted at load time, not 24 bytes. Android reads this since version 9 (API 28).
    command.args(link_flags(&target, Linker::of_this_machine(), &["--pack-dyn-relocs=relr"])?);
    shell::run(&mut command)?;
    let file = format!("{}{}{}", std::env::consts::DLL_PREFIX, library.name, std::env::consts::DLL_SUFFIX);
    let stripped = target.join(stripped);
    shell::run(
        shell::command("strip", ["--strip-all", "-o"]).arg(&stripped).arg(target.join("mobile").join(file)),
    )?;
    Ok(stripped)
}

/// What follows `cargo rustc`. One crate type: with several, cargo leaves link-time optimisation out.
pub(crate) fn arguments(library: &Library<'_>, crate_type: &str) -> Vec<OsString> {
    let fixed = ["--lib", "--crate-type", crate_type, "--profile", "mobile", "-p", library.package];
    let manifest = [OsStr::new("--manifest-path"), library.manifest.as_os_str()];
    let fixed = fixed.into_iter().map(OsStr::new).chain(manifest);
    fixed.chain(library.features.iter().map(OsStr::new)).map(OsStr::to_owned).collect()
}

/// The linker of a platform, as far as we use what it can do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Linker {
    /// LLVM's for ELF: Rust's own on some platforms, and the NDK's.
    Lld,
    /// Another one.
    Other,
}

impl Linker {
    pub(crate) fn of_this_machine() -> Self {
        if cfg!(all(target_os = "linux", target_arch = "x86_64")) { Self::Lld } else { Self::Other }
    }
}

/// Flags for rustc that make the library small; `more` are further flags for LLD. Other linkers do without.
pub(crate) fn link_flags(target: &Path, linker: Linker, more: &[&str]) -> Result<Vec<String>, Failure> {
    if linker == Linker::Other {
        return Ok(Vec::new());
    }
    let exports = target.join("exports");
    let failure = |cause| Failure::new(format!("{}: {cause}", exports.display()));
    fs::create_dir_all(target).and_then(|()| fs::write(&exports, EXPORTS)).map_err(failure)?;
    let own = [
        // Functions with the same code are one function. Nothing here compares addresses of functions.
        "--icf=all",
        // Rust writes its list of exports into a file of this name, and takes no other list.
        &format!("--remap-inputs=*/list={}", exports.display()),
    ];
    Ok(more.iter().copied().chain(own).map(|flag| format!("-Clink-arg=-Wl,{flag}")).collect())
}
