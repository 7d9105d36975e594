//! Programs of others that cargo builds from the registry, at a version of ours, into a folder that checkouts share.

use std::path::{Path, PathBuf};

use crate::cache;
use crate::shell::{self, Failure};

/// One of them.
pub(crate) struct CargoTool {
    /// The name of the package and of its program.
    pub(crate) name: &'static str,
    /// The version that is installed if there is none.
    pub(crate) version: &'static str,
    /// Any version that begins so does the same, if this ends with a dot. Otherwise it is the one version that will do: what writes a
    /// part of a release writes the same everywhere.
    pub(crate) line: &'static str,
    /// What cargo calls it by, if it answers to nothing else: `cargo-cyclonedx cyclonedx --version`.
    pub(crate) verb: Option<&'static str>,
    /// More arguments for `cargo install`.
    pub(crate) arguments: &'static [&'static str],
}

impl CargoTool {
    /// Where it is, if it is there: on the PATH or where we have installed it.
    pub(crate) fn find(&self) -> Option<PathBuf> {
        let installed = cache::folder("tools").ok().map(|tools| tools.join("bin").join(self.name));
        let all = shell::find(self.name).into_iter().chain(installed);
        all.into_iter().find(|program| self.is_suitable(program))
    }

    /// Finds it, or installs it. That takes minutes, once.
    pub(crate) fn find_or_install(&self) -> Result<PathBuf, Failure> {
        if let Some(program) = self.find() {
            return Ok(program);
        }
        let tools = cache::folder("tools")?;
        let mut command = shell::cargo(["install", self.name, "--version", self.version, "--locked"]);
        // It is used a few times a release: what it takes to be built counts more than what it takes to run.
        let profile = [("LTO", "false"), ("CODEGEN_UNITS", "16"), ("OPT_LEVEL", "1"), ("DEBUG", "0")];
        command.envs(profile.map(|(name, value)| (format!("CARGO_PROFILE_RELEASE_{name}"), value)));
        // Not into the target folder of the checkout: cargo then builds in a temporary one.
        command.args(self.arguments).arg("--root").arg(&tools).env_remove("CARGO_TARGET_DIR");
        shell::run(&mut command)?;
        self.find().ok_or_else(|| Failure::new(format!("{} was installed, but is not there", self.name)))
    }

    fn is_suitable(&self, program: &Path) -> bool {
        program.is_file()
            && shell::output(&mut shell::command(program, self.verb.into_iter().chain(["--version"])))
                .is_ok_and(|version| self.is_our_line(&version))
    }

    /// `cargo-deny 0.20.2`, or the number alone.
    fn is_our_line(&self, version: &str) -> bool {
        let is_ours = |version: &str| match self.line.ends_with('.') {
            true => version.starts_with(self.line),
            false => version == self.line,
        };
        version.split_whitespace().last().is_some_and(is_ours)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOOL: CargoTool =
        CargoTool { name: "no-such-tool", version: "0.20.2", line: "0.20.", verb: None, arguments: &[] };

    #[test]
    fn only_versions_of_our_line_are_suitable() {
        for ours in ["no-such-tool 0.20.2\n", "0.20.9", "tool-tool 0.20.2"] {
            assert!(TOOL.is_our_line(ours), "{ours}");
        }
        for other in ["no-such-tool 0.2.0", "no-such-tool 0.21.0", "20.2", ""] {
            assert!(!TOOL.is_our_line(other), "{other}");
        }
    }

    #[test]
    fn a_tool_of_a_release_has_one_version() {
        let exact = CargoTool { line: "0.20.2", ..TOOL };
        assert!(exact.is_our_line("no-such-tool 0.20.2\n"));
        for other in ["no-such-tool 0.20.20", "no-such-tool 0.20.3", "no-such-tool 0.20"] {
            assert!(!exact.is_our_line(other), "{other}");
        }
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        assert_eq!(TOOL.find(), None);
        assert!(!TOOL.is_suitable(Path::new("no-such-folder/no-such-tool")));
    }
}
