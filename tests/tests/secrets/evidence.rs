//! Everything that could be seen of a client: what it shows, what it logs, what it leaves behind.

use std::error::Error;
use std::fmt::Debug;
use std::path::Path;

use e2e::markers::Markers;
use e2e::witness;

/// What was shown so far.
#[derive(Default)]
pub(crate) struct Evidence {
    shown: String,
}

impl Evidence {
    /// Begins to watch this process too.
    pub(crate) fn new() -> Self {
        witness::watch();
        Self::default()
    }

    /// Both forms of `Debug`.
    pub(crate) fn value(&mut self, value: &dyn Debug) {
        self.shown.push_str(&format!("{value:?}\n{value:#?}\n"));
    }

    /// An error with all that brought it about.
    pub(crate) fn error(&mut self, error: &(dyn Error + 'static)) {
        let mut next = Some(error);
        while let Some(error) = next {
            self.shown.push_str(&format!("{error}\n{error:#}\n"));
            self.value(&error);
            next = error.source();
        }
    }

    /// Texts of the host, which are there to be shown.
    pub(crate) fn texts<'t>(&mut self, texts: impl IntoIterator<Item = &'t str>) {
        for text in texts {
            self.shown.push_str(text);
            self.shown.push('\n');
        }
    }

    /// The first secret in what was shown, in the log, in a panic, or in a file or a file's name of this folder, and
    /// where it is.
    pub(crate) fn finds(&self, markers: &Markers, folder: &Path) -> Option<String> {
        let places =
            [("what was shown".to_owned(), self.shown.clone()), ("the log".to_owned(), witness::seen())];
        let texts = places.into_iter().map(|(place, text)| (place, text.into_bytes()));
        texts.chain(files(folder)).find_map(|(place, bytes)| {
            let found = markers.found_in(&bytes).or_else(|| markers.found_in(&place))?;
            Some(format!("{found}: {place}"))
        })
    }

    /// No secret is anywhere.
    #[track_caller]
    pub(crate) fn holds_none(&self, markers: &Markers, folder: &Path) {
        assert_eq!(self.finds(markers, folder), None, "shown:\n{}\nlogged:\n{}", self.shown, witness::seen());
    }
}

/// Every file below a folder.
pub(crate) fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.display().to_string(), std::fs::read(&path).expect("the file can be read")));
        }
    }
    found
}
