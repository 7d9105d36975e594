//! `b2auth`: sign in to a B2Core host from the shell.
//!
//! The contract for scripts (options, exit codes, JSON) is in this crate's README and in `b2auth help`.

#![allow(rustdoc::bare_urls, reason = "comments on options are the help that a terminal shows")]

mod args;
mod commands;
mod failure;
mod limits;
mod logging;
mod messages;
mod output;
mod prompt;
mod settings;
mod terminal;
mod usage;

use args::{Cli, Command};
use clap::Parser;
use failure::Failure;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage::report(&error),
    };
    logging::start(cli.global.verbose);
    messages::start(cli.global.language.as_deref());
    let json = cli.global.json;
    match run(cli) {
        Ok(exit) => exit,
        Err(failure) => failure.report(json),
    }
}

fn run(cli: Cli) -> Result<ExitCode, Failure> {
    let Cli { global, command } = cli;
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    // What sends nothing needs no event loop.
    let runtime =
        if matches!(command, Command::Status) { runtime.enable_time() } else { runtime.enable_all() };
    let runtime = runtime.build().map_err(|error| Failure::other("runtime", error.to_string()))?;
    let result = runtime.block_on(async {
        match command {
            Command::Signin(args) => commands::signin::run(&global, args).await,
            Command::Token => commands::token::run(&global).await,
            Command::Status => commands::status::run(&global).await,
            Command::Signout => commands::signout::run(&global).await,
            Command::Sandbox(args) => commands::sandbox::run(&global, args).await,
            Command::Demo => commands::demo::run().await,
        }
    });
    // A store's lock may still be waited for on another thread; nobody needs its outcome now.
    runtime.shutdown_background();
    result
}
