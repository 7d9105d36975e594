//! Opening a file, and looking at what was opened.

use super::{links, owner};
use std::{
    fs::{File, Metadata},
    io,
    path::Path,
};

/// What a file is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Its content.
    Read,
    /// Holding a lock on it.
    Write,
}

/// A regular file that is open, and whose it is.
#[derive(Debug)]
pub struct Opened {
    /// The file.
    pub file: File,
    /// What was found of it after it was opened.
    pub found: Metadata,
}

/// Opens the file to which the links at the end of an absolute path lead.
///
/// # Errors
/// As [`open_in_place`], or a link is another user's.
pub fn open(path: &Path, access: Access) -> io::Result<Opened> {
    let (path, _) = links::follow(path)?;
    open_in_place(&path, access)
}

/// Opens a regular file that is ours, the administrator's, or for the administrator the owner's of its folder. No link at the end of the
/// path is followed, and nothing is waited for.
///
/// # Errors
/// It is something else, or somebody else's, or the system refuses.
pub fn open_in_place(path: &Path, access: Access) -> io::Result<Opened> {
    let file = system::open(path, access)?;
    let found = file.metadata()?;
    if !found.is_file() {
        return Err(no_file());
    }
    owner::check(&found, path.parent().unwrap_or(Path::new(".")))?;
    Ok(Opened { file, found })
}

/// Opens whatever lies where trusted links lead from an absolute path, a pipe too, for which it waits until somebody writes. Whose it is
/// has to be looked at.
///
/// # Errors
/// A link is another user's, or the system refuses.
pub fn open_waiting(path: &Path) -> io::Result<Opened> {
    let (path, _) = links::follow(path)?;
    let file = system::open_waiting(&path)?;
    let found = file.metadata()?;
    Ok(Opened { file, found })
}

/// Opens a directory, not by a link; whose it is has to be looked at.
///
/// # Errors
/// It is no directory, or the system refuses.
pub fn open_directory(path: &Path) -> io::Result<Opened> {
    let file = system::open_directory(path)?;
    let found = file.metadata()?;
    if found.is_dir() { Ok(Opened { file, found }) } else { Err(io::ErrorKind::NotADirectory.into()) }
}

/// What is there is neither a file nor nothing.
#[must_use]
pub fn no_file() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file")
}

#[cfg(unix)]
mod system {
    use super::{Access, links, no_file};
    use rustix::{
        fs::{Mode, OFlags},
        io::{Errno, retry_on_intr},
    };
    use std::{fs::File, io, path::Path};

    pub(super) fn open(path: &Path, access: Access) -> io::Result<File> {
        let access = match access {
            Access::Read => OFlags::RDONLY,
            Access::Write => OFlags::WRONLY,
        };
        // A pipe would wait for its other end, and a terminal would become ours.
        let flags = access | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::NOFOLLOW;
        opened(path, flags).map_err(|error| match error {
            // A pipe without a reader, a socket, a device without a driver.
            Errno::NXIO | Errno::OPNOTSUPP | Errno::NODEV | Errno::ISDIR => no_file(),
            error => said(error),
        })
    }

    pub(super) fn open_waiting(path: &Path) -> io::Result<File> {
        // A descriptor's link leads to no other name.
        let follows = if links::is_descriptor(path) { OFlags::empty() } else { OFlags::NOFOLLOW };
        opened(path, OFlags::RDONLY | OFlags::NOCTTY | follows).map_err(said)
    }

    fn said(error: Errno) -> io::Error {
        match error {
            Errno::LOOP | Errno::MLINK => io::Error::other("a link lies in its place"),
            error => error.into(),
        }
    }

    pub(super) fn open_directory(path: &Path) -> io::Result<File> {
        Ok(opened(path, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW)?)
    }

    fn opened(path: &Path, flags: OFlags) -> Result<File, Errno> {
        let flags = flags | OFlags::CLOEXEC;
        retry_on_intr(|| rustix::fs::open(path, flags, Mode::empty())).map(File::from)
    }
}

