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

    pub(crate) fn new(lines: impl IntoIterator<Item = String>) -> Self {
        let mut kept: Vec<String> = Vec::new();
        for line in lines {
            let clean: String =
                line.chars().map(|c| if c.is_control() { ' ' } else { c }).take(Self::MOST_CHARS).collect();
            let clean = clean.trim();
            if !clean.is_empty() && !kept.iter().any(|k| k == clean) && kept.len() < Self::MOST_LINES {
                kept.push(clean.to_owned());
            }
        }
        Self { lines: kept }
    }

    /// One text per complaint; empty if the host said nothing.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// The texts with every occurrence of the given secrets replaced.
    #[must_use]
    pub(crate) fn without(mut self, secrets: &[&str]) -> Self {
        for line in &mut self.lines {
            for secret in secrets.iter().filter(|s| s.len() >= 4) {
                if line.contains(secret) {
                    *line = line.replace(secret, "…");
                }
            }
        }
        self
    }

    /// True if one of the texts has one of these words, without regard to case.
    pub(crate) fn mentions(&self, words: &[&str]) -> bool {
        self.lines.iter().map(|line| line.to_lowercase()).any(|line| words.iter().any(|w| line.contains(w)))
    }
}

impl fmt::Debug for ServerText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerText({} lines)", self.lines.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_bounded_cleaned_and_free_of_what_was_sent() {
        let echo = format!("Secret123 is too weak\u{1b}[31m{}", "x".repeat(1000));
        let text =
            ServerText::new([echo, String::new(), "again".into(), "again".into()]).without(&["Secret123"]);
        assert_eq!(text.lines().len(), 2);
        assert!(text.lines()[0].starts_with("… is too weak [31m"));
        assert!(text.lines()[0].chars().count() <= 300);
        assert_eq!(format!("{text:?}"), "ServerText(2 lines)");
    }
}
