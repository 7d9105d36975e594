//! Wrong calls: one line, and what to do.

use crate::{failure::Failure, output};
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
            return Failure::usage("name a command: signin, token, status, signout, sandbox or demo")
                .report(json());
        }
        _ => {}
    }
    let lines = text
        .lines()
        .map(str::trim)
        .take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"));
    let said: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    let said = said.join("; ");
    Failure::usage(format!("{}; see b2auth --help", said.trim_start_matches("error: "))).report(json())
}

/// The arguments did not parse, so whether JSON is wanted is read off them directly.
fn json() -> bool {
    std::env::args_os().skip(1).take_while(|arg| arg != "--").any(|arg| arg == "--json")
}
