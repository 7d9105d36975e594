//! Errors of the operating system as errors of the store.

use auth_core::ports::StoreError;
use std::{io, sync::Arc};

/// Makes [`StoreError::Io`] of a system's error; `what` is what was being done.
pub(super) fn io_error(what: &'static str) -> impl Fn(io::Error) -> StoreError {
    move |source| StoreError::Io { what, source: Arc::new(source) }
}
