//! A slice of an XCFramework: a static library for one platform, for all processors that it has.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use super::super::artifacts::Native;
use super::super::swift::symbols;
use super::look::look;
use crate::mobile::{self, Library};
use crate::package::place;
use crate::shell::{self, Failure};
use crate::test::setup::llvm;
use crate::{debian_rust, reproducible};

/// One slice.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Slice {
    /// The name of its folder.
    pub(super) id: &'static str,
    /// Rust's names of what is in it.
    pub(super) triples: &'static [&'static str],
    pub(super) platform: &'static str,
    pub(super) variant: Option<&'static str>,
}

/// All of them.
pub(super) const SLICES: &[Slice] = &[
    Slice { id: "ios-arm64", triples: &["aarch64-apple-ios"], platform: "ios", variant: None },
    Slice {
        id: "ios-arm64_x86_64-simulator",
        triples: &["aarch64-apple-ios-sim", "x86_64-apple-ios"],
        platform: "ios",
        variant: Some("simulator"),
    },
    Slice {
        id: "macos-arm64_x86_64",
        triples: &["aarch64-apple-darwin", "x86_64-apple-darwin"],
        platform: "macos",
        variant: None,
    },
];

/// The oldest systems that the Swift package is for.
const OLDEST: [(&str, &str); 2] =
    [("IPHONEOS_DEPLOYMENT_TARGET", "15.0"), ("MACOSX_DEPLOYMENT_TARGET", "12.0")];
/// Sections with the compiler's own form of the code.
const BITCODE: [&str; 2] = ["__LLVM,__bitcode", "__LLVM,__cmdline"];

impl Slice {
    /// Apple's names of the processors.
    pub(super) fn architectures(&self) -> Vec<&'static str> {
        let name = |triple: &&str| if triple.starts_with("aarch64") { "arm64" } else { "x86_64" };
        self.triples.iter().map(name).collect()
    }

    /// Why it cannot be built here, in a line; nothing if it can.
    pub(super) fn what_is_missing(&self, native: Native) -> Option<String> {
        if cfg!(target_os = "macos") {
            let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
            let is_there = |triple: &&str| {
                let mut print = shell::command(&rustc, ["--print", "target-libdir", "--target", *triple]);
                shell::output(&mut print).is_ok_and(|folder| Path::new(folder.trim()).is_dir())
            };
            let missing: Vec<_> = self.triples.iter().filter(|triple| !is_there(triple)).copied().collect();
            if !missing.is_empty() {
                return Some(format!("`rustup target add {}`", missing.join(" ")));
            }
            return llvm::what_is_missing("llvm-objcopy");
        }
        if self.id != "ios-arm64" {
            return Some("it is built on macOS".to_owned());
        }
        // The bundled flavour and the sandbox have C code, which wants Apple's headers.
        if native != Native::Platform {
            return Some("there is C code in it, so it is built on macOS".to_owned());
        }
        let lacks = debian_rust::what_is_missing().map(str::to_owned);
        let lacks = lacks.or_else(|| llvm::what_is_missing("llvm-objcopy"));
        lacks.map(|reason| format!("it is built on macOS, or: {reason}"))
    }

    /// Builds it, looks at it for each processor, and gives the path of the library.
    pub(super) fn build(&self, native: Native) -> Result<PathBuf, Failure> {
        let folder = place::folder()?.join("package/apple").join(native.name()).join(self.id);
        fs::create_dir_all(&folder).map_err(|cause| failure(&folder, &cause))?;
        let mut built = Vec::new();
        for triple in self.triples {
            let library = hidden(&compile(native, triple)?, native, &folder, triple)?;
            let bytes = fs::read(&library).map_err(|cause| failure(&library, &cause))?;
            look(&bytes, native.library(), &format!("{} {triple}", native.name()))?;
            built.push(library);
        }
        if let [only] = built.as_slice() {
            return Ok(only.clone());
        }
        let all = folder.join(format!("lib{}.a", native.library()));
        shell::run(shell::command("xcrun", ["lipo", "-create", "-output"]).arg(&all).args(&built))?;
        Ok(all)
    }
}

/// The library as Rust makes it.
fn compile(native: Native, triple: &str) -> Result<PathBuf, Failure> {
    let library = Library {
        package: native.package(),
        manifest: Path::new("Cargo.toml"),
        features: native.features(),
        name: native.library(),
    };
    let target = place::folder()?.join("package/apple/build");
    let mut command = shell::cargo(["rustc"]);
    command.args(mobile::arguments(&library, "staticlib")).args(["--target", triple]);
    command.arg("--target-dir").arg(&target).envs(OLDEST);
    if cfg!(target_os = "macos") {
        reproducible::set_up(&mut command)?;
    } else {
        command.arg("-Zbuild-std=std,panic_unwind");
        debian_rust::set_up(&mut command, &[])?;
    }
    let built = target.join(triple).join("mobile").join(format!("lib{}.a", library.name));
    reproducible::forget(&built)?;
    shell::run(&mut command)?;
    Ok(built)
}

/// A copy in which everything but our functions has a name of its own, so that another library in Rust can be beside it in an app.
///
/// There is no linker for this format everywhere that could make one object of all, which is how it is done for ELF.
fn hidden(archive: &Path, native: Native, folder: &Path, triple: &str) -> Result<PathBuf, Failure> {
    let library = native.library();
    let bytes = fs::read(archive).map_err(|cause| failure(archive, &cause))?;
    let found = symbols::of_archive(&bytes, library);
    let found = found.map_err(|cause| Failure::new(format!("{}: {cause}", archive.display())))?;
    let mut map = String::new();
    for name in &found.others {
        let _ = writeln!(map, "{name} {}", own_name(name, library));
    }
    let names = folder.join(format!("{triple}.names"));
    fs::write(&names, map).map_err(|cause| failure(&names, &cause))?;
    let result = folder.join(format!("lib{library}-{triple}.a"));
    let mut command = shell::command(llvm::tool("llvm-objcopy")?, ["--enable-deterministic-archives"]);
    command.args(BITCODE.map(|name| format!("--remove-section={name}"))).arg("--strip-debug");
    command.arg(format!("--redefine-syms={}", names.display()));
    shell::run(command.arg(archive).arg(&result))?;
    Ok(result)
}

/// The name that a symbol gets which only this library may see.
pub(super) fn own_name(name: &str, library: &str) -> String {
    format!("_{library}__private{name}")
}

/// Whether a symbol has a name that only this library has.
pub(super) fn is_own(name: &str, library: &str) -> bool {
    name.starts_with(&format!("_{library}__private"))
}

fn failure(path: &Path, cause: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {cause}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_symbol_has_a_name_of_this_library_only() {
        let name = own_name("___rust_alloc", "b2core_auth");
        assert_eq!(name, "_b2core_auth__private___rust_alloc");
        assert!(
            is_own(&name, "b2core_auth") && !is_own(&name, "other") && !is_own("_rust_alloc", "b2core_auth")
        );
    }

    #[test]
    fn a_folder_is_named_after_what_is_in_it() {
        for slice in SLICES {
            let of = format!("{}-{}", slice.platform, slice.architectures().join("_"));
            assert!(slice.id.starts_with(&of), "{}", slice.id);
            assert_eq!(slice.id.ends_with("-simulator"), slice.variant.is_some());
        }
    }
}
