//! Secrets from files, as systemd, Docker and Kubernetes hand them to a program, or as somebody keeps them.

use crate::{failure::Failure, messages, output, wiped};
use auth_client::{
    ports::reason,
    store::trusted_file::{self, Opened},
};
use auth_messages::Message;
use std::{
    fs::{File, Metadata},
    io,
    path::{Path, PathBuf},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};
use zeroize::Zeroizing;

/// Longer than any passphrase; keeps a wrong path from filling the memory.
const MAX_BYTES: u64 = 64 * 1024;

/// The content of the file that this option or variable names, less one end of a line. What comes through a pipe is waited for, this long
/// at most.
///
/// # Errors
/// The file cannot be read, is empty or no text, or others can read it. Those on a read-only mount of their own are taken all the
/// same, with a note: there the modes are not the user's to set.
pub(crate) fn read(option: &str, path: &Path, limit: Duration) -> Result<Zeroizing<String>, Failure> {
    let secret = in_time(path, limit).map_err(|refusal| {
        let usage = Message::new("usage");
        let message = match refusal {
            Refusal::Open => usage.about("secret_file_open"),
            Refusal::Because(problem) => usage.about("secret_file").with("problem", problem),
        };
        Failure::call_of(message.with("file", path.display()).with("option", option))
    })?;
    if secret.is_on_mount {
        let note = Message::new("secret-on-mount").with("file", path.display()).with("option", option);
        output::note(format!("b2auth: {}", messages::say(&note)));
    }
    Ok(secret.text)
}

struct Secret {
    text: Zeroizing<String>,
    /// Others can read it, but it is on a read-only mount.
    is_on_mount: bool,
}

enum Refusal {
    /// Others can read it.
    Open,
    Because(String),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::because(&reason(&error))
    }
}

impl Refusal {
    fn because(problem: &str) -> Self {
        Self::Because(problem.to_owned())
    }
}

/// A pipe may wait for its other end for ever, in a call that nothing ends; the thread that waits ends with the process.
fn in_time(path: &Path, limit: Duration) -> Result<Secret, Refusal> {
    let path: PathBuf = std::path::absolute(path)?;
    let (done, is_done) = mpsc::channel();
    thread::Builder::new().spawn(move || {
        // Nobody waits any more.
        let _late = done.send(open_and_read(&path));
    })?;
    is_done.recv_timeout(limit).unwrap_or_else(|error| {
        let seconds = limit.as_secs_f64();
        Err(match error {
            RecvTimeoutError::Timeout => {
                Refusal::Because(format!("nothing came through it within {seconds} s"))
            }
            RecvTimeoutError::Disconnected => Refusal::because("it cannot be read"),
        })
    })
}

fn open_and_read(path: &Path) -> Result<Secret, Refusal> {
    let Opened { file, found } = trusted_file::open_waiting(path)?;
    if !found.is_file() && !is_pipe(&found) {
        return Err(Refusal::because("it is no file"));
    }
    let exposure = exposure(&file, &found);
    if exposure == Exposure::Open {
        return Err(Refusal::Open);
    }
    let bytes = wiped::all(file, MAX_BYTES + 1)?;
    if bytes.expose().len() as u64 > MAX_BYTES {
        return Err(Refusal::because("it is too large for a secret"));
    }
    let mut text = wiped::text(bytes.expose()).map_err(|_| Refusal::because("it is no text"))?;
    let end = if text.ends_with("\r\n") { 2 } else { usize::from(text.ends_with('\n')) };
    let length = text.len() - end;
    text.truncate(length);
    if text.is_empty() {
        return Err(Refusal::because("it is empty"));
    }
    Ok(Secret { text, is_on_mount: exposure == Exposure::OnMount })
}

/// Whether others can read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exposure {
    None,
    /// They can, but the file is on a read-only mount.
    OnMount,
    Open,
}

/// What the answer depends on.
#[cfg(unix)]
struct Seen {
    owner: u32,
    mode: u32,
    us: u32,
    is_read_only: bool,
}

#[cfg(unix)]
impl Seen {
    /// A file of ours is for us alone. One of the administrator's may be for a group, which is how a service is given one. Somebody
    /// else's is known to them.
    fn exposure(&self) -> Exposure {
        let is_administrator_s = self.owner == 0 && self.us != 0;
        let for_others = if is_administrator_s { 0o037 } else { 0o077 };
        match is_known(self.owner, self.us) || self.mode & for_others != 0 {
            false => Exposure::None,
            true if self.is_read_only => Exposure::OnMount,
            true => Exposure::Open,
        }
    }
}

/// True for what somebody else made.
#[cfg(unix)]
fn is_known(owner: u32, us: u32) -> bool {
    owner != us && owner != 0 && us != 0
}

#[cfg(unix)]
fn exposure(file: &File, found: &Metadata) -> Exposure {
    use std::os::unix::fs::MetadataExt;
    let us = rustix::process::geteuid().as_raw();
    // What another program writes for us, such as <(pass show broker), has no mode to speak of.
    if is_pipe(found) {
        return if is_known(found.uid(), us) { Exposure::Open } else { Exposure::None };
    }
    // A mount of its own: that the whole system is read-only says nothing of who put the file there.
    let is_on_root = std::fs::metadata("/").is_ok_and(|root| root.dev() == found.dev());
    let mounted = rustix::fs::fstatvfs(file);
    let is_read_only =
        mounted.is_ok_and(|mount| mount.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY));
    let seen = Seen { owner: found.uid(), mode: found.mode(), us, is_read_only: is_read_only && !is_on_root };
    seen.exposure()
}

#[cfg(not(unix))]
fn exposure(_: &File, _: &Metadata) -> Exposure {
    Exposure::None
}

#[cfg(unix)]
fn is_pipe(found: &Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&found.file_type())
}

#[cfg(not(unix))]
fn is_pipe(_: &Metadata) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_others_can_read_is_taken_from_a_read_only_mount_only() {
        let seen = |owner: u32, mode: u32, us: u32, is_read_only: bool| {
            Seen { owner, mode: 0o100_000 | mode, us, is_read_only }.exposure()
        };
        for us in [0, 1000] {
            for mode in [0o400, 0o600] {
                assert_eq!(seen(us, mode, us, false), Exposure::None, "{us} {mode:o}");
            }
            for mode in [0o440, 0o640, 0o404, 0o644, 0o622] {
                assert_eq!(seen(us, mode, us, false), Exposure::Open, "{us} {mode:o}");
                assert_eq!(seen(us, mode, us, true), Exposure::OnMount, "{us} {mode:o}");
            }
        }
        // The administrator's, for a group that the service is in, and for everybody.
        assert_eq!(seen(0, 0o440, 1000, false), Exposure::None);
        assert_eq!(seen(0, 0o640, 1000, false), Exposure::None);
        assert_eq!(seen(0, 0o660, 1000, false), Exposure::Open);
        assert_eq!(seen(0, 0o444, 1000, false), Exposure::Open);
        // As Kubernetes mounts a secret, and Docker Swarm.
        assert_eq!(seen(0, 0o644, 1000, true), Exposure::OnMount);
        assert_eq!(seen(0, 0o444, 0, true), Exposure::OnMount);
        // Another user's, whatever its mode. Root looks into everybody's.
        assert_eq!(seen(1001, 0o600, 1000, false), Exposure::Open);
        assert_eq!(seen(1001, 0o600, 0, false), Exposure::None);
    }
}
