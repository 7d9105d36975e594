//! Why a state cannot be kept.

use std::io;

/// Why a sandbox's state cannot be kept in a file, or taken up from one. The file is left as it is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// The file cannot be read.
    #[error("it cannot be read: {0}")]
    Read(#[source] io::Error),
    /// The file cannot be written.
    #[error("it cannot be written: {0}")]
    Write(#[source] io::Error),
    /// Others can read the file, and it holds secrets of the test users.
    #[error("others can read it: make it yours alone, with mode 0600")]
    Open,
    /// Another sandbox has it.
    #[error("another sandbox uses it")]
    InUse,
    /// It is no state of a sandbox, or damaged.
    #[error("it is no state of a sandbox, or damaged (line {line}): move it away to begin anew")]
    Unreadable {
        /// The line in which it stops making sense; 0 if that cannot be told.
        line: usize,
    },
    /// A later version has written it.
    #[error("a later version of the sandbox has written it (format {version})")]
    Newer {
        /// The version of the format.
        version: u64,
    },
}
