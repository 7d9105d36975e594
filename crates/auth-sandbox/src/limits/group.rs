//! Groups of endpoints.

/// Endpoints that share a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Group {
    SignIn,
    Refresh,
    Codes,
    Confirm,
}
