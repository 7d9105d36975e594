//! What can be shown in a terminal, and shown in the place of what was there before.

use crate::{qr_code::Look, terminal::is_plain};
use dialoguer::console::Term;
use std::io::{self, IsTerminal, Write};

/// How codes look on this stream. Without colours a dark scheme is assumed.
pub(crate) fn look(stream: &impl IsTerminal) -> Look {
    let without = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) || is_plain();
    if stream.is_terminal() && !without { Look::Colors } else { Look::Plain }
}

/// A part of a terminal that is drawn anew: some lines, and below them one that changes often.
pub(crate) struct Screen {
    term: Term,
    look: Look,
    /// Lines are replaced in their place.
    in_place: bool,
    /// The line that changes is shown.
    has_status: bool,
    /// The rows from the first line to the one that changes.
    rows: usize,
    /// Something is shown that has to be taken away.
    is_drawn: bool,
}

impl Screen {
    /// The terminal at standard output, or else the one at standard error; `None` if there is neither.
    pub(crate) fn find() -> Option<Self> {
        let to_terminal = io::stderr().is_terminal();
        let (term, look) = if io::stdout().is_terminal() {
            (Term::stdout(), look(&io::stdout()))
        } else if to_terminal {
            (Term::stderr(), look(&io::stderr()))
        } else {
            return None;
        };
        let in_place = !is_plain();
        Some(Self { term, look, in_place, has_status: in_place && to_terminal, rows: 0, is_drawn: false })
    }

    pub(crate) fn look(&self) -> Look {
        self.look
    }

    /// The columns of the terminal; 80 if it does not say.
    pub(crate) fn columns(&self) -> usize {
        self.term.size_checked().map_or(80, |(_, columns)| usize::from(columns)).max(1)
    }

    /// Shows these lines in place of those that were there. Each may carry colours; `width` is that of the coloured ones.
    pub(crate) fn show(&mut self, lines: &[String], width: usize) {
        self.clear();
        let columns = self.columns();
        let mut text = String::new();
        for line in lines {
            let length = if line.contains('\u{1b}') { width } else { line.chars().count() };
            self.rows += length.div_ceil(columns).max(1);
            text.push_str(line);
            text.push('\n');
        }
        self.is_drawn = true;
        self.write(&text);
    }

    /// Shows this in the line that changes.
    pub(crate) fn status(&mut self, text: &str) {
        if self.has_status {
            self.is_drawn = true;
            // A line that wraps could not be replaced.
            let text: String = text.chars().take(self.columns() - 1).collect();
            self.write(&format!("\r\u{1b}[2K{text}"));
        }
    }

    /// Takes away what is shown, so that the next line begins where it was.
    pub(crate) fn clear(&mut self) {
        if std::mem::take(&mut self.is_drawn) && self.in_place {
            let up = if self.rows > 0 { format!("\u{1b}[{}A", self.rows) } else { String::new() };
            self.write(&format!("\r{up}\u{1b}[J"));
        }
        self.rows = 0;
    }

    fn write(&self, text: &str) {
        let mut term = &self.term;
        let _gone = term.write_all(text.as_bytes()).and_then(|()| term.flush());
    }
}
