//! `b2auth store` and the commands below it.

use super::{copy, rekey};
use crate::{
    clients::Clients,
    failure::Failure,
    store_args::{Store, StoreCommand},
};
use std::process::ExitCode;

pub(crate) async fn run(clients: &Clients, args: Store) -> Result<ExitCode, Failure> {
    match args.command {
        StoreCommand::Copy(args) => copy::run(&clients.global, args).await,
        StoreCommand::Rekey(args) => rekey::run(&clients.global, args).await,
    }
}
