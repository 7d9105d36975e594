//! The command line of `b2auth store`.

use crate::store_spec::StoreSpec;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Store {
    #[command(subcommand)]
    pub(crate) command: StoreCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum StoreCommand {
    /// Copy all records of a store into another one, or none of them
    Copy(CopyArgs),

    /// Seal all records of a store anew with another key
    ///
    /// The key that it has now is given as ever: by B2AUTH_STORE_KEY, by B2AUTH_STORE_KEY_FILE, or by the key file beside it.
    Rekey(RekeyArgs),
}

#[derive(Debug, Args)]
pub(crate) struct RekeyArgs {
    /// The store: file:PATH, sqlite:PATH or redis://HOST [default: that of --store]
    #[arg(value_name = "STORE")]
    pub(crate) place: Option<StoreSpec>,

    /// Seal it with a new random key in the key file beside it; without a passphrase now, this is the default
    #[arg(long, conflicts_with = "new_passphrase_file")]
    pub(crate) new_key_file: bool,

    /// Seal it with the passphrase in this file, and remove its key file. What runs with the old passphrase has to be started anew
    #[arg(long, value_name = "FILE")]
    pub(crate) new_passphrase_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct CopyArgs {
    /// The store that is copied: file:PATH, keyring, sqlite:PATH or redis://HOST. It stays as it is
    ///
    /// Stop what refreshes its sessions before: a session that is used in both stores ends at many hosts.
    #[arg(value_name = "FROM")]
    pub(crate) from: StoreSpec,

    /// The store that gets the records: file:PATH, keyring, sqlite:PATH or redis://HOST. All but the keyring are sealed with the same passphrase, or each with its key file
    ///
    /// If the one that is copied is used where no store is named, the copy is from now on, where it can be: the keyring, or the
    /// file in the user's data folder.
    #[arg(value_name = "TO")]
    pub(crate) to: StoreSpec,

    /// Replace what is there of the same accounts and differs, instead of copying nothing
    #[arg(long)]
    pub(crate) replace: bool,
}
