//! One-time codes: those we send and those an authenticator app makes.

pub(crate) mod digits;
pub(crate) mod totp;
