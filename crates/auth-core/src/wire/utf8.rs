//! Answers that are not UTF-8, as hosts send them that write an old encoding, such as Latin-1.

use crate::secret::{SecretBuffer, SecretBytes};
use std::str::from_utf8;

/// Writes U+FFFD for what is not UTF-8, so that the rest of the answer can be read. A token with such a character is no token.
/// Returns whether there was any.
pub(super) fn replace_bad_bytes(body: &mut SecretBytes) -> bool {
    if from_utf8(body.expose()).is_ok() {
        return false;
    }
    let mut mended = SecretBuffer::with_capacity(body.expose().len() + 64);
    for chunk in body.expose().utf8_chunks() {
        mended.extend(chunk.valid().as_bytes());
        if !chunk.invalid().is_empty() {
            mended.extend("\u{FFFD}".as_bytes());
        }
    }
    *body = mended.finish();
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_bad_bytes_are_replaced() {
        for (bytes, text) in [
            (&b"Passwort ung\xFCltig"[..], "Passwort ung\u{FFFD}ltig"),
            ("Passwort ungültig".as_bytes(), "Passwort ungültig"),
            (b"\xFF\xFEx\xE2\x82", "\u{FFFD}\u{FFFD}x\u{FFFD}"),
            (b"", ""),
        ] {
            let mut body = SecretBytes::new(bytes.to_vec());
            assert_eq!(replace_bad_bytes(&mut body), bytes != text.as_bytes());
            assert_eq!(from_utf8(body.expose()), Ok(text));
        }
    }
}
