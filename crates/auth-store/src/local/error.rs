//! Errors of the operating system as errors of the store.

use auth_core::ports::StoreError;
use std::{io, path::Path, sync::Arc};

/// Makes [`StoreError::Io`] of a system's error; `what` is what was being done, and `path` what it was done to.
pub(crate) fn io_error(what: &'static str, path: &Path) -> impl Fn(io::Error) -> StoreError {
    move |source| StoreError::Io { what, path: path.to_owned(), source: Arc::new(plain(source)) }
}

/// The system's error out of one that names a temporary file, which is nothing to anybody.
fn plain(error: io::Error) -> io::Error {
    let inner = error.get_ref().and_then(|wrapped| wrapped.source()?.downcast_ref::<io::Error>());
    match inner.and_then(io::Error::raw_os_error) {
        Some(number) => io::Error::from_raw_os_error(number),
        None => error,
    }
}

/// What lies there is another program's.
pub(crate) fn not_a_store(path: &Path) -> StoreError {
    StoreError::NotAStore { path: path.to_owned() }
}
