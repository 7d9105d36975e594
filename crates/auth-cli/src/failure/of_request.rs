//! What the failures of all requests have in common.

/// The failure of a request, of an error that can be one of the store. The errors of sign-ins, sessions and displays share no trait.
macro_rules! of_request {
    ($failed:expr, $exit:expr, $error:ident) => {{
        let error = &$failed.cause;
        let (message, store) = match error {
            $error::Store(store) => ($crate::failure::store::message(store), Some(store)),
            $error::NotSaved(store) => ($crate::failure::store::not_saved(error.kind(), store), Some(store)),
            _ => (error.into(), None),
        };
        $crate::failure::Failure::new($exit, error.kind(), message, error.recovery())
            .detail(error)
            .server_message(error.server_message())
            .at(&$failed)
            .behind(store)
    }};
}

pub(super) use of_request;
