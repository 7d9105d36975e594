//! Other users of the same machine. Only root can be another user, so a test of two of them says what it does for anybody else.

#![allow(clippy::print_stdout, reason = "a test that is not the whole one says so")]

use crate::binary;
use crate::shell::{Call, Shell};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, lchown};
use std::path::Path;

/// A user who is not root.
pub const USER: u32 = 12_345;
/// Another one.
pub const OTHER: u32 = 23_456;

/// True if this test is run by root.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// True if this test can be several users. Says so where it cannot, with what is tried instead.
pub fn are_several(test: &str, instead: &str) -> bool {
    if !is_root() {
        println!("{test}: not run by root, so there is one user only: {instead}");
    }
    is_root()
}

/// Owner, group and mode.
pub fn whose(path: &Path) -> (u32, u32, u32) {
    let found = fs::symlink_metadata(path).expect("the files are there");
    (found.uid(), found.gid(), found.mode() & 0o777)
}

/// Sets a file's mode.
pub fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, PermissionsExt::from_mode(mode)).expect("the files are there");
}

/// Gives one file, folder or link to a user.
pub fn give(path: &Path, user: u32) {
    lchown(path, Some(user), Some(user)).expect("the files are there");
}

/// Gives everything below the home to a user.
pub fn give_home(shell: &Shell, user: u32) {
    let mut folders = vec![shell.home().to_owned()];
    while let Some(folder) = folders.pop() {
        give(&folder, user);
        for entry in fs::read_dir(&folder).expect("the files are there") {
            let entry = entry.expect("the files are there");
            if entry.file_type().expect("the files are there").is_dir() {
                folders.push(entry.path());
            } else {
                give(&entry.path(), user);
            }
        }
    }
}

/// A call by a user; by whoever runs this test if that is not root.
pub fn as_user(shell: &Shell, user: u32, words: &str) -> Call {
    if !is_root() {
        return shell.b2auth(words);
    }
    // Where that user can reach it.
    let program = shell.home().join("b2auth");
    if !program.exists() {
        fs::copy(binary::b2auth(), &program).expect("the files are there");
        set_mode(&program, 0o755);
    }
    let call = shell.program("setpriv").arg(format!("--reuid={user}")).arg(format!("--regid={user}"));
    words.split_whitespace().fold(call.arg("--clear-groups").arg(program), |call, word| call.arg(word))
}
