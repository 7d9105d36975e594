//! `b2auth run`

use super::token::session;
use crate::{
    args::Run, clients::Clients, environment, failure::Failure, store_opening, store_spec::StoreSpec,
};
use std::{
    ffi::OsStr,
    process::{Command, ExitCode},
    time::Duration,
};

/// Where the command finds the token.
const TOKEN: &str = "B2AUTH_TOKEN";
/// Where the command finds this program, if it can ask it: `"$B2AUTH_PROGRAM" token` gives a token that is good then.
const PROGRAM: &str = "B2AUTH_PROGRAM";

/// The command, ready to be run with a token, and with all that it needs to ask for the next one.
pub(crate) async fn prepare(clients: &Clients, args: Run) -> Result<Command, Failure> {
    let session = session(clients).await?;
    let token = session.access_token_with_min_ttl(Duration::from_secs(args.min_ttl)).await?;
    let mut words = args.command.into_iter();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words);
    environment::keep_secrets_from(&mut command);
    command.env(TOKEN, token.expose());
    command.envs(clients.global.as_variables());
    command.env("B2AUTH_HOST", clients.here()?.host().to_string());
    let store_has_secret = clients.global.store.as_ref().is_some_and(StoreSpec::has_secret);
    if store_has_secret {
        command.env_remove("B2AUTH_STORE");
    }
    // A passphrase or password in a variable is not handed on, and without it nothing can be asked; the place of one is.
    if !store_opening::has_passphrase()
        && !store_has_secret
        && let Ok(program) = std::env::current_exe()
    {
        command.env(PROGRAM, program);
    }
    Ok(command)
}

/// Becomes the command: signals and the exit code are its own. Returns only if it cannot be run.
#[cfg(unix)]
pub(crate) fn become_it(mut command: Command) -> Result<ExitCode, Failure> {
    use std::os::unix::process::CommandExt;
    let why = command.exec();
    Err(Failure::not_run(&name(command.get_program()), &why))
}

/// Runs the command to its end and ends as it did.
#[cfg(not(unix))]
pub(crate) fn become_it(mut command: Command) -> Result<ExitCode, Failure> {
    let status = command.status().map_err(|why| Failure::not_run(&name(command.get_program()), &why))?;
    std::process::exit(status.code().unwrap_or(1))
}

fn name(program: &OsStr) -> String {
    program.to_string_lossy().into_owned()
}
