//! Following links. One that another user put there may lead anywhere, also to where only we can write.

use super::owner;
use std::{
    ffi::OsString,
    fs::{self, Metadata},
    io,
    path::{Component, Path, PathBuf},
};

/// As many links as Linux follows.
const MAX_LINKS: usize = 40;

/// Where the links at the end of an absolute path lead, also if nothing is there yet, and what is there.
///
/// # Errors
/// A link at the end or on the way is another user's, or there are too many of them.
pub fn follow(path: &Path) -> io::Result<(PathBuf, Option<Metadata>)> {
    let mut path = path.to_owned();
    check_way(&path)?;
    for _ in 0..MAX_LINKS {
        match fs::symlink_metadata(&path) {
            // What a descriptor leads to has no path: `/dev/stdin`, `/dev/fd/63`.
            Ok(found) if found.is_symlink() && !is_descriptor(&path) => {
                if let Some(target) = target(&path, &found)? {
                    path = folder_of(&path).join(target);
                    check_way(&path)?;
                }
            }
            Ok(found) => return Ok((path, Some(found))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((path, None)),
            Err(error) => return Err(error),
        }
    }
    Err(too_many())
}

/// Refuses an absolute path whose folders are reached by another user's link. The last part of the path is not looked at. What cannot be
/// looked at cannot be opened either, and is no error here.
///
/// # Errors
/// The first such link, by its name.
pub fn check_way(path: &Path) -> io::Result<()> {
    let mut ahead: Vec<OsString> = Vec::new();
    put_ahead(&mut ahead, folder_of(path));
    let (mut at, mut links) = (PathBuf::new(), 0);
    while let Some(part) = ahead.pop() {
        if part == ".." {
            // No link is left in what is behind us.
            at.pop();
            continue;
        }
        at.push(part);
        let Ok(found) = fs::symlink_metadata(&at) else { return Ok(()) };
        if !found.is_symlink() {
            continue;
        }
        let target = if is_kernel_s(&at) { Some(fs::read_link(&at)?) } else { target(&at, &found)? };
        let Some(target) = target else { return Err(too_many()) };
        at.pop();
        put_ahead(&mut ahead, &target);
        links += 1;
        if links > MAX_LINKS {
            return Err(too_many());
        }
    }
    Ok(())
}

/// True for the names of open descriptors. They are links, and what they lead to has no other name.
pub(super) fn is_descriptor(path: &Path) -> bool {
    let parts: Option<Vec<&str>> = path.components().skip(1).map(|part| part.as_os_str().to_str()).collect();
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_process = |text: &str| matches!(text, "self" | "thread-self") || is_number(text);
    path.is_absolute()
        && match parts.as_deref() {
            Some(["dev", "stdin" | "stdout" | "stderr"]) => true,
            Some(["dev", "fd", fd]) => is_number(fd),
            Some(["proc", process, "fd", fd]) => is_process(process) && is_number(fd),
            Some(["proc", process, "task", task, "fd", fd]) => {
                is_process(process) && is_number(task) && is_number(fd)
            }
            _ => false,
        }
}

/// True for links that the kernel makes, and those of the system to them, on a way on which no link is left. Whose they are says nothing:
/// among a container's own users the machine's administrator is nobody.
fn is_kernel_s(link: &Path) -> bool {
    link.starts_with("/proc") || link == Path::new("/dev/fd") || is_descriptor(link)
}

/// Where a link leads that we may follow; nothing if it was replaced meanwhile.
fn target(link: &Path, found: &Metadata) -> io::Result<Option<PathBuf>> {
    if !owner::is_trusted_link(found, folder_of(link)) {
        let said = format!("{} is a link of another user", link.display());
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, said));
    }
    let target = fs::read_link(link)?;
    Ok(fs::symlink_metadata(link).is_ok_and(|now| is_same(&now, found)).then_some(target))
}

fn put_ahead(ahead: &mut Vec<OsString>, path: &Path) {
    let parts = path.components().filter(|part| *part != Component::CurDir);
    ahead.extend(parts.rev().map(|part| part.as_os_str().to_owned()));
}

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}

#[cfg(unix)]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    let of = |found: &Metadata| (found.dev(), found.ino(), found.ctime(), found.ctime_nsec());
    of(one) == of(other)
}

#[cfg(not(unix))]
fn is_same(_: &Metadata, _: &Metadata) -> bool {
    true
}

fn too_many() -> io::Error {
    io::Error::other("too many links")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn descriptors_have_names_and_nothing_else_passes_for_one() {
        for name in [
            "/dev/stdin",
            "/dev/fd/63",
            "/proc/self/fd/0",
            "/proc/12/fd/3",
            "/proc/thread-self/fd/3",
            "/proc/self/task/12/fd/3",
        ] {
            assert!(is_descriptor(Path::new(name)), "{name}");
        }
        for name in [
            "/dev/fd",
            "/dev/fd/x",
            "/dev/fd/../../tmp/x",
            "/dev/shm/stdin",
            "/proc/../tmp/x",
            "/proc/self/cwd/x",
            "/proc/self/cwd",
            "/proc/self/fd/3/x",
            "/proc/self/fd/..",
            "/tmp/proc/self/fd/0",
            "proc/self/fd/0",
        ] {
            assert!(!is_descriptor(Path::new(name)), "{name}");
        }
        assert!(is_kernel_s(Path::new("/proc/self")) && is_kernel_s(Path::new("/dev/fd")));
        assert!(!is_kernel_s(Path::new("/dev/shm/x")) && !is_kernel_s(Path::new("/process/x")));
    }

    #[test]
    fn our_own_links_are_followed_also_to_what_is_not_there_yet() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("real/deep")).unwrap();
        symlink("real/deep", at("link")).unwrap();
        symlink("link/../other", at("store")).unwrap();
        let (path, found) = follow(&at("store")).unwrap();
        assert!(path.ends_with("link/../other") && found.is_none());
        check_way(&at("link/../link/x")).unwrap();
        symlink("circle", at("circle")).unwrap();
        assert!(follow(&at("circle")).is_err() && check_way(&at("circle/x")).is_err());
    }
}
