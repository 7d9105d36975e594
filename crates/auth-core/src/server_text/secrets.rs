//! Finding a secret in a host's text, in any spelling in which a host gives it back.

use super::clean;
use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use std::fmt::Write;
use zeroize::Zeroizing;

/// Shorter ones are left: they would cut up every text.
const LEAST_BYTES: usize = 4;

/// Secrets of one exchange, each as it is and as it looks in JSON, in a URL, in HTML, in Base64 and in hexadecimal
/// digits. Upper and lower case are alike.
pub(crate) struct Secrets(Vec<Zeroizing<String>>);

impl Secrets {
    pub(crate) fn of<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let mut all: Vec<Zeroizing<String>> = Vec::new();
        for secret in secrets.into_iter().filter(|secret| secret.len() >= LEAST_BYTES) {
            for spelling in spellings(secret) {
                let spelling = Zeroizing::new(clean(&spelling).to_ascii_lowercase());
                if spelling.len() >= LEAST_BYTES && !all.contains(&spelling) {
                    all.push(spelling);
                }
            }
        }
        // A spelling may be a part of another one.
        all.sort_by_key(|spelling| std::cmp::Reverse(spelling.len()));
        Self(all)
    }

    /// The text with something else in every secret's place.
    pub(super) fn cut_from(&self, text: String) -> String {
        self.0.iter().fold(text, |text, secret| {
            // Of the same length, so that places in it are places in the text.
            let lower = Zeroizing::new(text.to_ascii_lowercase());
            let mut free = String::new();
            let mut from = 0;
            for (at, _) in lower.match_indices(secret.as_str()) {
                free.push_str(&text[from..at]);
                free.push('…');
                from = at + secret.len();
            }
            if from == 0 { text } else { free + &text[from..] }
        })
    }

    /// A text that was cut off, without the part of a secret that it may end with.
    pub(super) fn without_a_start_at_the_end(&self, mut text: String) -> String {
        let lower = Zeroizing::new(text.to_ascii_lowercase());
        let starts = self.0.iter().filter_map(|secret| {
            let lengths = (1..secret.len()).rev().filter(|length| secret.is_char_boundary(*length));
            lengths.into_iter().find(|length| lower.ends_with(&secret[..*length]))
        });
        text.truncate(text.len() - starts.max().unwrap_or(0));
        text
    }
}

fn spellings(secret: &str) -> Vec<Zeroizing<String>> {
    let bytes = secret.as_bytes();
    let json = serde_json::Value::from(secret).to_string();
    let json = &json[1..json.len() - 1];
    let in_url = percent_encoded(secret);
    let all = [
        secret.to_owned(),
        secret.to_lowercase(),
        json.to_owned(),
        json.replace('/', "\\/"),
        php_json(json),
        in_url.replace("%20", "+"),
        in_url,
        in_html(secret),
        STANDARD_NO_PAD.encode(bytes),
        URL_SAFE_NO_PAD.encode(bytes),
        hex(bytes),
    ];
    all.into_iter().map(Zeroizing::new).collect()
}

fn percent_encoded(secret: &str) -> String {
    let mut text = String::with_capacity(secret.len() * 3);
    for byte in secret.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _infallible = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// PHP writes slashes with a backslash and everything beyond ASCII as `\uXXXX`.
fn php_json(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
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
    text
}

fn in_html(secret: &str) -> String {
    let text = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#039;")
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _infallible = write!(text, "{byte:02x}");
    }
    text
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
