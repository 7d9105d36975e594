//! Standard output and standard error. What a command was asked for has to arrive: a disk that is full must not look like success.
//! A reader that has gone away wants nothing more, which is no error.

use std::io::{self, Write};

/// Prints a line of what a command was asked for.
pub(crate) fn data(text: impl std::fmt::Display) -> io::Result<()> {
    match live(text) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

/// Prints a line beside the answer, whose loss changes nothing.
pub(crate) fn line(text: impl std::fmt::Display) {
    let _lost = live(text);
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
