//! `b2auth run`

use super::token::session;
use crate::{args::Run, clients::Clients, failure::Failure, store_spec};
use std::{
    ffi::{OsStr, OsString},
    process::{Command, ExitCode},
    time::Duration,
};

/// Where the command finds the token.
const TOKEN: &str = "B2AUTH_TOKEN";
/// Where the command finds this program, if it can ask it: `"$B2AUTH_PROGRAM" token` gives a token that is good then.
const PROGRAM: &str = "B2AUTH_PROGRAM";
/// Our variables that are no secrets: all that the command keeps of them.
const NO_SECRETS: [&str; 10] = [
    "B2AUTH_HOST",
    "B2AUTH_OFFICE",
    "B2AUTH_PROFILE",
    "B2AUTH_STORE",
    "B2AUTH_TIMEOUT",
    "B2AUTH_LIMITS",
    "B2AUTH_REFRESH_LIMIT",
    "B2AUTH_CA_FILE",
    "B2AUTH_LANGUAGE",
    "B2AUTH_LOG",
];

/// The command, ready to be run with a token, and with all that it needs to ask for the next one.
pub(crate) async fn prepare(clients: &Clients, args: Run) -> Result<Command, Failure> {
    let session = session(clients).await?;
    let token = session.access_token_with_min_ttl(Duration::from_secs(args.min_ttl)).await?;
    let mut words = args.command.into_iter();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words);
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_secret(name)) {
        command.env_remove(name);
    }
    command.env(TOKEN, token.expose());
    command.envs(clients.global.as_variables());
    command.env("B2AUTH_HOST", clients.here()?.host().to_string());
    // The passphrase is not handed on, and without it nothing can be asked.
    if !store_spec::has_passphrase()
        && let Ok(program) = std::env::current_exe()
    {
        command.env(PROGRAM, program);
    }
    Ok(command)
}

fn is_secret(name: &OsString) -> bool {
    let name = name.to_string_lossy();
    name.starts_with("B2AUTH_") && !NO_SECRETS.contains(&name.as_ref())
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
        assert_eq!(options.len(), NO_SECRETS.len());
        assert!(options.iter().all(|option| !is_secret(&option.into())), "{options:?}");
        for secret in ["B2AUTH_STORE_KEY", "B2AUTH_TOKEN", "B2AUTH_CODE", "B2AUTH_PASSWORD"] {
            assert!(is_secret(&secret.into()), "{secret}");
        }
        assert!(!is_secret(&"PATH".into()));
    }
}
