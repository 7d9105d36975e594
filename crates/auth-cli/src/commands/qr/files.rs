//! The code as files, for as long as it can be used.

use crate::{
    failure::Failure,
    qr_args::Show,
    qr_code::{Drawing, png, svg},
};
use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

/// The files that the code is kept in. They are removed when this is dropped.
pub(super) struct CodeFiles {
    svg: Option<PathBuf>,
    png: Option<PathBuf>,
    is_written: bool,
}

impl CodeFiles {
    pub(super) fn new(args: &Show) -> Self {
        Self { svg: args.svg.clone(), png: args.png.clone(), is_written: false }
    }

    pub(super) fn are_wanted(&self) -> bool {
        self.paths().next().is_some()
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.svg.iter().chain(&self.png).map(PathBuf::as_path)
    }

    /// Puts this code into the files, each whole or not at all.
    pub(super) fn write(&mut self, drawing: &Drawing) -> Result<(), Failure> {
        self.is_written = true;
        if let Some(file) = &self.svg {
            put(file, &svg(drawing)).map_err(|error| unusable("--svg", file, &error))?;
        }
        if let Some(file) = &self.png {
            let written = png(drawing).and_then(|picture| put(file, &picture));
            written.map_err(|error| unusable("--png", file, &error))?;
        }
        Ok(())
    }

    /// Removes a code that cannot be used any more.
    pub(super) fn remove(&mut self) {
        if std::mem::take(&mut self.is_written) {
            for file in self.paths() {
                let _gone = fs::remove_file(file);
            }
        }
    }
}

impl Drop for CodeFiles {
    fn drop(&mut self) {
        self.remove();
    }
}

/// Only this user can read the file: whoever is signed in and sees the code can approve it.
fn put(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Such a file is made with mode 0600.
    let mut part = tempfile::Builder::new().prefix(".b2auth-").tempfile_in(folder)?;
    part.write_all(bytes)?;
    part.persist(file).map_err(|error| error.error)?;
    Ok(())
}

fn unusable(option: &str, file: &Path, error: &io::Error) -> Failure {
    Failure::usage(format!("{option} {}: {error}", file.display()))
}
