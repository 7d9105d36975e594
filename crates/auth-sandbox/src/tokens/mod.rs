//! Access and refresh tokens: signing them and remembering which are good.

mod sessions;
mod signer;

use jiff::Timestamp;
pub(crate) use sessions::Sessions;
pub(crate) use signer::{PUBLIC_PEM, Signer};

/// One token as it is given out; deliberately without `Debug`.
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) created: Timestamp,
    pub(crate) expires: Timestamp,
}

/// What a sign-in or refresh gives out.
pub(crate) struct Pair {
    pub(crate) access: Token,
    pub(crate) refresh: Token,
}
