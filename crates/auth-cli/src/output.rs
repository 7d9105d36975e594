//! Standard output and standard error. What a command was asked for has to arrive: a disk that is full must not look like success.
//! A reader that has gone away wants nothing more, which is no error.

use crate::plain_lines::plain_lines;
use auth_core::visible;
use std::{
    io::{self, Write},
    sync::atomic::{AtomicBool, Ordering},
};

/// Prints a line of what a command was asked for, or several.
pub(crate) fn data(text: impl std::fmt::Display) -> io::Result<()> {
    raw(plain_lines(&text.to_string()))
}

/// Prints as it stands what is ours alone, or a token, of which no copy is made: a picture in colours, a manual.
pub(crate) fn raw(text: impl std::fmt::Display) -> io::Result<()> {
    match write(text) {
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
    write(plain_lines(&text.to_string()))
}

fn write(text: impl std::fmt::Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush())
}

/// Notes are events of the log, since a program reads standard error.
static LOGGED: AtomicBool = AtomicBool::new(false);

/// From now on notes are events of the log.
pub(crate) fn notes_are_logged() {
    LOGGED.store(true, Ordering::Relaxed);
}

/// Prints a line on standard error, one whatever is in it.
pub(crate) fn note(text: impl std::fmt::Display) {
    if LOGGED.load(Ordering::Relaxed) {
        tracing::warn!("{text}");
    } else {
        let _gone = writeln!(io::stderr(), "{}", visible(&text.to_string()));
    }
}

/// A date as JSON: RFC 3339, or null where the host told none.
pub(crate) fn date(at: Option<auth_client::Timestamp>) -> serde_json::Value {
    at.map_or(serde_json::Value::Null, |at| at.to_string().into())
}

/// A date for a person. A token without one is used until its host says no.
pub(crate) fn until(at: Option<auth_client::Timestamp>) -> String {
    at.map_or("the host rejects it: no end is known".to_owned(), |at| at.to_string())
}
