//! Variables that carry a secret or a place. One that is there and empty was meant to carry something that did not arrive: going on
//! without it would seal a store with another key, or look for it in another place.

use crate::failure::Failure;
use auth_messages::Message;
use std::{env, ffi::OsString};

/// The passphrase of the store.
pub(crate) const STORE_KEY: &str = "B2AUTH_STORE_KEY";

/// Those that every command looks at; that of `qr` alone is looked at there.
const SECRETS_AND_PLACES: [&str; 4] = ["B2AUTH_HOST", "B2AUTH_STORE", STORE_KEY, "B2AUTH_CA_FILE"];

/// Refuses one that is empty, unless an option in the call, with its variable in `given`, stands in its place.
pub(crate) fn check(given: &[(OsString, OsString)]) -> Result<(), Failure> {
    let is_empty = |name: &&&str| env::var_os(name).is_some_and(|value| value.is_empty());
    let counts = |name: &&&str| given.iter().all(|(variable, _)| variable != **name);
    match SECRETS_AND_PLACES.iter().filter(counts).find(is_empty) {
        Some(name) => Err(empty(name)),
        None => Ok(()),
    }
}

/// The variable, or the option that stands for it, is empty.
pub(crate) fn empty(name: &str) -> Failure {
    Failure::call_of(Message::new("usage").about("empty_variable").with("variable", name))
}
