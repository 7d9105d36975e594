//! Standard output. A reader that has gone away is no error worth a panic.

use std::io::{self, Write};

/// Prints a line on standard output.
pub(crate) fn line(text: impl std::fmt::Display) {
    let _gone = writeln!(io::stdout(), "{text}");
}

/// Prints a line that somebody waits for: a disk that is full must not look like success.
pub(crate) fn data(text: impl std::fmt::Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

/// Prints a line at once that somebody follows. That nobody does any more is an error.
pub(crate) fn live(text: impl std::fmt::Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush())
}

/// Prints a line on standard error.
pub(crate) fn note(text: impl std::fmt::Display) {
    let _gone = writeln!(io::stderr(), "{text}");
}

/// A date as JSON: RFC 3339, or null where the host told none.
pub(crate) fn date(at: Option<auth_client::Timestamp>) -> serde_json::Value {
    at.map_or(serde_json::Value::Null, |at| at.to_string().into())
}

/// A date for a person.
pub(crate) fn until(at: Option<auth_client::Timestamp>) -> String {
    at.map_or("not told".to_owned(), |at| at.to_string())
}
