//! Running other programs: announced on stderr, from the root of the repository, without a terminal to read from.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

/// How a verb ended that could do all its work. What went wrong has been printed already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Everything holds.
    Passed,
    /// Something that was checked does not hold.
    Failed,
}

/// Why a verb could not do its work, as one line for a person.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    /// A failure with this line to print.
    pub(crate) fn new(line: impl Into<String>) -> Self {
        Self(line.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The variable with the path of the private key that signs a release. No program that we start gets it.
pub(crate) const RELEASE_KEY: &str = "B2CORE_RELEASE_KEY";

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let own = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    own.parent().map_or_else(|| own.clone(), Path::to_path_buf)
}

/// The cargo that started us, with these arguments.
///
/// `cargo run` describes our own package to us in the environment. Handing that on would make build scripts that
/// watch those variables run again each time somebody changes between `cargo` and `cargo xtask`.
pub(crate) fn cargo<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = self::command(program, args);
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(describes_our_package) {
            command.env_remove(name);
        }
    }
    command
}

/// Any other program, with these arguments.
pub(crate) fn command<S: AsRef<OsStr>>(
    program: impl AsRef<OsStr>,
    args: impl IntoIterator<Item = S>,
) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(root()).stdin(Stdio::null()).env_remove(RELEASE_KEY);
    command
}

/// Rust's name for this machine: what is built for where no target is named.
pub(crate) fn host() -> Result<String, Failure> {
    let version = output(&mut cargo(["-vV"]))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| Failure::new("`cargo -vV` does not name its host"))
}

/// What the compiler says of itself: `rustc 1.95.0 (59807616e 2026-04-14)`.
pub(crate) fn rustc_version() -> Result<String, Failure> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    Ok(output(&mut command(rustc, ["--version"]))?.trim().to_owned())
}

/// Runs to the end; a failure is one that did not start or did not succeed.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    announce(command);
    let status = command.status().map_err(|cause| not_started(command, &cause))?;
    if status.success() { Ok(()) } else { Err(unsuccessful(command, status)) }
}

/// Runs to the end without announcing it and returns what it wrote to stdout.
pub(crate) fn output(command: &mut Command) -> Result<String, Failure> {
    let output = command
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|cause| not_started(command, &cause))?;
    if !output.status.success() {
        return Err(unsuccessful(command, output.status));
    }
    String::from_utf8(output.stdout)
        .map_err(|_| Failure::new(format!("`{}` wrote something that is not UTF-8", shown(command))))
}

/// Whether it ran and succeeded; it is not announced, and its output is dropped.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Where the program is, if it is on the PATH.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Prints the command as it would be typed.
pub(crate) fn announce(command: &Command) {
    eprintln!("$ {}", shown(command));
}

/// The failure of a command that could not be started.
pub(crate) fn not_started(command: &Command, cause: &std::io::Error) -> Failure {
    Failure::new(format!("cannot start `{}`: {cause}", shown(command)))
}

/// The failure of a command that ended badly.
pub(crate) fn unsuccessful(command: &Command, status: ExitStatus) -> Failure {
    Failure::new(format!("`{}` failed ({status})", shown(command)))
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    let set = command.get_envs().filter_map(|(name, value)| {
        Some(format!("{}={}", name.to_string_lossy(), quoted(&value?.to_string_lossy())))
    });
    let args = std::iter::once(name).chain(command.get_args());
    set.chain(args.map(|arg| quoted(&arg.to_string_lossy()))).collect::<Vec<_>>().join(" ")
}

fn quoted(word: &str) -> String {
    if !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_=./:,+@%".contains(c)) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

fn describes_our_package(variable: &str) -> bool {
    let prefixes = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"];
    variable == "CARGO_PRIMARY_PACKAGE" || prefixes.iter().any(|prefix| variable.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_it_would_be_typed() {
        let mut command = command("/usr/bin/cargo", ["test", "--", "it's so"]);
        command.env("RUSTDOCFLAGS", "-Dwarnings").env_remove("CARGO_PKG_NAME");
        assert_eq!(shown(&command), r"RUSTDOCFLAGS=-Dwarnings cargo test -- 'it'\''s so'");
    }

    #[test]
    fn no_program_gets_the_path_of_the_release_key() {
        for command in [command("x", [""; 0]), cargo([""; 0])] {
            let mut set = command.get_envs();
            assert!(set.any(|(name, value)| name == RELEASE_KEY && value.is_none()), "{command:?}");
        }
    }

    #[test]
    fn a_failure_names_the_command_and_how_it_ended() {
        let failure = run(&mut command("false", [""; 0])).unwrap_err().to_string();
        assert_eq!(failure, "`false` failed (exit status: 1)");
        let failure = run(&mut command("no-such-program", [""; 0])).unwrap_err().to_string();
        assert!(failure.starts_with("cannot start `no-such-program`: "), "{failure}");
    }

    #[test]
    fn what_cargo_says_about_our_package_is_not_passed_on() {
        let removed = |name: &str| describes_our_package(name);
        assert!(removed("CARGO_PKG_VERSION_MAJOR") && removed("CARGO_MANIFEST_DIR"));
        assert!(!removed("CARGO_TARGET_DIR") && !removed("CARGO_HOME") && !removed("CARGO_TERM_COLOR"));
    }

    #[test]
    fn the_root_holds_the_workspace_manifest() {
        assert!(root().join("Cargo.lock").is_file());
    }
}
