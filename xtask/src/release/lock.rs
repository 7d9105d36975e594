//! One release at a time in a target folder: two would remove each other's parts.

use std::fs::{self, File};

use super::plan::Plan;
use crate::shell::Failure;

/// Held by this program and by every program that it has started, until the last of them ends: killed alone, it leaves builds behind that
/// still write.
pub(super) struct Lock(Option<File>);

/// Takes it; another release that is being made is a failure.
pub(super) fn take(plan: &Plan) -> Result<Lock, Failure> {
    let path = plan.work.join("lock");
    let failure = |cause: std::io::Error| Failure::new(format!("{}: {cause}", path.display()));
    fs::create_dir_all(&plan.work).map_err(failure)?;
    let file = File::create(&path).map_err(failure)?;
    let busy =
        "another release is being made in this target folder, or a program that one has started still runs";
    file.try_lock().map_err(|_| Failure::new(busy))?;
    hand_on(&file).map_err(failure)?;
    Ok(Lock(Some(file)))
}

#[cfg(unix)]
fn hand_on(file: &File) -> std::io::Result<()> {
    Ok(rustix::io::fcntl_setfd(file, rustix::io::FdFlags::empty())?)
}

#[cfg(not(unix))]
fn hand_on(_: &File) -> std::io::Result<()> {
    Ok(())
}

impl Drop for Lock {
    /// Everything has ended in order: whoever has inherited it holds it no longer.
    fn drop(&mut self) {
        if let Some(file) = &self.0 {
            let _ = file.unlock();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_program_that_outlives_us_keeps_the_lock() {
        let plan = fixture::plan("lock");
        let mut lock = take(&plan).unwrap();
        assert!(take(&plan).is_err());
        // It waits for its input.
        let mut child = crate::shell::command("cat", [""; 0]);
        let mut child = child.stdin(std::process::Stdio::piped()).spawn().unwrap();
        // As if we were killed: the file is closed, nothing is unlocked.
        drop(lock.0.take());
        drop(lock);
        let refused = take(&plan).err().map(|failure| failure.to_string());
        drop(child.stdin.take());
        child.wait().unwrap();
        assert!(refused.unwrap().contains("still runs"));
        fixture::remove(&plan);
    }

    #[test]
    fn it_is_free_again_after_use() {
        let plan = fixture::plan("unlock");
        drop(take(&plan).unwrap());
        drop(take(&plan).unwrap());
        fixture::remove(&plan);
    }
}
