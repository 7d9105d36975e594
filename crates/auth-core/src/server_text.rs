//! What the host wrote for a person to read.

use std::fmt;

/// Texts of the host, such as `details[].issue`: data to show beside our own message, in the host's language.
///
/// Secrets that were part of the request are cut out of it, control characters too, and its length is bounded.
/// `Debug` shows none of it, since it may name a person.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ServerText {
    lines: Vec<String>,
}

impl ServerText {
    const MOST_LINES: usize = 8;
    const MOST_CHARS: usize = 300;

    /// The host's lines, first freed of these secrets, then cleaned and cut.
    pub(crate) fn new(lines: &[String], secrets: &[&str]) -> Self {
        let mut kept: Vec<String> = Vec::new();
        for line in lines {
            let clean = clean(&without(line, secrets), Self::MOST_CHARS);
            if !clean.is_empty() && !kept.contains(&clean) && kept.len() < Self::MOST_LINES {
                kept.push(clean);
            }
        }
        Self { lines: kept }
    }

    /// One text per complaint; empty if the host said nothing.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }
}

impl fmt::Debug for ServerText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerText({} lines)", self.lines.len())
    }
}

/// A host's text that can be shown: no control characters, none that change the direction of writing, and no longer than
/// this.
pub(crate) fn clean(text: &str, most_chars: usize) -> String {
    let steers =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let plain = text.chars().filter(|c| !steers(*c)).map(|c| if c.is_control() { ' ' } else { c });
    plain.take(most_chars).collect::<String>().trim().to_owned()
}

/// The text with every occurrence of these secrets replaced. Very short ones are left: they would cut up every text.
pub(crate) fn without(text: &str, secrets: &[&str]) -> String {
    let secrets = secrets.iter().filter(|secret| secret.len() >= 4);
    secrets.fold(
        text.to_owned(),
        |text, secret| if text.contains(secret) { text.replace(secret, "…") } else { text },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_bounded_cleaned_and_free_of_what_was_sent() {
        let echo = format!("Secret\t123 is too weak\u{1b}[31m\u{202e}{}", "x".repeat(1000));
        let lines = [echo, String::new(), "again".into(), "again".into()];
        let text = ServerText::new(&lines, &["Secret\t123"]);
        assert_eq!(text.lines().len(), 2);
        assert!(text.lines()[0].starts_with("… is too weak [31mx"));
        assert!(text.lines()[0].chars().count() <= 300);
        assert_eq!(format!("{text:?}"), "ServerText(2 lines)");
    }

    #[test]
    fn a_secret_across_the_cut_leaves_no_start_behind() {
        let line = format!("{}Secret123", "x".repeat(ServerText::MOST_CHARS - 3));
        assert!(!ServerText::new(&[line], &["Secret123"]).lines()[0].contains("Sec"));
    }
}
