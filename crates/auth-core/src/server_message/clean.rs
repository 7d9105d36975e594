//! Removing what a host's text must not have when it is shown.

use crate::shown_as;

/// The longest part of a text that is read, in characters.
pub(super) const MAX_READ: usize = 2000;

/// A host's text as [`shown_as`] has it, and of bounded length. It may still hold secrets.
pub(crate) fn clean(text: &str) -> String {
    if is_clean(text) {
        return text.to_owned();
    }
    // It gets no longer, and a text that grows leaves copies behind.
    let mut clean = String::with_capacity(text.len().min(MAX_READ * 4));
    clean.extend(text.chars().filter_map(shown_as).take(MAX_READ));
    clean
}

/// True for short texts of printable ASCII, which [`clean`] leaves as they are. False says nothing.
pub(super) fn is_clean(text: &str) -> bool {
    text.len() <= MAX_READ && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}
