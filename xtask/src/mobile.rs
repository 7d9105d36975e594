//! Building a library as a phone carries it: the profile `mobile`, and a linker that leaves out what only tools read.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{self, Failure};

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
    let target = shell::target_folder()?.join("size");
    // One crate type: with several, cargo leaves link-time optimisation out.
    let mut command = shell::cargo(["rustc", "--lib", "--crate-type", "cdylib", "--profile", "mobile"]);
    command.args(["-p", library.package, "--manifest-path"]).arg(library.manifest);
    command.args(library.features).arg("--target-dir").arg(&target);
    command.arg("--").args(linker_flags(&target)?);
    shell::run(&mut command)?;
    let file = format!("{}{}{}", std::env::consts::DLL_PREFIX, library.name, std::env::consts::DLL_SUFFIX);
    let stripped = target.join(stripped);
    shell::run(
        shell::command("strip", ["--strip-all", "-o"]).arg(&stripped).arg(target.join("mobile").join(file)),
    )?;
    Ok(stripped)
}

/// Flags of LLD, which is Rust's linker on this platform and the NDK's for Android. Others do without.
fn linker_flags(target: &Path) -> Result<Vec<String>, Failure> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Ok(Vec::new());
    }
    let exports = target.join("exports");
    let failure = |cause| Failure::new(format!("{}: {cause}", exports.display()));
    fs::create_dir_all(target).and_then(|()| fs::write(&exports, EXPORTS)).map_err(failure)?;
    let flags = [
        // One bit for each address to be adjusted at load time, not 24 bytes. Android reads this since version 9 (API 28).
        "--pack-dyn-relocs=relr",
        // Functions with the same code are one function. Nothing here compares addresses of functions.
        "--icf=all",
        // Rust writes its list of exports into a file of this name, and takes no other list.
        &format!("--remap-inputs=*/list={}", exports.display()),
    ];
    Ok(flags.iter().map(|flag| format!("-Clink-arg=-Wl,{flag}")).collect())
}
