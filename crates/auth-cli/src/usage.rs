//! Wrong calls: one line, and what to do.

use crate::{failure::Failure, messages, output};
use clap::error::ErrorKind;
use std::process::ExitCode;

/// Reports what the argument parser said: help is no error, everything else is one line.
pub(crate) fn report(error: &clap::Error) -> ExitCode {
    let text = error.render().to_string();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            output::line(text.trim_end());
            return ExitCode::SUCCESS;
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
    let said: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    let said = said.join("; ");
    wrong_call(&Failure::usage(format!("{}; see b2auth --help", said.trim_start_matches("error: "))))
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
