//! A program that prints a one-time code, such as `oathtool`, `pass otp` or `ykman`. It is started without a shell: nothing in the text
//! of the option is expanded.

use crate::{environment, failure::Failure, wiped};
use auth_client::{ports::reason, secret::OneTimeCode};
use auth_messages::Message;
use std::{
    io,
    process::{Command, Stdio},
};

/// More than any code.
const MAX_BYTES: u64 = 4096;

/// A command line that was taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CodeCommand {
    program: String,
    arguments: Vec<String>,
}

impl std::str::FromStr for CodeCommand {
    type Err = String;

    /// Takes words apart at blanks, with the quotes of a shell.
    fn from_str(text: &str) -> Result<Self, String> {
        let words = shell_words::split(text).map_err(|_| "a quote is not closed".to_owned())?;
        let mut words = words.into_iter();
        let program = words.next().filter(|program| !program.is_empty());
        let program = program.ok_or_else(|| "it names no program".to_owned())?;
        Ok(Self { program, arguments: words.collect() })
    }
}

impl CodeCommand {
    /// Runs the program to its end and takes the first line that it prints. Of our variables it gets none that is a secret, and it
    /// reads nothing; what it says on standard error is seen.
    pub(crate) fn code(&self) -> Result<OneTimeCode, Failure> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).stdin(Stdio::null()).stdout(Stdio::piped());
        environment::keep_secrets_from(&mut command);
        let mut child = command.spawn().map_err(|error| self.failed(&reason(&error)))?;
        let read = match child.stdout.take() {
            Some(out) => wiped::all(out, MAX_BYTES),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        };
        let ended = child.wait().map_err(|error| self.failed(&reason(&error)))?;
        if !ended.success() {
            return Err(self.failed(&ended.to_string()));
        }
        let printed = read.and_then(|printed| wiped::text(printed.expose()));
        let printed = printed.map_err(|_| self.failed("what it printed is no text"))?;
        match printed.lines().next().map(str::trim).filter(|code| !code.is_empty()) {
            Some(code) => Ok(OneTimeCode::new(code)),
            None => Err(self.failed("it printed no code")),
        }
    }

    fn failed(&self, problem: &str) -> Failure {
        let message = Message::new("code_command").with("program", &self.program).with("problem", problem);
        Failure::saying("code_command", message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_taken_apart_and_nothing_is_expanded() {
        let words = |text: &str| text.parse::<CodeCommand>().map(|it| (it.program, it.arguments));
        let taken = words(r#"oathtool --totp "@/home/ann/my key" '$(id)' ~/x $HOME;ls"#).unwrap();
        assert_eq!(taken.0, "oathtool");
        assert_eq!(taken.1, ["--totp", "@/home/ann/my key", "$(id)", "~/x", "$HOME;ls"]);
        for bad in ["", "  ", "''", "pass 'otp"] {
            assert!(words(bad).is_err(), "{bad}");
        }
    }
}
