//! Finding secrets in a host's text, in any spelling in which a host may repeat them.

use super::{
    digest::{Digest, LEAST_CHARS, MOST_CHARS},
    escapes::undone,
    pieces::{Pieces, Place},
};
use crate::work;
use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use std::{
    cell::OnceCell,
    sync::{Arc, OnceLock},
};
use zeroize::Zeroizing;

/// So many layers of escapes are undone, on both sides.
const MOST_LAYERS: usize = 3;
/// More than the characters of an escape that is not complete.
const UNFINISHED: usize = 12;

/// So many digests of cookies are known from before: about a hundred values. Nobody types as many secrets, but a host may set new
/// cookies with each answer.
const MOST_OF_COOKIES: usize = 512;

/// Secrets of one exchange, and of those before it. A secret is found as it is, in Base64 and in hexadecimal digits, each behind up to
/// three layers of escapes (URL, JSON, HTML), composed or decomposed, in upper or lower case, and with characters inside that nobody sees.
///
/// Those of this exchange are kept in the clear until it is over, those before it as digests.
#[derive(Clone, Default)]
pub(crate) struct Secrets {
    sent: Vec<Arc<Sent>>,
    earlier: Earlier,
    /// Made when the first text is searched: most answers have none.
    known: OnceLock<Arc<[Digest]>>,
}

struct Sent {
    secret: Zeroizing<String>,
    is_cookie: bool,
    /// Made once, for all that know of the secret.
    digests: OnceLock<Vec<Digest>>,
}

impl Sent {
    fn digests(&self) -> &[Digest] {
        self.digests.get_or_init(|| digests(&self.secret))
    }
}

/// What a sign-in has sent and been given so far: digests, never the secrets. They are for this process only.
#[derive(Clone, Default)]
pub(crate) struct Earlier {
    typed: Arc<[Digest]>,
    /// The newest last.
    cookies: Arc<[Digest]>,
}

impl Earlier {
    fn is_empty(&self) -> bool {
        self.typed.is_empty() && self.cookies.is_empty()
    }
}

impl std::fmt::Debug for Earlier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Earlier(..)")
    }
}

