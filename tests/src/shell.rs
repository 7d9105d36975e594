//! Running `b2auth` as a user's shell would, in a fresh home and a clean environment.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use auth_sandbox::Sandbox;
use serde_json::Value;
use tempfile::TempDir;

use crate::binary;

/// A user's home and environment. Processes started from the same one share its files, as those of one user do.
#[derive(Debug)]
pub struct Shell {
    home: TempDir,
    env: Vec<(OsString, OsString)>,
}

impl Default for Shell {
    fn default() -> Self {
        Self::new()
    }
}

impl Shell {
    /// A home with nothing in it, and no host named.
    pub fn new() -> Self {
        Self { home: tempfile::tempdir().expect("there is room for a temporary folder"), env: Vec::new() }
    }

    /// A fresh home with `B2AUTH_HOST` set.
    pub fn at(host: &str) -> Self {
        Self::new().with("B2AUTH_HOST", host)
    }

    /// A fresh home with `B2AUTH_HOST` set to a sandbox.
    pub fn at_sandbox(sandbox: &Sandbox) -> Self {
        Self::at(sandbox.url())
    }

    /// Sets a variable for all processes to come.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// The home folder.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Where sessions are kept if nothing else is said.
    pub fn store(&self) -> PathBuf {
        self.home().join(".local/share/b2auth/store")
    }

    /// Every file below the home folder.
    pub fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut folders = vec![self.home().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).expect("the home folder can be read") {
                let path = entry.expect("the home folder can be read").path();
                if path.is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        files
    }

    /// A call of `b2auth` with these words, taken apart at blanks.
    pub fn b2auth(&self, words: &str) -> Call {
        let mut call = self.program(binary::b2auth());
        call.command.args(words.split_whitespace());
        call
    }

    /// A sign-in with e-mail and the sandbox's usual password, and more words.
    pub fn sign_in(&self, email: &str, more: &str) -> Call {
        self.b2auth(&format!("signin --email {email} --password-stdin {more}")).input("Secret123\n")
    }

    /// A call of any program in this home, without arguments.
    pub fn program(&self, program: impl AsRef<std::ffi::OsStr>) -> Call {
        let mut command = Command::new(program);
        command.env_clear().current_dir(self.home());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.home()).env("LANG", "C.UTF-8");
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        Call { command, input: None }
    }
}

/// One call that has not been made yet.
#[derive(Debug)]
#[must_use = "a call does nothing until it is run"]
pub struct Call {
    pub(crate) command: Command,
    input: Option<String>,
}

impl Call {
    /// One more argument, blanks and all.
    pub fn arg(mut self, arg: impl Into<OsString>) -> Self {
        self.command.arg(arg.into());
        self
    }

    /// Sets a variable for this call only.
    pub fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.command.env(name, value.into());
        self
    }

    /// Takes a variable away for this call only.
    pub fn env_remove(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// What it reads on standard input; nothing by default.
    pub fn input(mut self, text: &str) -> Self {
        self.input = Some(text.to_owned());
        self
    }

    /// Runs it to its end.
    #[track_caller]
    pub fn run(self) -> Done {
        Done::of(self.start().wait_with_output().expect("its output can be read"))
    }

    /// Runs it to its end, with standard output elsewhere than in what it came to.
    #[track_caller]
    pub fn run_into(self, output: Stdio) -> Done {
        Done::of(self.start_into(output).wait_with_output().expect("its output can be read"))
    }

    /// Starts it and hands it over, its input written and closed.
    pub fn start(self) -> Child {
        self.start_into(Stdio::piped())
    }

    fn start_into(mut self, output: Stdio) -> Child {
        let input = if self.input.is_some() { Stdio::piped() } else { Stdio::null() };
        self.command.stdin(input).stdout(output).stderr(Stdio::piped());
        let mut child = self.command.spawn().expect("the program starts");
        if let (Some(text), Some(mut pipe)) = (self.input, child.stdin.take()) {
            // A program that ends without reading is judged by its exit code.
            let _ended = pipe.write_all(text.as_bytes());
        }
        child
    }
}

/// What a call came to.
#[derive(Clone, Debug)]
pub struct Done {
    /// The exit code; -1 after a signal.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Done {
    /// Reads the output of a process that has ended.
    pub fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("b2auth writes UTF-8");
        Self { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Checks the exit code.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "exit code; {self:#?}");
        self
    }

    /// Standard output as one JSON value on one line.
    #[track_caller]
    pub fn json(&self) -> Value {
        assert_eq!(self.out.lines().count(), 1, "one line of JSON; {self:#?}");
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}; {self:#?}"))
    }

    /// Standard output, which has to be one line, without its end.
    #[track_caller]
    pub fn line(&self) -> &str {
        let line = self.out.strip_suffix('\n').filter(|line| !line.contains('\n'));
        line.unwrap_or_else(|| panic!("one line on standard output; {self:#?}"))
    }

    /// Standard error, which has to be one line, without its end.
    #[track_caller]
    pub fn error_line(&self) -> &str {
        let line = self.err.strip_suffix('\n').filter(|line| !line.contains('\n'));
        line.unwrap_or_else(|| panic!("one line on standard error; {self:#?}"))
    }
}
