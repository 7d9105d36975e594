//! Finding secrets in a host's text, in any encoding in which a host may repeat them.

use super::clean::{clean, is_clean};
use crate::secret::SecretBuffer;
use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use std::{fmt::Write, sync::OnceLock};
use zeroize::Zeroizing;

/// Shorter secrets are not searched for: they are part of ordinary words.
const LEAST_BYTES: usize = 4;

/// Secrets of one exchange, each as it is and as it looks in JSON, in a URL, in HTML, in Base64 and in hexadecimal
/// digits. Upper and lower case are alike.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Vec<Secret>);

#[derive(Clone)]
struct Secret {
    plain: Zeroizing<String>,
    /// Made when the first text is searched that is long enough for one of them. Most answers have none.
    spelled: OnceLock<Vec<Zeroizing<String>>>,
}

impl Secrets {
    pub(crate) fn of<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        Self::default().and(secrets)
    }

    /// These secrets and more.
    pub(crate) fn and<'a>(mut self, more: impl IntoIterator<Item = &'a str>) -> Self {
        for secret in more.into_iter().filter(|secret| secret.len() >= LEAST_BYTES) {
            // An answer often repeats what was sent.
            if !self.0.iter().any(|known| known.plain.as_str() == secret) {
                let plain = Zeroizing::new(secret.to_owned());
                self.0.push(Secret { plain, spelled: OnceLock::new() });
            }
        }
        self
    }

    /// Every spelling that fits into a text of this many bytes, the longest first, since one may be a part of another.
    fn spelled(&self, room: usize) -> Vec<&str> {
        let fitting = self.0.iter().filter(|secret| secret.least_bytes() <= room);
        let mut all: Vec<&str> =
            fitting.flat_map(|secret| secret.spelled()).map(|text| text.as_str()).collect();
        all.sort_by_key(|spelling| std::cmp::Reverse(spelling.len()));
        all
    }
}

impl Secret {
    /// The length of the shortest spelling. Cleaning may make a spelling shorter than the secret.
    fn least_bytes(&self) -> usize {
        if is_clean(&self.plain) { self.plain.len() } else { LEAST_BYTES }
    }

    fn spelled(&self) -> &[Zeroizing<String>] {
        self.spelled.get_or_init(|| {
            let mut all: Vec<Zeroizing<String>> = Vec::new();
            for spelling in spellings(&self.plain) {
                let mut spelling =
                    if is_clean(&spelling) { spelling } else { Zeroizing::new(clean(&spelling)) };
                spelling.make_ascii_lowercase();
                if spelling.len() >= LEAST_BYTES && !all.contains(&spelling) {
                    all.push(spelling);
                }
            }
            all
        })
    }
}

impl Secrets {
    /// The text with `…` in place of every secret.
    pub(super) fn cut_from(&self, text: String) -> String {
        if text.len() < LEAST_BYTES {
            return text;
        }
        let mut text = Zeroizing::new(text);
        // Of the same length, so that an index into it is one into the text.
        let mut lower = Zeroizing::new(text.to_ascii_lowercase());
        for secret in self.spelled(text.len()) {
            if !lower.contains(secret) {
                continue;
            }
            // What is put in is shorter than any secret.
            let mut free = Zeroizing::new(String::with_capacity(text.len()));
            let mut from = 0;
            for (at, _) in lower.match_indices(secret) {
                free.push_str(&text[from..at]);
                free.push('…');
                from = at + secret.len();
            }
            free.push_str(&text[from..]);
            text = free;
            lower = Zeroizing::new(text.to_ascii_lowercase());
        }
        std::mem::take(&mut *text)
    }

    /// A text that was cut off, without the beginning of a secret that it may end with.
    pub(super) fn without_a_start_at_the_end(&self, mut text: String) -> String {
        let lower = Zeroizing::new(text.to_ascii_lowercase());
        let starts = self.spelled(usize::MAX).into_iter().filter_map(|secret| {
            let lengths = (1..secret.len()).rev().filter(|length| secret.is_char_boundary(*length));
            lengths.into_iter().find(|length| lower.ends_with(&secret[..*length]))
        });
        text.truncate(text.len() - starts.max().unwrap_or(0));
        text
    }
}

fn spellings(secret: &str) -> Vec<Zeroizing<String>> {
    let bytes = secret.as_bytes();
    let mut spellings = vec![
        Zeroizing::new(secret.to_owned()),
        Zeroizing::new(STANDARD_NO_PAD.encode(bytes)),
        Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes)),
        by_byte(secret, hex),
    ];
    // Characters that no encoding escapes look the same in the others.
    if !bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte)) {
        spellings.extend(escaped(secret));
    }
    spellings
}

