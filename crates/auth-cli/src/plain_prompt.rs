//! Questions as plain lines, for a terminal that cannot move its cursor: no escape sequence is written, and nothing is replaced.

use crate::{failure::Failure, output, terminal::TerminalModes, wiped};
use auth_messages::Message;
use std::{
    borrow::Cow,
    io::{self, Write},
};

/// A line; the default for an empty one. Without a default an empty line is asked again.
pub(crate) fn text(question: &str, default: Option<&str>) -> Result<String, Failure> {
    let shown = default.map(|default| format!(" [{default}]")).unwrap_or_default();
    loop {
        let line = ask(&format!("{question}{shown}: "))?;
        match (line.trim(), default) {
            ("", Some(default)) => return Ok(default.to_owned()),
            ("", None) => {}
            (text, _) => return Ok(text.to_owned()),
        }
    }
}

/// A question with yes and no; an empty line is a no.
pub(crate) fn confirm(question: &str) -> Result<bool, Failure> {
    let line = ask(&format!("{question} [y/N] "))?;
    Ok(matches!(line.trim(), "y" | "Y" | "yes"))
}

/// The place of one of several; the first for an empty line.
pub(crate) fn choice(question: &str, names: &[Cow<'_, str>]) -> Result<usize, Failure> {
    output::note(format!("{question}:"));
    names.iter().enumerate().for_each(|(at, name)| output::note(format!("{}) {name}", at + 1)));
    loop {
        let line = ask("Number [1]: ")?;
        let number = if line.trim().is_empty() { Some(1) } else { line.trim().parse::<usize>().ok() };
        if let Some(number) = number.filter(|number| (1..=names.len()).contains(number)) {
            return Ok(number - 1);
        }
    }
}

fn ask(question: &str) -> Result<String, Failure> {
    let _terminal = TerminalModes::for_line();
    let asked = write!(io::stderr(), "{question}").and_then(|()| io::stderr().flush());
    match asked.and_then(|()| wiped::line()) {
        Ok(Some(line)) => Ok(line.to_string()),
        _ => Err(unanswered()),
    }
}

pub(crate) fn unanswered() -> Failure {
    Failure::saying("unanswered", Message::new("unanswered"))
}
