//! The native libraries of the artefacts: built for each platform, stripped, and looked at before they are packed.

use std::fs;
use std::path::{Path, PathBuf};

use super::archive::Entry;
use super::artifacts::{Kind, Native};
use super::{binary, elf, handover};
use crate::mobile::{self, Library, Linker};
use crate::package::place;
use crate::reproducible;
use crate::shell::{self, Failure};

/// A platform that a library is built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Platform {
    /// Rust's name for it.
    pub(super) triple: &'static str,
    /// The folder in the archive: JNA's name in a jar, Android's in an AAR.
    pub(super) folder: &'static str,
    file: (&'static str, &'static str),
}

const fn unix(triple: &'static str, folder: &'static str) -> Platform {
    Platform { triple, folder, file: ("lib", ".so") }
}

const fn apple(triple: &'static str, folder: &'static str) -> Platform {
    Platform { triple, folder, file: ("lib", ".dylib") }
}

const fn windows(triple: &'static str, folder: &'static str) -> Platform {
    Platform { triple, folder, file: ("", ".dll") }
}

/// Where the JVM package runs.
pub(super) const JVM: &[Platform] = &[
    unix("x86_64-unknown-linux-gnu", "linux-x86-64"),
    unix("aarch64-unknown-linux-gnu", "linux-aarch64"),
    apple("x86_64-apple-darwin", "darwin-x86-64"),
    apple("aarch64-apple-darwin", "darwin-aarch64"),
    windows("x86_64-pc-windows-msvc", "win32-x86-64"),
    windows("aarch64-pc-windows-msvc", "win32-aarch64"),
];

/// Where the Android package runs.
pub(super) const ANDROID: &[Platform] = &[
    unix("aarch64-linux-android", "arm64-v8a"),
    unix("armv7-linux-androideabi", "armeabi-v7a"),
    unix("x86_64-linux-android", "x86_64"),
    unix("i686-linux-android", "x86"),
];

/// The oldest Android that the package is for: the API level of Android 8.
pub(super) const MIN_SDK: u32 = 26;

/// How a library gets into an archive.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Build {
    /// By cargo, for this machine or a target that is installed.
    Cargo,
    /// By cargo-ndk.
    Ndk,
}

/// The place of all libraries that were built: `NATIVE/PLATFORM/FILE`.
pub(super) struct Natives(PathBuf);

impl Natives {
    pub(super) fn at(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Forgets what was built before, perhaps for other platforms.
    pub(super) fn clear(&self) -> Result<(), Failure> {
        match fs::remove_dir_all(&self.0) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
                Err(Failure::new(format!("{}: {cause}", self.0.display())))
            }
            _ => Ok(()),
        }
    }

    /// Builds a library and looks at it, unless this run has done so already.
    pub(super) fn build(&self, native: Native, platform: Platform, how: Build) -> Result<(), Failure> {
        if self.path(native, platform).is_file() {
            return Ok(());
        }
        let library = Library {
            package: native.package(),
            manifest: Path::new("Cargo.toml"),
            features: native.features(),
            name: native.library(),
        };
        // Apart for each flavour: the two have one name.
        let target = place::folder()?.join("package/build");
        let mut command = match how {
            Build::Cargo => shell::cargo(["rustc"]),
            Build::Ndk => {
                let sdk = MIN_SDK.to_string();
                shell::cargo(["ndk", "--target", platform.folder, "--platform", &sdk, "--", "rustc"])
            }
        };
        command.args(mobile::arguments(&library, "cdylib")).arg("--target-dir").arg(&target);
        let is_cross = how == Build::Cargo && platform.triple != shell::host()?;
        if is_cross {
            command.args(["--target", platform.triple]);
        }
        let linker = match how {
            Build::Ndk => Linker::Lld,
            Build::Cargo if is_cross => Linker::Other,
            Build::Cargo => Linker::of_this_machine(),
        };
        command.args(["--", "-Cstrip=symbols"]).args(mobile::link_flags(&target, linker, link_more(how))?);
        if linker == Linker::Other && platform.file.1 == ".so" {
            command.arg(format!("-Clink-arg=-Wl,{PAGE_SIZE}"));
        }
        reproducible::set_up(&mut command)?;
        let built = match (how, is_cross) {
            (Build::Cargo, false) => target.join("mobile"),
            _ => target.join(platform.triple).join("mobile"),
        };
        let built = built.join(file_name(native, platform));
        reproducible::forget(&built)?;
        shell::run(&mut command)?;
        self.take(&built, native, platform)
    }

    /// Lists what was built here, for the machine that makes the release.
    pub(super) fn hand_over(&self) -> Result<(), Failure> {
        handover::write(&self.0, &[])
    }

    /// Takes the libraries that another machine has built of the same commit, except for those that were built here.
    pub(super) fn take_all(&self, folder: &Path) -> Result<(), Failure> {
        let list = handover::read(folder)?;
        let theirs = Self(folder.to_owned());
        let mut any = false;
        for native in Native::ALL {
            for platform in JVM.iter().chain(ANDROID) {
                let from = theirs.path(native, *platform);
                let is_listed = list.files.keys().any(|name| folder.join(name) == from);
                any |= is_listed;
                if !is_listed {
                    continue;
                }
                if self.path(native, *platform).is_file() {
                    println!("{}: not taken, since there is one already", from.display());
                } else {
                    self.take(&from, native, *platform)?;
                }
            }
        }
        let layout = "bundled/linux-aarch64/libb2core_auth.so";
        let nothing = || Failure::new(format!("{}: nothing there is like `{layout}`", folder.display()));
        if any { Ok(()) } else { Err(nothing()) }
    }

    fn take(&self, from: &Path, native: Native, platform: Platform) -> Result<(), Failure> {
        let failure = |path: &Path, cause| Failure::new(format!("{}: {cause}", path.display()));
        let bytes = fs::read(from).map_err(|cause| failure(from, cause))?;
        if let Some(wrong) = binary::wrong(&bytes, platform.triple, native.library()) {
            return Err(Failure::new(format!("{}: {wrong}", from.display())));
        }
        if platform.file.1 == ".so" {
            let wrong = elf::wrong(&bytes, native.library());
            if !wrong.is_empty() {
                return Err(Failure::new(format!("{}: {}", from.display(), wrong.join("; "))));
            }
        }
        let to = self.path(native, platform);
        let made = to.parent().map_or(Ok(()), fs::create_dir_all);
        made.and_then(|()| fs::write(&to, bytes)).map_err(|cause| failure(&to, cause))
    }

    /// What an archive of this kind carries of a library: all that there is.
    pub(super) fn entries(&self, native: Native, kind: Kind) -> Result<Vec<Entry>, Failure> {
        let (platforms, prefix) = match kind {
            Kind::Jar => (JVM, ""),
            Kind::Aar => (ANDROID, "jni/"),
        };
        let mut entries = Vec::new();
        for platform in platforms {
            let path = self.path(native, *platform);
            if path.is_file() {
                let bytes =
                    fs::read(&path).map_err(|cause| Failure::new(format!("{}: {cause}", path.display())))?;
                let file = file_name(native, *platform);
                entries.push(Entry::new(format!("{prefix}{}/{file}", platform.folder), bytes));
            }
        }
        Ok(entries)
    }

    fn path(&self, native: Native, platform: Platform) -> PathBuf {
        self.0.join(native.name()).join(platform.folder).join(file_name(native, platform))
    }

    /// Puts this machine's library where Android's would be, so that all else can be packed and looked at without an NDK.
    pub(super) fn stand_in(&self, native: Native) -> Result<(), Failure> {
        let host = of_this_machine(JVM)?;
        let folder = if host.triple.starts_with("aarch64") { "arm64-v8a" } else { "x86_64" };
        let platform = ANDROID.iter().find(|platform| platform.folder == folder).copied();
        let platform = platform.ok_or_else(|| Failure::new(format!("no platform {folder}")))?;
        self.take(&self.path(native, host), native, platform)
    }
}

