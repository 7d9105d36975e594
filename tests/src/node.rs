//! Real clients of the web in processes of their own: a browser, socket.io and Laravel Echo. Their packages are pinned in
//! `tests/page`, and `cargo xtask test` installs them.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

/// A script that takes commands. Ends with this value.
#[derive(Debug)]
pub struct Driver {
    child: Child,
    commands: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Driver {
    /// Starts a script of `tests/page`.
    ///
    /// # Panics
    /// When the pinned packages are not installed; nothing is skipped then.
    #[must_use]
    #[track_caller]
    pub fn start(script: &str) -> Self {
        let mut node = Command::new("node");
        node.arg(scripts().join(script)).env("NODE_PATH", packages());
        node.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = node.spawn().expect("node is installed by `cargo xtask test`");
        let commands = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().expect("its output is read"));
        Self { child, commands, answers }
    }

    /// Gives a command and waits for its answer.
    ///
    /// # Panics
    /// When the command failed.
    #[track_caller]
    pub fn ask(&mut self, name: &str, mut given: Value) -> Value {
        given["do"] = json!(name);
        let commands = self.commands.as_mut().expect("it takes commands until it is dropped");
        writeln!(commands, "{given}").expect("it reads");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("it writes UTF-8");
        let mut answer: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{name}: {line:?}"));
        assert!(answer.get("ok").is_some(), "{name} {given}: {answer}");
        answer["ok"].take()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The end of its input is the end of it, and of its browser.
        self.commands = None;
        let _ended = self.child.wait();
    }
}

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("page")
}

/// Where `cargo xtask test` has installed the packages.
#[track_caller]
fn packages() -> PathBuf {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|folder| folder.is_absolute());
    let cache = cache.or_else(|| std::env::home_dir().map(|home| home.join(".cache")));
    let folder = cache.expect("there is a home").join("b2core-auth/page");
    let lock = |folder: &Path| std::fs::read(folder.join("package-lock.json")).ok();
    assert!(
        lock(&folder).is_some() && lock(&folder) == lock(&scripts()),
        "the packages of tests/page are not installed: run `cargo xtask test`"
    );
    folder.join("node_modules")
}

/// The full path of a program.
///
/// # Panics
/// When it is not installed.
#[must_use]
pub fn program(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").expect("there is a PATH");
    let found = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
    found.unwrap_or_else(|| panic!("{name} is not installed: run `cargo xtask test`"))
}
