//! QR sign-in between the languages: a display in Kotlin and its approver in Swift, at one sandbox.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use super::{Built, Flavour, Suite, build, counted, kotlin, swift};
use crate::shell::{self, Failure};
use crate::test::Counts;

/// A user of the sandbox without a second factor, and the password of them all.
const USER: [&str; 2] = ["plain@example.com", "Secret123"];

/// Runs the two beside each other, if this machine has what both need.
pub(crate) fn run() -> Result<Suite, Failure> {
    if let Some(reason) = kotlin::what_is_missing() {
        return Ok(Suite::NotRun(reason));
    }
    let toolchain = match swift::toolchain() {
        Ok(toolchain) => toolchain,
        Err(reason) => return Ok(Suite::NotRun(reason)),
    };
    let built = build(Flavour::Bundled)?;
    let target = shell::target_folder()?;
    // Below the target folder, which is in both systems. The approver ends once it is gone.
    let folder = Folder::new(target.join("qr-pair"))?;
    let sandbox = Sandbox::start(&built, &folder.0)?;

    let settings = [
        format!("LIBRARY_PATH={}", built.library.display()),
        format!("LD_LIBRARY_PATH={}", built.library.display()),
    ];
    let scratch = swift::scratch();
    let run = ["swift", "run", "--scratch-path", &scratch, "QrApprover", &sandbox.host];
    let shared = folder.0.display().to_string();
    let words = ["env"].into_iter().chain(settings.iter().map(String::as_str)).chain(run);
    let mut approver = swift::command(&toolchain, &[&target], words.chain([shared.as_str()]).chain(USER));
    shell::announce(&approver);
    let mut approving = approver.spawn().map_err(|cause| shell::not_started(&approver, &cause))?;

    let mut display = kotlin::command(&built, Flavour::Bundled);
    display.args(["-Dtest=QrPair".to_owned(), format!("-Dpair.host={}", sandbox.host)]);
    display.arg(format!("-Dpair.folder={shared}"));
    let mut counts = Counts::default();
    let displayed = counted(&mut display, |line| {
        if let Some(more) = kotlin::result(line) {
            counts.add(more);
        }
    });
    drop(folder);
    let approved = approving.wait().map_err(|cause| shell::not_started(&approver, &cause))?;
    if !approved.success() {
        eprintln!("error: {}", shell::unsuccessful(&approver, approved));
    }
    if !displayed? || !approved.success() || counts.passed == 0 {
        counts.failed = counts.failed.max(1);
    }
    Ok(Suite::Ran(counts))
}

/// A new folder, which goes with this.
struct Folder(PathBuf);

impl Folder {
    fn new(path: PathBuf) -> Result<Self, Failure> {
        let folder = Self(path);
        folder.remove();
        fs::create_dir_all(&folder.0).map_err(|cause| failure(&folder.0, &cause))?;
        Ok(folder)
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
struct Sandbox {
    process: Child,
    host: String,
}

impl Sandbox {
    fn start(built: &Built, folder: &Path) -> Result<Self, Failure> {
        let port = folder.join("port");
        let mut command = shell::command(&built.b2auth, ["sandbox", "--limits", "off", "--port-file"]);
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
            thread::sleep(Duration::from_millis(10));
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
