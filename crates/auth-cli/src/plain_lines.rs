//! Nothing that this program writes beside a picture steers a terminal or begins a line of its own, whoever wrote the text in it:
//! arguments, variables, paths and files are echoed too.

use auth_core::visible;
use std::{
    borrow::Cow,
    io::{self, Write},
};

/// A text of several lines, each of them [`visible`].
pub(crate) fn plain_lines(text: &str) -> Cow<'_, str> {
    if !text.contains('\n') {
        return visible(text);
    }
    let lines: Vec<Cow<'_, str>> = text.split('\n').map(visible).collect();
    lines.join("\n").into()
}

/// Standard error for a log that writes each event at once: it stays one line.
pub(crate) struct PlainLog;

impl Write for PlainLog {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let line = text.strip_suffix('\n').unwrap_or(&text);
        writeln!(io::stderr(), "{}", visible(line))?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_and_what_steers_is_written_out() {
        assert_eq!(plain_lines("a\nb"), "a\nb");
        assert_eq!(plain_lines("a\u{1b}[2J\nb\r\u{202e}\u{2028}"), "a\\u001b[2J\nb\\r\\u202e\\u2028");
    }
}
