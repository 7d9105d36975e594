//! A pair of tokens.

use jiff::Timestamp;

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
