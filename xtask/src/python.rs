//! Programs and libraries from PyPI, in environments of our own that checkouts share.
//!
//! What is installed is in `xtask/python`: every package with its version and the sums of its files, so that pip takes nothing else.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cache;
use crate::shell::{self, Failure};
use crate::sums;

/// A set of packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packages {
    /// What looks at bills of materials and at provenance.
    Checks,
    /// Zig.
    Zig,
}

/// Is there once everything is installed.
const READY: &str = ".ready";

impl Packages {
    fn name(self) -> &'static str {
        match self {
            Self::Checks => "checks",
            Self::Zig => "zig",
        }
    }

    fn requirements(self) -> PathBuf {
        shell::root().join("xtask/python").join(self.name()).with_extension("txt")
    }

    /// The first of them, with its version: `ziglang 0.17.1`.
    pub(crate) fn first(self) -> Result<String, Failure> {
        let path = self.requirements();
        let text = fs::read_to_string(&path)
            .map_err(|cause| Failure::new(format!("{}: {cause}", path.display())))?;
        let line = text.lines().filter(|line| !line.starts_with('#')).find_map(|line| line.split_once("=="));
        let line = line.ok_or_else(|| Failure::new(format!("{} lists nothing", path.display())))?;
        let version = line.1.split_whitespace().next().unwrap_or_default();
        Ok(format!("{} {version}", line.0))
    }

    /// The Python in which they are installed. Another list of them is another environment.
    pub(crate) fn python(self) -> Result<PathBuf, Failure> {
        let requirements = self.requirements();
        let sum = sums::of_file(&requirements)?;
        let place = cache::folder(&format!("python-{}-{}", self.name(), &sum[..12]))?;
        install(Path::new("python3"), &requirements, &place)
    }
}

/// Why there can be no environment here, in a line; nothing if there can be one.
pub(crate) fn what_is_missing() -> Option<&'static str> {
    if shell::find("python3").is_none() {
        return Some("there is no Python 3");
    }
    // Debian packs them apart from Python.
    let has_venv = shell::succeeds(&mut shell::command("python3", ["-c", "import ensurepip, venv"]));
    (!has_venv).then_some("Python has no venv (Debian: apt-get install python3-venv)")
}

/// Makes the environment unless it is complete: what an interrupted run has left is made anew.
fn install(python3: &Path, requirements: &Path, place: &Path) -> Result<PathBuf, Failure> {
    let python = place.join("bin/python");
    if place.join(READY).is_file() {
        return Ok(python);
    }
    let failure = |cause: std::io::Error| Failure::new(format!("{}: {cause}", place.display()));
    match fs::remove_dir_all(place) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => return Err(failure(cause)),
        _ => {}
    }
    fs::create_dir_all(place.parent().unwrap_or(place)).map_err(failure)?;
    shell::run(shell::command(python3, ["-m", "venv"]).arg(place))
        .map_err(|cause| Failure::new(format!("{cause}; it needs Python 3 with venv")))?;
    let install =
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r"];
    shell::run(shell::command(&python, install).arg(requirements))?;
    fs::write(place.join(READY), "").map_err(failure)?;
    Ok(python)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_has_a_version_and_sums() {
        for packages in [Packages::Checks, Packages::Zig] {
            let text = fs::read_to_string(packages.requirements()).unwrap();
            let lines: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
            for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.starts_with(' ')) {
                assert!(line.contains("==") && line.ends_with('\\'), "{line}");
                assert!(lines[at + 1].trim_start().starts_with("--hash=sha256:"), "{line}");
            }
            assert!(lines.iter().any(|line| line.contains("==")));
        }
    }

    #[test]
    fn a_package_is_named_with_its_version() {
        let zig = Packages::Zig.first().unwrap();
        let version = zig.strip_prefix("ziglang ").unwrap();
        assert!(version.starts_with(|c: char| c.is_ascii_digit()) && !version.contains(' '), "{zig}");
    }

    /// A stand-in for Python, whose environments have a Python that notes what it is asked for.
    #[cfg(unix)]
    #[test]
    fn a_half_made_environment_is_made_anew() {
        let folder = crate::scratch::kept("python");
        fs::create_dir_all(folder.join("place/bin")).unwrap();
        // Left by a run that was killed: there is a Python, but no pip.
        fs::write(folder.join("place/bin/python"), "#!/bin/sh\nexit 1\n").unwrap();
        let inner = "#!/bin/sh\necho \"$@\" > \"$(dirname \"$0\")/asked\"\n";
        fs::write(folder.join("inner"), inner).unwrap();
        let script = "mkdir -p \"$3/bin\" && cp \"$(dirname \"$0\")/inner\" \"$3/bin/python\" && chmod +x \"$3/bin/python\"";
        let python3 = folder.join("python3");
        fs::write(&python3, format!("#!/bin/sh\n{script}\n")).unwrap();
        shell::run(shell::command("chmod", ["+x"]).arg(&python3)).unwrap();

        let place = folder.join("place");
        let python = install(&python3, Path::new("list.txt"), &place).unwrap();
        let asked = fs::read_to_string(python.with_file_name("asked")).unwrap();
        assert!(
            asked.contains("pip install") && asked.ends_with("--require-hashes -r list.txt\n"),
            "{asked}"
        );
        // What is complete stays.
        fs::remove_file(python.with_file_name("asked")).unwrap();
        install(&python3, Path::new("list.txt"), &place).unwrap();
        assert!(!python.with_file_name("asked").exists());
        fs::remove_dir_all(&folder).unwrap();
    }
}
