//! Variables that carry a secret or a place. One that is there and empty was meant to carry something that did not arrive: going on
//! without it would seal a store with another key, or look for it in another place.

use crate::failure::Failure;
use auth_messages::Message;
use std::{
    env,
    ffi::{OsStr, OsString},
    process::Command,
};

/// The passphrase of the store.
pub(crate) const STORE_KEY: &str = "B2AUTH_STORE_KEY";

/// The file that the passphrase of the store is in.
pub(crate) const STORE_KEY_FILE: &str = "B2AUTH_STORE_KEY_FILE";

/// The file of certificates that the server of a store has to lead to.
pub(crate) const STORE_CA_FILE: &str = "B2AUTH_STORE_CA_FILE";

/// Our variables that are no secrets: all that programs started here keep of them.
const NO_SECRETS: [&str; 14] = [
    "B2AUTH_HOST",
    "B2AUTH_OFFICE",
    "B2AUTH_PROFILE",
    "B2AUTH_STORE",
    STORE_KEY_FILE,
    STORE_CA_FILE,
    "B2AUTH_TIMEOUT",
    "B2AUTH_LIMITS",
    "B2AUTH_REFRESH_LIMIT",
    "B2AUTH_CA_FILE",
    "B2AUTH_PINS",
    "B2AUTH_PIN_EXPIRES",
    "B2AUTH_LANGUAGE",
    "B2AUTH_LOG",
];

/// Those that every command looks at; that of `qr` alone is looked at there.
const SECRETS_AND_PLACES: [&str; 6] =
    ["B2AUTH_HOST", "B2AUTH_STORE", STORE_KEY, STORE_KEY_FILE, STORE_CA_FILE, "B2AUTH_CA_FILE"];

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

/// A program that is started gets no variable of ours that is a secret.
pub(crate) fn keep_secrets_from(command: &mut Command) {
    for (name, _) in env::vars_os().filter(|(name, _)| is_secret(name)) {
        command.env_remove(name);
    }
}

fn is_secret(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with("B2AUTH_") && !NO_SECRETS.contains(&name.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Cli;
    use clap::CommandFactory;

    #[test]
    fn every_variable_of_ours_is_an_option_or_a_secret() {
        let command = Cli::command();
        let options: Vec<&str> =
            command.get_arguments().filter_map(|argument| argument.get_env()?.to_str()).collect();
        // The places of the passphrase and of the store's certificates have no option.
        assert_eq!(options.len() + 2, NO_SECRETS.len());
        assert!(options.iter().all(|option| !is_secret(option.as_ref())), "{options:?}");
        for secret in ["B2AUTH_STORE_KEY", "B2AUTH_TOKEN", "B2AUTH_CODE", "B2AUTH_PASSWORD"] {
            assert!(is_secret(secret.as_ref()), "{secret}");
        }
        assert!(!is_secret("PATH".as_ref()));
    }
}
