//! The code as files, for as long as it can be used.

use crate::{
    failure::Failure,
    own_file::Kind,
    qr_args::Show,
    qr_code::{Drawing, is_png, is_svg, png, svg},
};
use std::path::{Path, PathBuf};

// Only this user can read them: whoever is signed in and sees the code can approve it.
const SVG: Kind = Kind { option: "--svg", mode: 0o600, is_ours: is_svg };
const PNG: Kind = Kind { option: "--png", mode: 0o600, is_ours: is_png };

/// The files that the code is kept in. They are removed when this is dropped.
pub(super) struct CodeFiles {
    svg: Option<PathBuf>,
    png: Option<PathBuf>,
    is_written: bool,
}

impl CodeFiles {
    /// # Errors
    /// Another program's file is in the place of one.
    pub(super) fn new(args: &Show) -> Result<Self, Failure> {
        let files = Self { svg: args.svg.clone(), png: args.png.clone(), is_written: false };
        files.kinds().try_for_each(|(kind, path)| kind.check(path))?;
        Ok(files)
    }

    pub(super) fn are_wanted(&self) -> bool {
        self.paths().next().is_some()
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.kinds().map(|(_, path)| path)
    }

    fn kinds(&self) -> impl Iterator<Item = (Kind, &Path)> {
        let svg = self.svg.iter().map(|path| (SVG, path.as_path()));
        svg.chain(self.png.iter().map(|path| (PNG, path.as_path())))
    }

    /// Puts this code into the files, each whole or not at all.
    pub(super) fn write(&mut self, drawing: &Drawing) -> Result<(), Failure> {
        self.is_written = true;
        if let Some(file) = &self.svg {
            SVG.put(file, &svg(drawing))?;
        }
        if let Some(file) = &self.png {
            let picture =
                png(drawing).map_err(|error| Failure::usage(format!("--png {}: {error}", file.display())))?;
            PNG.put(file, &picture)?;
        }
        Ok(())
    }

    /// Removes a code that cannot be used any more.
    pub(super) fn remove(&mut self) {
        if std::mem::take(&mut self.is_written) {
            self.kinds().for_each(|(kind, file)| kind.remove(file));
        }
    }
}

impl Drop for CodeFiles {
    fn drop(&mut self) {
        self.remove();
    }
}