impl Secrets {
    pub(crate) fn of<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        Self::default().and(secrets)
    }

    /// These secrets and more.
    pub(crate) fn and<'a>(self, more: impl IntoIterator<Item = &'a str>) -> Self {
        self.with(more, false)
    }

    /// These secrets and the values of cookies, of which those that came last are known at later steps.
    pub(crate) fn and_cookies<'a>(self, values: impl IntoIterator<Item = &'a str>) -> Self {
        self.with(values, true)
    }

    fn with<'a>(mut self, more: impl IntoIterator<Item = &'a str>, is_cookie: bool) -> Self {
        for secret in more.into_iter().filter(|secret| secret.len() >= LEAST_CHARS) {
            // An answer often repeats what was sent.
            let is_known =
                |known: &Arc<Sent>| known.secret.as_str() == secret && (is_cookie || !known.is_cookie);
            if !self.sent.iter().any(is_known) {
                let secret = Zeroizing::new(secret.to_owned());
                self.sent.push(Arc::new(Sent { secret, is_cookie, digests: OnceLock::new() }));
                self.known = OnceLock::new();
            }
        }
        self
    }

    /// These secrets, and those of the exchanges before.
    pub(crate) fn behind(mut self, earlier: &Earlier) -> Self {
        self.earlier = earlier.clone();
        self.known = OnceLock::new();
        self
    }

    /// Those of this exchange alone.
    pub(crate) fn of_now(&self) -> Self {
        if self.earlier.is_empty() {
            return self.clone();
        }
        Self { sent: self.sent.clone(), ..Self::default() }
    }

    /// True if there are some from before.
    pub(crate) fn has_earlier(&self) -> bool {
        !self.earlier.is_empty()
    }

    /// All of them, as the exchanges that follow know them.
    pub(crate) fn as_earlier(&self) -> Earlier {
        if self.sent.is_empty() {
            return self.earlier.clone();
        }
        let typed = in_order(self.sent_digests(false).chain(self.earlier.typed.iter()));
        let new = in_order(self.sent_digests(true));
        let is_old = |digest: &&Digest| new.binary_search(digest).is_err();
        let cookies: Vec<Digest> = self.earlier.cookies.iter().filter(is_old).chain(&new).copied().collect();
        let too_many = cookies.len().saturating_sub(MOST_OF_COOKIES);
        Earlier { typed: typed.into(), cookies: cookies[too_many..].into() }
    }

    fn sent_digests(&self, of_cookies: bool) -> impl Iterator<Item = &Digest> {
        self.sent.iter().filter(move |sent| sent.is_cookie == of_cookies).flat_map(|sent| sent.digests())
    }

    fn known(&self) -> &Arc<[Digest]> {
        self.known.get_or_init(|| {
            let now = self.sent.iter().flat_map(|sent| sent.digests());
            in_order(now.chain(self.earlier.typed.iter()).chain(self.earlier.cookies.iter())).into()
        })
    }

    /// The text with `…` in place of every secret. Of one that was cut off, the end goes too that could be the start of a secret.
    pub(super) fn cut_from(&self, text: &Searched, is_whole: bool) -> String {
        let Searched { text, layers } = text;
        if (self.sent.is_empty() && self.earlier.is_empty()) || text.len() < LEAST_CHARS {
            return text.to_string();
        }
        let known = self.known();
        let longest = known.iter().map(Digest::chars).max();
        let start_of_longest = longest.map_or(0, |chars| chars - 1 + UNFINISHED);
        let mut end = text.len();
        let mut found: Vec<Place> = Vec::new();
        for layer in layers.get_or_init(|| layers_of(text).collect()) {
            let places = layer.places();
            let in_text = |range: std::ops::Range<usize>| {
                let of = &places[range];
                let from = of.iter().map(|place| place.from).min().unwrap_or_default();
                Place { from, to: of.iter().map(|place| place.to).max().unwrap_or_default() }
            };
            found.extend(Digest::find(known, layer.chars()).into_iter().map(in_text));
            if !is_whole {
                end = end.min(
                    places.get(places.len().saturating_sub(start_of_longest)).map_or(end, |place| place.from),
                );
            }
        }
        found.sort_unstable_by_key(|place| place.from);
        // What is put in is shorter than any secret.
        let mut free = String::with_capacity(text.len());
        let mut from = 0;
        for place in found.into_iter().filter(|place| place.from < end) {
            if place.from >= from {
                free.push_str(&text[from..place.from]);
                free.push('…');
            }
            from = from.max(place.to);
        }
        if from < end {
            free.push_str(&text[from..end]);
        }
        free
    }
}

/// A host's text, taken apart once, whoever's secrets are cut out of it.
pub(super) struct Searched {
    text: Zeroizing<String>,
    layers: OnceCell<Vec<Pieces>>,
}

impl Searched {
    pub(super) fn of(text: String) -> Self {
        Self { text: Zeroizing::new(text), layers: OnceCell::new() }
    }
}

/// The text as it is compared, and again without each layer of its escapes.
fn layers_of(text: &str) -> impl Iterator<Item = Pieces> {
    // Folded before each layer is undone: what looks like an escape in one form of a text would not in another.
    let next = |layer: &Pieces| {
        work::count(layer.chars().len());
        undone(layer).map(|undone| undone.folded())
    };
    std::iter::successors(Some(Pieces::of(text).folded()), next).take(MOST_LAYERS + 1)
}

/// A secret in every spelling that is not undone in a text. It may look like an escape itself.
fn digests(secret: &str) -> Vec<Digest> {
    // None of a secret that is too long, before it is read.
    if secret.chars().nth(MOST_CHARS).is_some() {
        return Vec::new();
    }
    let encoded = [
        Zeroizing::new(STANDARD_NO_PAD.encode(secret)),
        Zeroizing::new(URL_SAFE_NO_PAD.encode(secret)),
        in_hex(secret),
    ];
    let layers = layers_of(secret).chain(encoded.iter().map(|text| Pieces::of(text).folded()));
    layers.filter_map(|layer| Digest::of(layer.chars())).collect()
}

fn in_order<'a>(digests: impl Iterator<Item = &'a Digest>) -> Vec<Digest> {
    let mut digests: Vec<Digest> = digests.copied().collect();
    digests.sort_unstable();
    digests.dedup();
    digests
}

fn in_hex(plain: &str) -> Zeroizing<String> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = Zeroizing::new(String::with_capacity(plain.len() * 2));
    for byte in plain.bytes() {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

#[cfg(test)]
mod tests;
