//! Looking into the causes of an error.

use std::{error::Error, io};

/// The first error of this type along the causes.
pub(crate) fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    find_where(error, &|_| true)
}

/// The first error of this type for which this is true.
pub(crate) fn find_where<'a, E: Error + 'static>(
    error: &'a (dyn Error + 'static),
    wanted: &dyn Fn(&E) -> bool,
) -> Option<&'a E> {
    if let Some(found) = error.downcast_ref().filter(|found| wanted(found)) {
        return Some(found);
    }
    // An io::Error names its inner error's source as its own, and so hides the inner error from the chain.
    let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    inner
        .and_then(|inner| find_where(inner, wanted))
        .or_else(|| error.source().and_then(|source| find_where(source, wanted)))
}
