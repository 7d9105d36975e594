//! Errors of the operating system as errors of the store.

use auth_core::ports::StoreError;
use std::{io, path::Path, sync::Arc};

/// Makes [`StoreError::Io`] of a system's error; `what` is what was being done, and `path` what it was done to.
pub(super) fn io_error(what: &'static str, path: &Path) -> impl Fn(io::Error) -> StoreError {
    move |source| StoreError::Io { what, path: path.to_owned(), source: Arc::new(source) }
}
