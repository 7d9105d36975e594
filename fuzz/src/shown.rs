//! What a person or a log may see of a step or an error.

use auth_core::ServerMessage;
use std::{error::Error, fmt::Debug};

/// Everything that an error shows: both forms of `Debug`, and what each error of its chain says.
pub(crate) fn all_of(error: &(impl Error + Debug)) -> String {
    let mut shown = format!("{error:?}\n{error:#?}");
    let mut next: Option<&dyn Error> = Some(error);
    while let Some(error) = next {
        shown.push_str(&format!("\n{error}\n{error:?}"));
        next = error.source();
    }
    shown
}

/// None of these secrets is in the text.
#[track_caller]
pub(crate) fn holds_none(text: &str, secrets: &[String]) {
    for secret in secrets.iter().filter(|secret| counts(secret)) {
        assert!(!text.contains(secret.as_str()), "the secret {secret:?} is in {text:?}");
    }
}

/// The host's texts are few and short, without control characters, and free of what was sent.
#[track_caller]
pub(crate) fn fit_to_show(server_message: &ServerMessage, secrets: &[String]) {
    assert!(server_message.lines().len() <= 8, "{:?}", server_message.lines());
    for line in server_message.lines() {
        fits(line, 300, secrets);
    }
}

/// One text of the host.
#[track_caller]
pub(crate) fn fits(text: &str, most: usize, secrets: &[String]) {
    assert!(text.chars().count() <= most, "too long: {text:?}");
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!text.contains(steers), "control characters: {text:?}");
    holds_none(text, secrets);
}

/// Secrets of a few letters would cut up every text, so they stay in it. What is put in a secret's place is no secret.
fn counts(secret: &str) -> bool {
    secret.len() >= 4 && !secret.contains('…')
}
