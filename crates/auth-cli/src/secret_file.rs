//! Secrets from files, as systemd, Docker and Kubernetes hand them to a program, or as somebody keeps them.

use crate::{failure::Failure, messages, output, wiped};
use auth_client::ports::reason;
use auth_messages::Message;
use std::{
    fs::{self, File, Metadata},
    io,
    path::Path,
};
use zeroize::Zeroizing;

/// Longer than any passphrase; keeps a wrong path from filling the memory.
const MAX_BYTES: u64 = 64 * 1024;

/// The content of the file that this option or variable names, less one end of a line.
///
/// # Errors
/// The file cannot be read, is empty or no text, or others can read it. Those on a read-only mount of their own are taken all the
/// same, with a note: there the modes are not the user's to set.
pub(crate) fn read(option: &str, path: &Path) -> Result<Zeroizing<String>, Failure> {
    let unusable = |problem: &str| {
        let message = Message::new("usage").about("secret_file").with("file", path.display());
        Failure::call_of(message.with("option", option).with("problem", problem))
    };
    let failed = |error: io::Error| unusable(&reason(&error));
    let found = fs::metadata(path).map_err(failed)?;
    if !found.is_file() && !is_pipe(&found) {
        return Err(unusable("it is no file"));
    }
    let file = File::open(path).map_err(failed)?;
    // Of the file that is open: another one may lie there by now.
    let found = file.metadata().map_err(failed)?;
    match exposure(&file, &found) {
        Exposure::None => {}
        Exposure::OnMount => {
            let note = Message::new("secret-on-mount").with("file", path.display()).with("option", option);
            output::note(format!("b2auth: {}", messages::say(&note)));
        }
        Exposure::Open => {
            let message = Message::new("usage").about("secret_file_open").with("file", path.display());
            return Err(Failure::call_of(message.with("option", option)));
        }
    }
    let bytes = wiped::all(file, MAX_BYTES + 1).map_err(failed)?;
    if bytes.expose().len() as u64 > MAX_BYTES {
        return Err(unusable("it is too large for a secret"));
    }
    let mut text = wiped::text(bytes.expose()).map_err(|_| unusable("it is no text"))?;
    let end = if text.ends_with("\r\n") { 2 } else { usize::from(text.ends_with('\n')) };
    let length = text.len() - end;
    text.truncate(length);
    if text.is_empty() { Err(unusable("it is empty")) } else { Ok(text) }
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
        let is_known = self.owner != self.us && self.owner != 0 && self.us != 0;
        let for_others = if is_administrator_s { 0o037 } else { 0o077 };
        match is_known || self.mode & for_others != 0 {
            false => Exposure::None,
            true if self.is_read_only => Exposure::OnMount,
            true => Exposure::Open,
        }
    }
}

#[cfg(unix)]
fn exposure(file: &File, found: &Metadata) -> Exposure {
    use std::os::unix::fs::MetadataExt;
    // What another program writes for us, such as <(pass show broker), has no mode to speak of.
    if is_pipe(found) {
        return Exposure::None;
    }
    // A mount of its own: that the whole system is read-only says nothing of who put the file there.
    let is_on_root = fs::metadata("/").is_ok_and(|root| root.dev() == found.dev());
    let mounted = rustix::fs::fstatvfs(file);
    let is_read_only =
        mounted.is_ok_and(|mount| mount.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY));
    let us = rustix::process::geteuid().as_raw();
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
