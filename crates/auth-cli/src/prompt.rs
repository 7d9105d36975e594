//! Asking the user, where there is one.

use crate::{failure::Failure, messages, output, terminal::Guard};
use auth_client::{Method, secret::Password};
use auth_messages::Message;
use dialoguer::{Input, Select, console::Term};
use std::io::{self, BufRead, IsTerminal, Write};
use zeroize::Zeroizing;

/// Asks on the terminal. Prompts go to standard error, secrets are not shown.
pub(crate) struct Prompt {
    attended: bool,
}

impl Prompt {
    /// Somebody is there if standard input and standard error are a terminal and `--no-input` was not given.
    pub(crate) fn new(no_input: bool) -> Self {
        Self { attended: !no_input && io::stdin().is_terminal() && io::stderr().is_terminal() }
    }

    pub(crate) fn is_attended(&self) -> bool {
        self.attended
    }

    pub(crate) fn text(&self, question: &str) -> Result<Option<String>, Failure> {
        if !self.attended {
            return Ok(None);
        }
        let _terminal = Guard::new();
        Input::new().with_prompt(question).interact_text().map(Some).map_err(|e| ended(&e))
    }

    /// Asks again for what was answered before; the return key keeps it.
    pub(crate) fn text_with_default(
        &self,
        question: &str,
        default: String,
    ) -> Result<Option<String>, Failure> {
        if !self.attended {
            return Ok(Some(default));
        }
        let _terminal = Guard::new();
        Input::new().with_prompt(question).default(default).interact_text().map(Some).map_err(|e| ended(&e))
    }

    pub(crate) fn password(&self, question: &str) -> Result<Option<Password>, Failure> {
        if !self.attended {
            return Ok(None);
        }
        hidden(question).map(Some)
    }

    /// Asks twice: nobody can read what they type.
    pub(crate) fn new_password(&self, question: &str) -> Result<Option<Password>, Failure> {
        if !self.attended {
            return Ok(None);
        }
        loop {
            let (first, again) = (hidden(question)?, hidden("The same again")?);
            if first.expose() == again.expose() {
                return Ok(Some(first));
            }
            output::note(messages::say(&Message::new("not-the-same")));
        }
    }

    pub(crate) fn method(&self, offers: &[(Method, String)]) -> Result<Option<Method>, Failure> {
        if !self.attended {
            return Ok(None);
        }
        let _terminal = Guard::new();
        let names: Vec<&str> = offers.iter().map(|(_, name)| name.as_str()).collect();
        let chosen = Select::new().with_prompt("Two-factor method").items(&names).default(0).interact();
        chosen.map(|index| Some(offers[index].0)).map_err(|error| {
            // The menu hides it. An interrupt may end the menu before it is met on its own thread.
            let _as_it_is = Term::stderr().show_cursor();
            ended(&error)
        })
    }
}

/// A line that is not shown. Typing is hidden before the question appears, and what is typed early is not lost: the
/// terminal's own line is read, since the prompt library would empty it first.
#[cfg(unix)]
fn hidden(question: &str) -> Result<Password, Failure> {
    let terminal = Guard::new();
    terminal.hide_typing();
    let asked = write!(io::stderr(), "{question}: ").and_then(|()| io::stderr().flush());
    let mut line = Zeroizing::new(String::new());
    let read = asked.and_then(|()| io::stdin().lock().read_line(&mut line));
    let _gone = writeln!(io::stderr());
    match read {
        Ok(length) if length > 0 => Ok(Password::new(without_end(&line))),
        _ => Err(unanswered()),
    }
}

/// A line that is not shown.
#[cfg(not(unix))]
fn hidden(question: &str) -> Result<Password, Failure> {
    let password = dialoguer::Password::new().with_prompt(question).interact().map_err(|e| ended(&e))?;
    Ok(Password::new(password))
}

fn without_end(line: &str) -> &str {
    let text = line.strip_suffix('\n').unwrap_or(line);
    text.strip_suffix('\r').unwrap_or(text)
}

fn ended(_: &dialoguer::Error) -> Failure {
    unanswered()
}

fn unanswered() -> Failure {
    Failure::saying("unanswered", Message::new("unanswered"))
}

/// One line of standard input, without its end. `unreadable` and `missing` are what the call is told if there is none.
pub(crate) fn secret_line(unreadable: &'static str, missing: &'static str) -> Result<Password, Failure> {
    let mut line = Zeroizing::new(String::new());
    let read = io::stdin().lock().read_line(&mut line);
    read.map_err(|_| Failure::wrong_call(unreadable))?;
    let text = without_end(&line);
    if text.is_empty() {
        return Err(Failure::wrong_call(missing));
    }
    Ok(Password::new(text))
}
