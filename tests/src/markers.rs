//! Secrets that can be known again: as they are, and in the forms in which they get about.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// Shorter ones are looked for as they are only: their other forms could be there by chance.
const LEAST_IN_OTHER_FORMS: usize = 10;

/// Secrets with their names, to be looked for.
#[derive(Clone, Debug, Default)]
pub struct Markers {
    all: Vec<(String, Vec<(&'static str, String)>)>,
}

impl Markers {
    /// These secrets, under names that a failing test can show.
    pub fn of<N: Into<String>, S: AsRef<[u8]>>(secrets: impl IntoIterator<Item = (N, S)>) -> Self {
        let all = secrets.into_iter().map(|(name, secret)| (name.into(), forms(secret.as_ref())));
        Self { all: all.collect() }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// True if there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The first secret found, with its form: `password, in Base64`.
    pub fn found_in(&self, bytes: impl AsRef<[u8]>) -> Option<String> {
        let text = one_char_a_byte(bytes.as_ref());
        self.all.iter().find_map(|(name, forms)| {
            let (form, _) = forms.iter().find(|(_, secret)| text.contains(secret.as_str()))?;
            Some(format!("{name}, {form}"))
        })
    }

    /// No secret is there, in any form.
    #[track_caller]
    pub fn absent_from(&self, place: &str, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref();
        if let Some(found) = self.found_in(bytes) {
            panic!("{found}: is in {place}:\n{}", String::from_utf8_lossy(bytes));
        }
    }
}

/// Text and bytes alike, so that the fast search for texts serves both.
fn one_char_a_byte(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

fn forms(secret: &[u8]) -> Vec<(&'static str, String)> {
    let mut forms = vec![("as it is", one_char_a_byte(secret))];
    if secret.len() < LEAST_IN_OTHER_FORMS {
        return forms;
    }
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut other = |name, text: String| forms.push((name, text));
    other("in lower case", one_char_a_byte(&secret.to_ascii_lowercase()));
    other("in upper case", one_char_a_byte(&secret.to_ascii_uppercase()));
    other("reversed", secret.iter().rev().copied().map(char::from).collect());
    other("in hexadecimal digits", hex.to_uppercase());
    other("in hexadecimal digits", hex);
    other("as numbers", secret.iter().map(u8::to_string).collect::<Vec<_>>().join(", "));
    if let Ok(text) = std::str::from_utf8(secret) {
        let json = serde_json::Value::from(text).to_string();
        other("in JSON", one_char_a_byte(&json.as_bytes()[1..json.len() - 1]));
        other("in a URL", percent_encoded(secret, "%20"));
        other("in a form", percent_encoded(secret, "+"));
        let each = |spell: fn(u32) -> String| text.chars().map(|c| spell(c.into())).collect::<String>();
        other("in HTML", each(|c| format!("&#{c};")));
        other("in HTML, in hexadecimal digits", each(|c| format!("&#x{c:x};")));
        other("in JSON, all of it escaped", each(|c| format!("\\u{c:04x}")));
    }
    for before in 0..3 {
        other("in Base64", base64_inside(&STANDARD_NO_PAD, secret, before));
        other("in Base64 for URLs", base64_inside(&URL_SAFE_NO_PAD, secret, before));
    }
    // The first and the second half by themselves: what is cut off is still half a secret.
    let (first, second) = secret.split_at(secret.len() / 2);
    if first.len() >= LEAST_IN_OTHER_FORMS {
        other("its first half", one_char_a_byte(first));
        other("its second half", one_char_a_byte(second));
    }
    forms
}

fn percent_encoded(secret: &[u8], blank: &str) -> String {
    let byte = |byte: &u8| match byte {
        b' ' => blank.to_owned(),
        b if b.is_ascii_alphanumeric() || b"-_.~".contains(b) => char::from(*b).to_string(),
        b => format!("%{b:02X}"),
    };
    secret.iter().map(byte).collect()
}

/// What Base64 of a longer text has of the secret, wherever it stands in it: the letters that depend on it alone.
fn base64_inside(base64: &impl Engine, secret: &[u8], before: usize) -> String {
    let text = base64.encode([&vec![0; before], secret].concat());
    let whole = (before + secret.len()) / 3 * 4;
    text[(before * 8).div_ceil(6)..whole].to_owned()
}
