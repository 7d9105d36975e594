//! The command line of `b2auth store`.

use crate::store_spec::StoreSpec;
use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub(crate) struct Store {
    #[command(subcommand)]
    pub(crate) command: StoreCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum StoreCommand {
    /// Copy all records of a store into another one, or none of them
    Copy(CopyArgs),
}

#[derive(Debug, Args)]
pub(crate) struct CopyArgs {
    /// The store that is copied: file:PATH, keyring or sqlite:PATH. It stays as it is
    ///
    /// Stop what refreshes its sessions before: a session that is used in both stores ends at many hosts.
    #[arg(value_name = "FROM")]
    pub(crate) from: StoreSpec,

    /// The store that gets the records: file:PATH, keyring or sqlite:PATH. Files and databases are sealed with the same passphrase, or each with its key file
    ///
    /// If the one that is copied is used where no store is named, the copy is from now on, where it can be: the keyring, or the
    /// file in the user's data folder.
    #[arg(value_name = "TO")]
    pub(crate) to: StoreSpec,

    /// Replace what is there of the same accounts and differs, instead of copying nothing
    #[arg(long)]
    pub(crate) replace: bool,
}
