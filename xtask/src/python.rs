//! Programs and libraries from PyPI, in an environment of our own that checkouts share.

use std::path::PathBuf;

use crate::cache;
use crate::shell::{self, Failure};

/// The Python in which these packages are installed, each with its version: `name==version`.
pub(crate) fn with(packages: &[&str]) -> Result<PathBuf, Failure> {
    let place = cache::folder("python")?;
    let python = place.join("bin/python");
    if !python.is_file() {
        shell::run(shell::command("python3", ["-m", "venv"]).arg(&place))
            .map_err(|cause| Failure::new(format!("{cause}; it needs Python 3 with venv")))?;
    }
    let frozen =
        shell::output(&mut shell::command(&python, ["-m", "pip", "freeze", "--disable-pip-version-check"]))?;
    let is_there = |package: &&&str| frozen.lines().any(|line| same(line, package));
    let missing: Vec<_> = packages.iter().filter(|package| !is_there(package)).collect();
    if !missing.is_empty() {
        let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        shell::run(shell::command(&python, install).args(missing))?;
    }
    Ok(python)
}

/// Whether an installed package is what is asked for; extras such as `name[extra]==1` are not listed.
fn same(installed: &str, asked: &str) -> bool {
    let plain = match (asked.split_once('['), asked.split_once(']')) {
        (Some((name, _)), Some((_, rest))) => format!("{name}{rest}"),
        _ => asked.to_owned(),
    };
    let normal = |text: &str| text.trim().to_lowercase().replace('_', "-");
    normal(installed) == normal(&plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_known_by_its_name_and_version() {
        assert!(same("cyclonedx-python-lib==11.12.0", "cyclonedx-python-lib[validation]==11.12.0"));
        assert!(same("in_toto_attestation==0.9.3", "in-toto-attestation==0.9.3"));
        assert!(!same("ziglang==0.17.1", "ziglang==0.17.2"));
    }
}
