//! Text that the host wrote for the user.

mod clean;
mod digest;
mod escapes;
mod pieces;
mod secrets;

use clean::MAX_READ;
pub(crate) use clean::clean;
use secrets::Searched;
pub(crate) use secrets::{Earlier, Secrets};
use std::fmt;

/// Texts of the host for the user, such as `details[].issue`, in the host's language. Show them beside a text of ours.
///
/// Secrets of the request and control characters are removed, and the length is bounded. `Debug` shows none of it, since it may
/// name a person.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ServerMessage {
    lines: Vec<String>,
}

impl ServerMessage {
    const MAX_LINES: usize = 8;
    const MAX_CHARS: usize = 300;

    /// The host's lines, freed of these secrets, cleaned and cut.
    pub(crate) fn new(lines: &[String], secrets: &Secrets) -> Self {
        let mut kept: Vec<String> = Vec::new();
        for line in lines {
            let line = fit_to_show(line, Self::MAX_CHARS, secrets);
            if !line.is_empty() && !kept.contains(&line) && kept.len() < Self::MAX_LINES {
                kept.push(line);
            }
        }
        Self { lines: kept }
    }

    /// The texts, one for each problem that the host names. Empty if it wrote none.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }
}

impl fmt::Debug for ServerMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerMessage({} lines)", self.lines.len())
    }
}

/// A host's text as it can be shown: clean, free of these secrets, and no longer than this.
pub(crate) fn fit_to_show(text: &str, most_chars: usize, secrets: &Secrets) -> String {
    // Cut last: what is left of a secret across the cut would no longer be known for one.
    let free = free_of(text, secrets);
    let end = free.char_indices().nth(most_chars).map_or(free.len(), |(at, _)| at);
    free[..end].trim().to_owned()
}

/// The clean text without these secrets.
fn free_of(text: &str, secrets: &Secrets) -> String {
    let [free] = free_of_each(text, [secrets]);
    free
}

/// The clean text without each of these.
pub(crate) fn free_of_each<const N: usize>(text: &str, each: [&Secrets; N]) -> [String; N] {
    let clean = clean(text);
    let whole = clean.len() < MAX_READ || clean.chars().count() < MAX_READ;
    let searched = Searched::of(clean);
    each.map(|secrets| secrets.cut_from(&searched, whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, secret: &str) -> String {
        fit_to_show(text, ServerMessage::MAX_CHARS, &Secrets::of([secret]))
    }

    #[test]
    fn texts_are_bounded_cleaned_and_free_of_what_was_sent() {
        let echo = format!("Secret\t123 is too weak\u{1b}[31m\u{202e}{}", "x".repeat(1000));
        let lines = [echo, String::new(), "again".into(), "again".into()];
        let text = ServerMessage::new(&lines, &Secrets::of(["Secret\t123"]));
        assert_eq!(text.lines().len(), 2);
        assert!(text.lines()[0].starts_with("… is too weak [31mx"));
        assert!(text.lines()[0].chars().count() <= 300);
        assert_eq!(format!("{text:?}"), "ServerMessage(2 lines)");
    }

    #[test]
    fn a_secret_that_only_cleaning_brings_out_is_cut() {
        assert_eq!(shown("you sent Sec\u{202e}ret123", "Secret123"), "you sent …");
        assert_eq!(shown("you sent my\tpass\u{0}word", "my pass word"), "you sent …");
        assert_eq!(shown("you sent my pass word", "my\tpass\u{202d}\tword"), "you sent …");
    }

    #[test]
    fn a_secret_across_a_cut_leaves_no_start_behind() {
        let line = format!("{}Secret123", "x".repeat(ServerMessage::MAX_CHARS - 3));
        assert!(!shown(&line, "Secret123").contains("Sec"));
        // Cutting out makes a text shorter, so that the end of what was read comes into view.
        let echoes = "Secret123".repeat(MAX_READ);
        assert!(!shown(&echoes, "Secret123").contains("Sec"));
    }

    #[test]
    fn a_word_that_begins_like_a_secret_stays() {
        assert_eq!(shown("this is wrong", "wrong-horse"), "this is wrong");
    }
}
