//! From the words of a call to its options and its command, and which options do nothing for which command.

use crate::{args::Cli, failure::Failure};
use auth_messages::Message;
use clap::{Arg, ArgMatches, CommandFactory, FromArgMatches, parser::ValueSource};
use std::ffi::OsStr;

/// An option in a call that does nothing for the command called.
pub(crate) struct Ignored {
    command: String,
    option: String,
}

/// What is about a host and its accounts, which some commands have nothing to do with, or about answers, of which they have one form.
const OF_A_HOST: [&str; 11] = [
    "host",
    "office",
    "profile",
    "store",
    "timeout",
    "limits",
    "refresh_limit",
    "ca_file",
    "pins",
    "pin_expires",
    "json",
];

/// What each command does nothing with. A variable may be set for all commands; an option is written for one, and means something.
fn is_ignored(command: &str, option: &str) -> bool {
    let ignored: &[&str] = match command {
        "keep-alive" => &["host", "office", "profile"],
        "accounts" => &["host", "office", "profile", "limits", "refresh_limit"],
        "status" | "signout" => &["limits", "refresh_limit"],
        "signin" => &["refresh_limit"],
        "store" => &[
            "host",
            "office",
            "profile",
            "store",
            "limits",
            "refresh_limit",
            "ca_file",
            "pins",
            "pin_expires",
        ],
        "sandbox" => &["host", "office", "profile", "store", "timeout", "ca_file", "pins", "pin_expires"],
        "pins" => &["office", "profile", "store", "limits", "refresh_limit", "pins", "pin_expires"],
        "demo" | "completions" | "man" => &OF_A_HOST,
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
        let values = matches.get_raw(option.get_id().as_str());
        if let (Some(variable), Some(values)) = (option.get_env(), values) {
            let values: Vec<&OsStr> = values.collect();
            cli.global.given.push((variable.to_owned(), values.join(OsStr::new(","))));
        }
    }
    Ok((cli, ignored))
}

/// The command line as help, completions and man pages show it: each command without the options that it does nothing with.
pub(crate) fn as_shown() -> clap::Command {
    let command = Cli::command();
    let globals: Vec<Arg> = globals(&command).cloned().collect();
    // They are handed down here, instead of by the parser.
    let command = globals.iter().fold(command, |command, option| {
        command.mut_arg(option.get_id().clone(), |option| option.global(false))
    });
    command.mut_subcommands(|command| {
        let name = command.get_name().to_owned();
        command.args(globals.iter().filter(|option| !is_ignored(&name, option.get_id().as_str())))
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
    fn a_command_is_shown_with_all_options_but_those_that_it_does_nothing_with() {
        let (mut shown, plain) = (as_shown(), Cli::command());
        shown.build();
        let mut left_out = 0;
        for command in shown.get_subcommands().filter(|command| command.get_name() != "help") {
            for option in globals(&plain) {
                let (name, id) = (command.get_name(), option.get_id());
                let is_there = command.get_arguments().any(|found| found.get_id() == id);
                assert_eq!(is_there, !is_ignored(name, id.as_str()), "{name} {id}");
                left_out += usize::from(!is_there);
            }
        }
        assert!(left_out > 20, "{left_out}");
        let qr = shown.find_subcommand("qr").and_then(|qr| qr.find_subcommand("show"));
        assert!(qr.is_some_and(|show| show.get_arguments().any(|option| option.get_id() == "host")));
    }
}
