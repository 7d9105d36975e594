//! Removing what a host's text must not have when it is shown.

/// The longest part of a text that is read, in characters.
pub(super) const MAX_READ: usize = 2000;

/// A host's text without control characters and without characters that change the direction of writing, and of bounded
/// length. It may still hold secrets.
pub(crate) fn clean(text: &str) -> String {
    let steers =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if is_clean(text) {
        return text.to_owned();
    }
    let plain = text.chars().filter(|c| !steers(*c)).map(|c| if c.is_control() { ' ' } else { c });
    // It gets no longer, and a text that grows leaves copies behind.
    let mut clean = String::with_capacity(text.len().min(MAX_READ * 4));
    clean.extend(plain.take(MAX_READ));
    clean
}

/// True for short texts of printable ASCII, which [`clean`] leaves as they are. False says nothing.
pub(super) fn is_clean(text: &str) -> bool {
    text.len() <= MAX_READ && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}