#[cfg(not(unix))]
mod system {
    use super::{Access, no_file};
    use std::{
        fs::{File, OpenOptions, metadata},
        io,
        path::Path,
    };

    pub(super) fn open(path: &Path, access: Access) -> io::Result<File> {
        if !metadata(path)?.is_file() {
            return Err(no_file());
        }
        OpenOptions::new().read(access == Access::Read).write(access == Access::Write).open(path)
    }

    pub(super) fn open_waiting(path: &Path) -> io::Result<File> {
        File::open(path)
    }

    pub(super) fn open_directory(path: &Path) -> io::Result<File> {
        File::open(path)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::{fs, os::unix::net::UnixListener};

    #[test]
    fn only_a_regular_file_is_opened_and_nothing_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let made = std::process::Command::new("mkfifo").arg(at("pipe")).status().unwrap();
        assert!(made.success());
        let _socket = UnixListener::bind(at("socket")).unwrap();
        fs::create_dir(at("directory")).unwrap();
        for name in ["pipe", "socket", "directory"] {
            for access in [Access::Read, Access::Write] {
                let error = open(&at(name), access).unwrap_err();
                assert_eq!(error.to_string(), "it is no regular file", "{name} {access:?}");
            }
        }
        fs::write(at("file"), "x").unwrap();
        std::os::unix::fs::symlink("file", at("link")).unwrap();
        assert_eq!(open(&at("link"), Access::Read).unwrap().found.len(), 1);
        let error = open_in_place(&at("link"), Access::Read).unwrap_err();
        assert_eq!(error.to_string(), "a link lies in its place");
        assert!(open_directory(&at("file")).is_err() && open_directory(&at("directory")).is_ok());
    }

    const INSIDE: &str = "AMONG_USERS_OF_ITS_OWN";

    /// As in a container without root, in a sandbox, with users of its own: there the kernel's links are nobody's. This test again, in a
    /// process of its own.
    #[cfg(target_os = "linux")]
    #[test]
    fn what_comes_by_a_descriptor_is_read_among_users_of_ones_own() {
        use std::{
            io::Read,
            process::{Command, Stdio},
        };
        const THIS: &str =
            "trusted_file::open::tests::what_comes_by_a_descriptor_is_read_among_users_of_ones_own";
        if let Ok(expected) = std::env::var(INSIDE) {
            let us = rustix::process::geteuid().as_raw();
            let whose = std::os::unix::fs::MetadataExt::uid(&fs::symlink_metadata("/proc/self").unwrap());
            assert!(whose != us && whose != 0, "/proc/self is of {whose}");
            for name in ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"] {
                open_waiting(Path::new(name)).unwrap();
            }
            let mut said = String::new();
            open_waiting(Path::new("/dev/stdin")).unwrap().file.read_to_string(&mut said).unwrap();
            return assert_eq!(said, expected);
        }
        let user = rustix::process::geteuid();
        let unshare = |program: &Path| {
            let mut command = Command::new("setpriv");
            // Root, who may be anybody, has a number inside: another user is needed.
            if user.is_root() {
                command.args(["--reuid", "12345", "--regid", "12345", "--clear-groups"]);
            }
            command.args(["unshare", "--user", "--map-current-user"]).arg(program);
            command
        };
        let tried = unshare(Path::new("true")).stderr(Stdio::null()).status();
        if !tried.is_ok_and(|tried| tried.success()) {
            println!("no users of its own are to be had here: only the rule was tried");
            return;
        }
        // Where that user can reach it.
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let program = folder.path().join("test");
        fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
        // The pipe is made by that user, or it could not be opened by a name at all.
        let mut test = unshare(Path::new("sh"));
        test.args(["-c", "printf 'a password' | \"$0\" --exact \"$1\" --test-threads=1"]);
        let done = test.arg(&program).arg(THIS).env(INSIDE, "a password").output().unwrap();
        let said = String::from_utf8_lossy(&done.stdout);
        assert!(done.status.success() && said.contains("1 passed"), "{done:?}");
    }
}
