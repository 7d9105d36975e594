//! The hosts that the program talks to: two sandboxes, as processes of their own.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use super::program::Check;
use crate::shell::{self, Failure};

/// Where a check goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Host {
    /// Plain `http`.
    Plain,
    /// `https` with a certificate that the process trusts.
    Trusted,
    /// `https` with one that it does not.
    Untrusted,
}

/// Both, until they are dropped.
pub(super) struct Hosts {
    plain: Sandbox,
    tls: Sandbox,
    ca: PathBuf,
}

impl Hosts {
    pub(super) fn start(b2auth: &Path, place: &Path) -> Result<Self, Failure> {
        let ca = place.join("ca.pem");
        std::fs::create_dir_all(place)
            .map_err(|cause| Failure::new(format!("{}: {cause}", place.display())))?;
        let plain = Sandbox::start(b2auth, &[])?;
        let tls = Sandbox::start(b2auth, &[OsStr::new("--tls"), OsStr::new("--ca-out"), ca.as_os_str()])?;
        Ok(Self { plain, tls, ca })
    }

    /// Makes one check, and gives the line that came of it, or the panic.
    pub(super) fn check(&self, executable: &Path, check: Check) -> Result<String, Failure> {
        let url = if check.host == Host::Plain { &self.plain.url } else { &self.tls.url };
        let mut command = shell::command(executable, [check.name, url]);
        for name in
            ["SSL_CERT_FILE", "SSL_CERT_DIR", "RUST_BACKTRACE", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]
        {
            command.env_remove(name).env_remove(name.to_lowercase());
        }
        if check.host == Host::Trusted {
            command.env("SSL_CERT_FILE", &self.ca);
        }
        let output = command.output().map_err(|cause| shell::not_started(&command, &cause))?;
        let printed = if output.status.success() { output.stdout } else { output.stderr };
        Ok(String::from_utf8_lossy(&printed).trim().to_owned())
    }
}

struct Sandbox {
    process: Child,
    url: String,
    /// Kept open: what it prints has somewhere to go.
    _output: BufReader<ChildStdout>,
}

impl Sandbox {
    fn start(b2auth: &Path, more: &[&OsStr]) -> Result<Self, Failure> {
        let mut command: Command = shell::command(b2auth, ["sandbox", "--limits", "off"]);
        command.args(more).stdout(Stdio::piped());
        shell::announce(&command);
        let mut process = command.spawn().map_err(|cause| shell::not_started(&command, &cause))?;
        let output = process.stdout.take().ok_or_else(|| Failure::new("the sandbox has no output"))?;
        let mut output = BufReader::new(output);
        let mut line = String::new();
        // Once it says where it is, it listens, and its certificate is written.
        let read = output.read_line(&mut line);
        let sandbox = Self { process, url: url(&line).unwrap_or_default().to_owned(), _output: output };
        if sandbox.url.is_empty() {
            return Err(Failure::new(format!("the sandbox did not say where it is: {line:?} {read:?}")));
        }
        Ok(sandbox)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _gone = self.process.kill();
        let _status = self.process.wait();
    }
}

/// `sandbox at http://127.0.0.1:35855 (…)`
fn url(line: &str) -> Option<&str> {
    line.strip_prefix("sandbox at ")?.split_whitespace().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sandbox_says_where_it_is() {
        assert_eq!(url("sandbox at https://127.0.0.1:9 (a look-alike)\n"), Some("https://127.0.0.1:9"));
        assert_eq!(url("error: no"), None);
    }
}
