//! Wrong calls: one line, and what to do.

use crate::{call, failure::Failure, messages, nearest, output};
use auth_core::visible;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::process::ExitCode;

/// Reports what the argument parser said: help is no error, everything else is one line.
pub(crate) fn report(mut error: clap::Error) -> ExitCode {
    let form = nearest::form(&error);
    write_out(&mut error);
    let error = &error;
    let text = error.render().to_string();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            return match output::raw(help(&text).trim_end()) {
                Ok(()) => ExitCode::SUCCESS,
                Err(why) => wrong_call(&Failure::output(why)),
            };
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            return wrong_call(&Failure::wrong_call("no_command"));
        }
        _ => {}
    }
    let lines = text
        .lines()
        .map(str::trim)
        .take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"));
    let is_said = |line: &&str| !line.is_empty() && (form.is_none() || !line.starts_with("tip:"));
    let said: Vec<&str> = lines.filter(is_said).collect();
    // What is missing stands on a line of its own.
    let said = said.join("; ").replace(":; ", ": ");
    let said = said.trim_start_matches("error: ");
    let form = form.map(|form| format!("; write {form}")).unwrap_or_default();
    wrong_call(&Failure::usage(format!("{said}{form}; see {} --help", nearest::called(error))))
}

/// Writes out what would not be shown of the words that the error quotes: their lines would be taken for the parser's.
fn write_out(error: &mut clap::Error) {
    let quoted = |text: &String| visible(text).into_owned();
    let written_out: Vec<(ContextKind, ContextValue)> = error
        .context()
        .filter_map(|(kind, value)| match value {
            ContextValue::String(text) => Some((kind, ContextValue::String(quoted(text)))),
            ContextValue::Strings(texts) => {
                Some((kind, ContextValue::Strings(texts.iter().map(quoted).collect())))
            }
            _ => None,
        })
        .collect();
    for (kind, value) in written_out {
        error.insert(kind, value);
    }
}

/// The same text without the options that do nothing for the command.
fn help(text: &str) -> String {
    let shown = call::as_shown().try_get_matches_from(std::env::args_os());
    shown.err().map_or_else(|| text.to_owned(), |help| help.render().to_string())
}

/// Reports it as the arguments wish, although they did not parse.
fn wrong_call(failure: &Failure) -> ExitCode {
    messages::start(messages::asked_by(std::env::args_os().skip(1)).as_deref());
    failure.report(json())
}

/// The arguments did not parse, so whether JSON is wanted is read off them directly.
fn json() -> bool {
    std::env::args_os().skip(1).take_while(|arg| arg != "--").any(|arg| arg == "--json")
}