fn file_name(native: Native, platform: Platform) -> String {
    format!("{}{}{}", platform.file.0, native.library(), platform.file.1)
}

/// Memory pages of newer Android devices have 16 KiB.
const PAGE_SIZE: &str = "-z,max-page-size=16384";

fn link_more(how: Build) -> &'static [&'static str] {
    match how {
        // Packed, in the form that Android reads since version 6 (API 23).
        Build::Ndk => &[PAGE_SIZE, "--pack-dyn-relocs=android"],
        // Not packed: the C libraries of older distributions read no form of it.
        Build::Cargo => &[PAGE_SIZE],
    }
}

/// The platforms of the jars whose libraries were not there when they were packed.
pub(crate) fn missing_for_the_jvm() -> Result<Vec<&'static str>, Failure> {
    let natives = Natives::at(place::folder()?.join("package/natives"));
    let lacks = |platform: &&Platform| !natives.path(Native::Bundled, **platform).is_file();
    Ok(JVM.iter().filter(lacks).map(|platform| platform.triple).collect())
}

/// The platform of this machine among these.
pub(super) fn of_this_machine(platforms: &[Platform]) -> Result<Platform, Failure> {
    let host = shell::host()?;
    let found = platforms.iter().find(|platform| platform.triple == host);
    found.copied().ok_or_else(|| Failure::new(format!("there is no package for {host} yet")))
}

/// The platform of this name among these.
pub(super) fn named(platforms: &[Platform], triple: &str) -> Result<Platform, Failure> {
    let all = || platforms.iter().map(|platform| platform.triple).collect::<Vec<_>>().join(", ");
    let found = platforms.iter().find(|platform| platform.triple == triple);
    found.copied().ok_or_else(|| Failure::new(format!("`{triple}` is none of {}", all())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::handover::tests::folder;

    fn own(name: &str) -> Natives {
        Natives::at(crate::scratch::kept(&format!("natives-{name}")))
    }

    #[test]
    fn a_text_with_the_name_of_a_library_is_not_taken() {
        let (own, name) = (own("text"), "bundled/win32-x86-64/b2core_auth.dll");
        let theirs = folder("text", name, b"no library");
        let refused = own.take_all(&theirs).unwrap_err().to_string();
        assert!(refused.contains("b2core_auth.dll: it is no library"), "{refused}");
        assert!(!own.0.join(name).exists());
        for folder in [&theirs, &own.0] {
            fs::remove_dir_all(folder).unwrap();
        }
    }

    #[test]
    fn what_is_not_listed_and_what_was_built_here_is_left() {
        let (own, name) = (own("built"), "bundled/linux-x86-64/libb2core_auth.so");
        let theirs = folder("built", name, b"theirs");
        let ours = own.0.join(name);
        fs::create_dir_all(ours.parent().unwrap()).unwrap();
        fs::write(&ours, "ours").unwrap();
        fs::create_dir_all(theirs.join("bundled/win32-x86-64")).unwrap();
        fs::write(theirs.join("bundled/win32-x86-64/b2core_auth.dll"), "not listed").unwrap();
        own.take_all(&theirs).unwrap();
        assert_eq!(fs::read_to_string(&ours).unwrap(), "ours");
        assert!(!own.0.join("bundled/win32-x86-64").exists());
        for folder in [&theirs, &own.0] {
            fs::remove_dir_all(folder).unwrap();
        }
    }
}
