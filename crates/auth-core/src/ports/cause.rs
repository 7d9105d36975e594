//! What lies behind an error of a port.

use std::{error::Error, fmt, ops::Deref, sync::Arc};

/// What lies behind an error, for the developer or operator who looks for it: the error of whoever implements a port.
///
/// Whoever gets the error finds it as its [`source`](Error::source), with its type. Nothing prints it by itself, because nobody but
/// its maker knows what its text holds; so `Debug` shows that there is one. The causes of this project's own adapters hold no secret: no
/// header, no body, no password of a proxy.
///
/// It dereferences to the error, and is none itself, so that `?` makes one of any error.
#[derive(Clone)]
pub struct Cause(Arc<dyn Error + Send + Sync>);

impl Cause {
    /// This error.
    pub fn new(error: impl Error + Send + Sync + 'static) -> Self {
        Self(Arc::new(error))
    }
}

impl Deref for Cause {
    type Target = dyn Error + Send + Sync;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl<E: Error + Send + Sync + 'static> From<E> for Cause {
    fn from(error: E) -> Self {
        Self::new(error)
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cause(..)")
    }
}
