//! Why a store could not do what was asked, and where.

use super::Cause;
use crate::Recovery;
use std::{error::Error, io, path::PathBuf, sync::Arc};

/// The store could not do what was asked.
///
/// `Display` is [for developers](crate#texts-for-people-and-texts-for-developers).
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// Not now: the device is locked, a service is not running, or somebody else holds the lock.
    #[error("the store is not available now: {what}")]
    Unavailable {
        /// What is missing, in English.
        what: &'static str,
        /// What lies behind it, if the store says.
        source: Option<Cause>,
    },
    /// The key or passphrase is not the one that sealed the store. Nothing was changed.
    #[error("the store was sealed with another key or passphrase")]
    WrongKey,
    /// What lies at this place is not of this software. It is left exactly as it is.
    #[error("{path} is not of this software")]
    NotAStore {
        /// The file.
        path: PathBuf,
    },
    /// The store is there, and the key file that opens it is not, or cannot be read. Nothing was changed.
    #[error("the key file {path} is missing or cannot be read")]
    KeyMissing {
        /// The key file.
        path: PathBuf,
        /// Why it cannot be read; [`NotFound`](io::ErrorKind::NotFound) if there is none.
        #[source]
        source: Arc<io::Error>,
    },
    /// The record is damaged, and does not count any more. The store has set it aside if it has a place for that, or leaves it until it is
    /// overwritten, as by a sign-in, or removed, as by a sign-out.
    #[error("a stored record is damaged: {cause}")]
    Corrupt {
        /// What is wrong with it, in English.
        cause: &'static str,
    },
    /// A newer version of this software wrote it. It is not changed.
    #[error("the store was written by a newer version (format {found}, this one knows {supported}); update")]
    Newer {
        /// The format found.
        found: u32,
        /// The newest format that is understood.
        supported: u32,
    },
    /// The condition of a write did not hold: somebody has signed in or out meanwhile.
    #[error("the session was replaced or signed out meanwhile")]
    SessionReplaced,
    /// The operating system refused: permissions, a full disk, a path that is no file.
    #[error("{path}: {} ({what})", reason(source))]
    Io {
        /// What was being done, in English.
        what: &'static str,
        /// The file or directory that it was done to.
        path: PathBuf,
        /// The system's error.
        #[source]
        source: Arc<io::Error>,
    },
    /// The store failed in a way that has no variant here, such as in a database or a keyring of the program's own.
    #[error("the store failed")]
    Failed {
        /// What lies behind it, if the store says.
        source: Option<Cause>,
    },
}

impl StoreError {
    /// [`Unavailable`](Self::Unavailable), with what is missing, in English.
    #[must_use]
    pub const fn unavailable(what: &'static str) -> Self {
        Self::Unavailable { what, source: None }
    }

    /// [`Failed`](Self::Failed).
    #[must_use]
    pub const fn failed() -> Self {
        Self::Failed { source: None }
    }

    /// The same with what lies behind it, which whoever gets the error finds as its [`source`](Error::source). Nothing prints it by
    /// itself. [`Unavailable`](Self::Unavailable) and [`Failed`](Self::Failed) have room for it; the others stay as they are.
    ///
    /// ```
    /// use auth_core::ports::StoreError;
    /// use std::{error::Error, num::ParseIntError};
    ///
    /// let broken = "x".parse::<u8>().unwrap_err();
    /// let error = StoreError::failed().because(broken);
    /// assert!(error.source().unwrap().downcast_ref::<ParseIntError>().is_some());
    /// ```
    #[must_use]
    pub fn because(mut self, error: impl Error + Send + Sync + 'static) -> Self {
        if let Self::Unavailable { source, .. } | Self::Failed { source } = &mut self {
            *source = Some(Cause::new(error));
        }
        self
    }

    /// A stable name for programs.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Unavailable { .. } => "store_unavailable",
            Self::WrongKey => "store_wrong_key",
            Self::NotAStore { .. } => "not_a_store",
            Self::KeyMissing { .. } => "store_key_missing",
            Self::Corrupt { .. } => "store_corrupt",
            Self::Newer { .. } => "store_newer",
            Self::SessionReplaced => "session_replaced",
            Self::Io { .. } => "store_io",
            Self::Failed { .. } => "store_failed",
        }
    }

    /// What the caller can do next.
    pub fn recovery(&self) -> Recovery {
        match self {
            Self::Unavailable { .. } => Recovery::Retry { after: None },
            Self::Corrupt { .. } => Recovery::SignInAgain,
            Self::SessionReplaced => Recovery::Reload,
            Self::WrongKey
            | Self::NotAStore { .. }
            | Self::KeyMissing { .. }
            | Self::Newer { .. }
            | Self::Io { .. }
            | Self::Failed { .. } => Recovery::Report,
        }
    }
}

/// The system's words for an error, without its number and as part of a sentence: `permission denied`.
#[must_use]
pub fn reason(error: &io::Error) -> String {
    let said = error.to_string();
    let number = error.raw_os_error().map(|number| format!(" (os error {number})")).unwrap_or_default();
    let said = said.strip_suffix(&number).unwrap_or(&said);
    let mut words = said.chars();
    match words.next() {
        // What is written in capitals stays as it is.
        Some(first) if words.clone().next().is_some_and(char::is_lowercase) => {
            first.to_lowercase().chain(words).collect()
        }
        _ => said.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_s_words_stand_in_a_sentence() {
        assert_eq!(reason(&io::Error::from_raw_os_error(13)), "permission denied");
        assert_eq!(reason(&io::ErrorKind::PermissionDenied.into()), "permission denied");
        assert_eq!(reason(&io::Error::other("the path names no file")), "the path names no file");
        assert_eq!(reason(&io::Error::other("IO is off")), "IO is off");
        assert_eq!(reason(&io::Error::other("")), "");
    }

    #[test]
    fn an_error_of_the_system_names_the_place_and_the_reason() {
        let source = Arc::new(io::Error::from_raw_os_error(13));
        let error =
            StoreError::Io { what: "reading a file", path: PathBuf::from("/var/lib/x/session"), source };
        assert_eq!(error.to_string(), "/var/lib/x/session: permission denied (reading a file)");
        let source = std::error::Error::source(&error);
        let source = source.and_then(|source| source.downcast_ref::<Arc<io::Error>>());
        assert_eq!(source.and_then(|source| source.raw_os_error()), Some(13));
    }

    #[test]
    fn a_store_s_own_error_is_the_source_and_is_not_printed() {
        #[derive(Debug, thiserror::Error)]
        #[error("marker")]
        struct Own;
        for error in [StoreError::failed().because(Own), StoreError::unavailable("x").because(Own)] {
            let source = Error::source(&error).expect("a source");
            assert!(source.downcast_ref::<Own>().is_some());
            assert!(!format!("{error} {error:?}").contains("arker"), "{error:?}");
            assert!(!format!("{error:?}").contains("Own"), "{error:?}");
        }
        assert!(Error::source(&StoreError::failed()).is_none());
        assert!(Error::source(&StoreError::SessionReplaced.because(Own)).is_none());
    }
}
