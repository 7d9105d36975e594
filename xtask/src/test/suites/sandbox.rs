//! The sandbox in a process of its own, for programs in other languages.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use crate::shell::{self, Failure};

/// How often it is looked whether the port is there.
const POLL: Duration = Duration::from_millis(10);

/// A new folder, which goes with this.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new(path: PathBuf) -> Result<Self, Failure> {
        let folder = Self(path);
        folder.remove();
        fs::create_dir_all(&folder.0).map_err(|cause| failure(&folder.0, &cause))?;
        Ok(folder)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    fn remove(&self) {
        if let Err(cause) = fs::remove_dir_all(&self.0)
            && cause.kind() != io::ErrorKind::NotFound
        {
            eprintln!("warning: {}: {cause}", self.0.display());
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        self.remove();
    }
}

/// A sandbox in a process of its own, which ends with this.
pub(super) struct Sandbox {
    process: Child,
    /// Its address.
    pub(super) host: String,
}

impl Sandbox {
    /// Starts it with this `b2auth`; the folder takes its port.
    pub(super) fn start(b2auth: &Path, folder: &Path) -> Result<Self, Failure> {
        let port = folder.join("port");
        let mut command = shell::command(b2auth, ["sandbox", "--limits", "off", "--port-file"]);
        command.arg(&port).stdout(Stdio::null());
        shell::announce(&command);
        let process = command.spawn().map_err(|cause| shell::not_started(&command, &cause))?;
        let mut sandbox = Self { process, host: String::new() };
        loop {
            let number = fs::read_to_string(&port).unwrap_or_default();
            if number.ends_with('\n') {
                sandbox.host = format!("http://127.0.0.1:{}", number.trim());
                return Ok(sandbox);
            }
            let ended = sandbox.process.try_wait().map_err(|cause| shell::not_started(&command, &cause))?;
            if let Some(status) = ended {
                return Err(shell::unsuccessful(&command, status));
            }
            thread::sleep(POLL);
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if let Err(cause) = self.process.kill().and_then(|()| self.process.wait()) {
            eprintln!("warning: the sandbox does not end: {cause}");
        }
    }
}

fn failure(path: &Path, cause: &io::Error) -> Failure {
    Failure::new(format!("{}: {cause}", path.display()))
}
