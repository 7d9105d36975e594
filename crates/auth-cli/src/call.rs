//! From the words of a call to its options and its command, and which options do nothing for which command.

use crate::{args::Cli, failure::Failure};
use auth_messages::Message;
use clap::{Arg, ArgMatches, CommandFactory, FromArgMatches, parser::ValueSource};

/// An option in a call that does nothing for the command called.
pub(crate) struct Ignored {
    command: String,
    option: String,
}

/// What each command does nothing with. A variable may be set for all commands; an option is written for one, and means something.
fn is_ignored(command: &str, option: &str) -> bool {
    let ignored: &[&str] = match command {
        "accounts" => &["host", "office", "profile", "limits", "refresh_limit"],
        "status" | "signout" => &["limits", "refresh_limit"],
        "signin" => &["refresh_limit"],
        "sandbox" => &["host", "office", "profile", "store", "timeout", "ca_file"],
        "demo" => {
            &["host", "office", "profile", "store", "timeout", "limits", "refresh_limit", "ca_file", "json"]
        }
        _ => &[],
    };
    ignored.contains(&option)
}

/// The call of this process, and the first option in it that does nothing.
///
/// # Errors
/// The words are no call of this program, or ask for help.
pub(crate) fn parse() -> Result<(Cli, Option<Ignored>), clap::Error> {
    let mut command = Cli::command();
    let matches = command.try_get_matches_from_mut(std::env::args_os())?;
    let mut cli = Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))?;
    let mut ignored = None;
    for option in globals(&command).filter(|option| is_in_call(&matches, option)) {
        let name = matches.subcommand_name().unwrap_or_default();
        if is_ignored(name, option.get_id().as_str()) {
            let option = option.get_long().unwrap_or_default();
            ignored.get_or_insert(Ignored { command: name.to_owned(), option: format!("--{option}") });
        }
        let value = matches.get_raw(option.get_id().as_str()).and_then(|mut values| values.next());
        if let (Some(variable), Some(value)) = (option.get_env(), value) {
            cli.global.given.push((variable.to_owned(), value.to_owned()));
        }
    }
    Ok((cli, ignored))
}

/// The command line as help, completions and man pages show it: each command without the options that it does nothing with.
pub(crate) fn as_shown() -> clap::Command {
    let command = Cli::command();
    let globals: Vec<Arg> = globals(&command).cloned().collect();
    command.mut_subcommands(|command| {
        let name = command.get_name().to_owned();
        let ignored = globals.iter().filter(|option| is_ignored(&name, option.get_id().as_str()));
        let hidden: Vec<Arg> = ignored.map(|option| option.clone().hide(true)).collect();
        command.args(hidden)
    })
}

fn globals(command: &clap::Command) -> impl Iterator<Item = &Arg> {
    command.get_arguments().filter(|option| option.is_global_set())
}

fn is_in_call(matches: &ArgMatches, option: &Arg) -> bool {
    matches.value_source(option.get_id().as_str()) == Some(ValueSource::CommandLine)
}

impl From<Ignored> for Failure {
    fn from(Ignored { command, option }: Ignored) -> Self {
        let message = Message::new("usage").about("ignored_option");
        Self::call_of(message.with("command", command).with("option", option))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound_in_both_forms() {
        Cli::command().debug_assert();
        as_shown().debug_assert();
    }

    #[test]
    fn every_ignored_option_is_one_of_a_command_and_is_hidden_there() {
        let (mut shown, plain) = (as_shown(), Cli::command());
        shown.build();
        let mut hidden = 0;
        for command in shown.get_subcommands() {
            for option in globals(&plain) {
                let id = option.get_id().as_str();
                let found = command.get_arguments().find(|found| found.get_id() == option.get_id());
                let Some(found) = found else { continue };
                assert_eq!(
                    found.is_hide_set(),
                    is_ignored(command.get_name(), id),
                    "{} {id}",
                    command.get_name()
                );
                hidden += usize::from(found.is_hide_set());
            }
        }
        assert!(hidden > 20, "{hidden}");
    }
}
