//! Access and refresh tokens: signing them and remembering which are good.

mod pair;
mod sessions;
mod signer;

pub(crate) use pair::{Pair, Token};
pub(crate) use sessions::{KeptSessions, Sessions};
pub(crate) use signer::{PUBLIC_PEM, Signer};
