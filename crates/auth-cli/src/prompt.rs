//! Asking the user, where there is one.

use crate::{
    failure::Failure,
    messages, output, plain_prompt,
    terminal::{TerminalModes, is_plain, leave},
    wiped,
};
use auth_client::{TwoFactorMethod, secret::Password};
use auth_core::visible;
use auth_messages::Message;
use dialoguer::{Confirm, Input, Select};
use std::{
    borrow::Cow,
    io::{self, IsTerminal, Write},
};

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
        if is_plain() {
            return plain_prompt::text(&visible(question), None).map(Some);
        }
        by_keys(|| Input::new().with_prompt(visible(question)).interact_text()).map(Some)
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
        let default = visible(&default).into_owned();
        if is_plain() {
            return plain_prompt::text(question, Some(&default)).map(Some);
        }
        by_keys(|| Input::new().with_prompt(question).default(default).interact_text()).map(Some)
    }

    pub(crate) fn password(&self, question: &str) -> Result<Option<Password>, Failure> {
        if !self.attended {
            return Ok(None);
        }
        hidden(&visible(question)).map(Some)
    }

    /// Asks twice: nobody can read what they type.
    pub(crate) fn new_password(&self, question: &str) -> Result<Option<Password>, Failure> {
        if !self.attended {
            return Ok(None);
        }
        loop {
            let (first, again) = (hidden(&visible(question))?, hidden("The same again")?);
            if first.expose() == again.expose() {
                return Ok(Some(first));
            }
            output::note(messages::say(&Message::new("not-the-same")));
        }
    }

    /// A question with yes and no; the return key is a no.
    pub(crate) fn confirm(&self, question: &str) -> Result<Option<bool>, Failure> {
        if !self.attended {
            return Ok(None);
        }
        if is_plain() {
            return plain_prompt::confirm(&visible(question)).map(Some);
        }
        by_keys(|| Confirm::new().with_prompt(visible(question)).default(false).interact()).map(Some)
    }

    pub(crate) fn method(
        &self,
        options: &[(TwoFactorMethod, String)],
    ) -> Result<Option<TwoFactorMethod>, Failure> {
        if !self.attended {
            return Ok(None);
        }
        let names: Vec<Cow<'_, str>> = options.iter().map(|(_, name)| visible(name)).collect();
        if is_plain() {
            return plain_prompt::choice("Two-factor method", &names).map(|index| Some(options[index].0));
        }
        let menu = Select::new().with_prompt("Two-factor method").items(&names).default(0);
        by_keys(|| menu.interact()).map(|index| Some(options[index].0))
    }
}

/// A line that is not shown. Typing is hidden before the question appears, and what is typed early is not lost: the
/// terminal's own line is read, since the prompt library would empty it first.
#[cfg(unix)]
fn hidden(question: &str) -> Result<Password, Failure> {
    let _terminal = TerminalModes::for_hidden_line(question);
    let asked = write!(io::stderr(), "{question}: ").and_then(|()| io::stderr().flush());
    let read = asked.and_then(|()| wiped::line());
    let _gone = writeln!(io::stderr());
    match read {
        Ok(Some(line)) => Ok(Password::new(line.as_str())),
        _ => Err(plain_prompt::unanswered()),
    }
}

/// A line that is not shown.
#[cfg(not(unix))]
fn hidden(question: &str) -> Result<Password, Failure> {
    by_keys(|| dialoguer::Password::new().with_prompt(question).interact()).map(Password::new)
}

/// Runs a prompt that reads key by key.
fn by_keys<T>(prompt: impl FnOnce() -> dialoguer::Result<T>) -> Result<T, Failure> {
    let terminal = TerminalModes::for_keys();
    let answer = prompt();
    drop(terminal);
    match answer {
        Ok(answer) => Ok(answer),
        // Ctrl-C, after which the prompt leaves a menu without its cursor.
        Err(dialoguer::Error::IO(error)) if error.kind() == io::ErrorKind::Interrupted => leave(),
        Err(_) => Err(plain_prompt::unanswered()),
    }
}

/// One line of standard input, without its end. `unreadable` and `missing` are the causes of the usage error if there is none.
pub(crate) fn secret_line(unreadable: &'static str, missing: &'static str) -> Result<Password, Failure> {
    let line = wiped::line().map_err(|_| Failure::wrong_call(unreadable))?;
    let line = line.filter(|line| !line.is_empty()).ok_or_else(|| Failure::wrong_call(missing))?;
    Ok(Password::new(line.as_str()))
}