fn escaped(secret: &str) -> [Zeroizing<String>; 7] {
    let mut json = SecretBuffer::with_capacity(secret.len() * MAX_LETTERS + 2);
    serde_json::to_writer(&mut json, secret).expect("a text can be written to memory");
    let json = json.finish();
    let json = std::str::from_utf8(json.expose()).expect("JSON is UTF-8");
    let json = &json[1..json.len() - 1];
    [
        by_letter(secret, |c, text| text.extend(c.to_lowercase())),
        Zeroizing::new(json.to_owned()),
        by_letter(json, |c, text| if c == '/' { text.push_str("\\/") } else { text.push(c) }),
        by_letter(json, in_php_json),
        by_letter(secret, |c, text| if c == ' ' { text.push('+') } else { in_url(c, text) }),
        by_letter(secret, in_url),
        by_letter(secret, in_html),
    ]
}

/// The most characters that a byte becomes in any spelling.
const MAX_LETTERS: usize = 6;

/// A text with each character spelled by itself. Its capacity suffices from the start: a `String` that grows leaves copies
/// behind.
fn by_letter(plain: &str, spell: impl Fn(char, &mut String)) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(plain.len() * MAX_LETTERS));
    plain.chars().for_each(|c| spell(c, &mut text));
    text
}

fn by_byte(plain: &str, spell: impl Fn(u8, &mut String)) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(plain.len() * MAX_LETTERS));
    plain.bytes().for_each(|byte| spell(byte, &mut text));
    text
}

fn in_url(c: char, text: &mut String) {
    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push('%');
            hex(byte, text);
        }
    }
}

/// PHP writes slashes with a backslash and everything beyond ASCII as `\uXXXX`.
fn in_php_json(c: char, text: &mut String) {
    match c {
        '/' => text.push_str("\\/"),
        c if c.is_ascii() => text.push(c),
        c => {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _infallible = write!(text, "\\u{unit:04x}");
            }
        }
    }
}

fn in_html(c: char, text: &mut String) {
    match c {
        '&' => text.push_str("&amp;"),
        '<' => text.push_str("&lt;"),
        '>' => text.push_str("&gt;"),
        '"' => text.push_str("&quot;"),
        '\'' => text.push_str("&#039;"),
        c => text.push(c),
    }
}

fn hex(byte: u8, text: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    text.push(char::from(DIGITS[usize::from(byte >> 4)]));
    text.push(char::from(DIGITS[usize::from(byte & 15)]));
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "pä/ss \"w&rd\" 1";

    #[test]
    fn every_usual_spelling_is_cut() {
        for spelling in [
            SECRET,
            "Pä/SS \"W&RD\" 1",
            r#"pä/ss \"w&rd\" 1"#,
            r#"pä\/ss \"w&rd\" 1"#,
            r#"p\u00e4\/ss \"w&rd\" 1"#,
            "p%C3%A4%2Fss%20%22w%26rd%22%201",
            "p%c3%a4%2fss+%22w%26rd%22+1",
            "pä/ss &quot;w&amp;rd&quot; 1",
            "cMOkL3NzICJ3JnJkIiAx",
            "70c3a42f7373202277267264222031",
        ] {
            let text = format!("you sent ({spelling}) and ({spelling})");
            assert_eq!(Secrets::of([SECRET]).cut_from(text), "you sent (…) and (…)", "{spelling}");
        }
        // The letters of ASCII are alike in both cases, the others in a text that is in lower case.
        assert_eq!(Secrets::of(["Secret123"]).cut_from("SECRET123!".to_owned()), "…!");
        assert_eq!(Secrets::of(["ÄÖÜ-Secret"]).cut_from("äöü-secret".to_owned()), "…");
    }

    #[test]
    fn short_ones_are_left_and_longer_ones_go_first() {
        assert_eq!(Secrets::of(["abc"]).cut_from("abc".to_owned()), "abc");
        assert_eq!(Secrets::of(["abcd", "abcdef"]).cut_from("abcdefgh".to_owned()), "…gh");
    }

    #[test]
    fn a_start_of_a_secret_at_the_end_goes() {
        let secrets = Secrets::of(["Secret123", "Se-other"]);
        assert_eq!(secrets.without_a_start_at_the_end("it is SECR".to_owned()), "it is ");
        assert_eq!(secrets.without_a_start_at_the_end("it is".to_owned()), "it i");
        assert_eq!(secrets.without_a_start_at_the_end("it was no".to_owned()), "it was no");
    }
}
