//! What a secret is known again by when it is not kept: a length and a digest.

use crate::work;
use std::{
    hash::{BuildHasher, Hasher, RandomState},
    ops::Range,
    sync::LazyLock,
};

/// Shorter texts are not searched for: they are part of ordinary words.
pub(super) const LEAST_CHARS: usize = 4;
/// Longer ones do not fit into what is read of a text.
pub(super) const MOST_CHARS: usize = 8 * 1024;
/// The longest start of a secret that is looked for at every place of a text.
const MOST_HEAD: usize = 64;

/// The keys of this process. A digest is never written anywhere, since the secret behind it could be guessed from it.
static KEYS: LazyLock<(RandomState, u64)> = LazyLock::new(|| {
    let keys = RandomState::new();
    // Odd, so that no character loses its weight.
    let base = keys.hash_one(0_u8) | 1;
    (keys, base)
});

/// A text of a known length: 16 bits of its start, which are cheap to compute for every place of another text, and 64 of all of it,
/// which decide.
///
/// The lengths of starts are few, so that a text is read a few times over, however many lengths it is searched for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Digest {
    head: usize,
    hint: u16,
    chars: usize,
    digest: u64,
}

impl Digest {
    /// None of a text that is not searched for.
    pub(super) fn of(chars: &[char]) -> Option<Self> {
        let fits = (LEAST_CHARS..=MOST_CHARS).contains(&chars.len());
        fits.then(|| {
            let head = head_of(chars.len());
            Self { head, hint: hint(sum(&chars[..head])), chars: chars.len(), digest: digest(chars) }
        })
    }

    pub(super) fn chars(&self) -> usize {
        self.chars
    }

    /// Where one of these is in a text. They are sorted.
    ///
    /// All of the text if it begins so many times like one of them that to look closer would take long: only a text that was made for
    /// that does.
    pub(super) fn find(digests: &[Self], text: &[char]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut effort = 4 * text.len() + MOST_CHARS;
        for alike in digests.chunk_by(|one, other| one.head == other.head) {
            for (at, hint) in hints(text, alike[0].head) {
                let first = alike.partition_point(|known| known.hint < hint);
                for known in alike[first..].iter().take_while(|known| known.hint == hint) {
                    let Some(window) = text.get(at..at + known.chars) else { break };
                    let Some(left) = effort.checked_sub(window.len()) else {
                        found.clear();
                        found.push(0..text.len());
                        return found;
                    };
                    effort = left;
                    if known.digest == digest(window) {
                        found.push(at..at + window.len());
                    }
                }
            }
        }
        found
    }
}

/// How much of the start of a text of this length is looked for.
fn head_of(length: usize) -> usize {
    (1 << length.ilog2()).min(MOST_HEAD)
}

/// The hint of each part of this length, and where it is.
fn hints(text: &[char], length: usize) -> impl Iterator<Item = (usize, u16)> {
    work::count(text.len());
    // The weight of the character that leaves.
    let weight = (1..length).fold(1_u64, |weight, _| weight.wrapping_mul(KEYS.1));
    let base = KEYS.1;
    let mut parts = text.windows(length).enumerate();
    let mut last: Option<(char, u64)> = None;
    std::iter::from_fn(move || {
        let (at, part) = parts.next()?;
        let now = last.map_or_else(
            || sum(part),
            |(left, before)| {
                let stays = before.wrapping_sub(u64::from(left).wrapping_mul(weight));
                stays.wrapping_mul(base).wrapping_add(u64::from(part[length - 1]))
            },
        );
        last = Some((part[0], now));
        Some((at, hint(now)))
    })
}

fn sum(chars: &[char]) -> u64 {
    chars.iter().fold(0, |sum, c| sum.wrapping_mul(KEYS.1).wrapping_add(u64::from(*c)))
}

/// So few bits of the sum do not tell what it is the sum of.
fn hint(sum: u64) -> u16 {
    (sum >> 48) as u16
}

fn digest(chars: &[char]) -> u64 {
    work::count(chars.len());
    let mut hasher = KEYS.0.build_hasher();
    chars.iter().for_each(|c| hasher.write_u32(u32::from(*c)));
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    fn digests<T: AsRef<[char]>>(texts: &[T]) -> Vec<Digest> {
        let mut digests: Vec<Digest> = texts.iter().filter_map(|text| Digest::of(text.as_ref())).collect();
        digests.sort();
        digests
    }

    #[test]
    fn a_text_is_found_wherever_it_is() {
        let known = digests(&["abcd", "bcdefg", "wxyz", "long-as-it-is"].map(chars));
        assert_eq!(Digest::find(&known, &chars("abcdefg-abcdabcd")), [0..4, 1..7, 8..12, 12..16]);
        assert_eq!(Digest::find(&known, &chars("wxy")), []);
        assert!(Digest::of(&chars("abc")).is_none());
    }

    #[test]
    fn what_is_found_is_what_a_plain_search_finds() {
        let mut seed = 1_u64;
        let mut below = |most: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(seed >> 33).unwrap() % most
        };
        for _ in 0..6_000 {
            let text: Vec<char> = (0..below(160)).map(|_| ['a', 'b', 'ä'][below(3)]).collect();
            let mut secrets = Vec::new();
            for _ in 0..3 {
                let from = below(text.len() + 1);
                let mut secret = text[from..(from + below(100)).min(text.len())].to_vec();
                if below(3) == 0 {
                    secret.push('b');
                }
                secrets.push(secret);
            }
            secrets.retain(|secret| secret.len() >= LEAST_CHARS);
            secrets.sort();
            secrets.dedup();
            let places = |secret: &Vec<char>| {
                let at = (0..text.len()).filter(|at| text[*at..].starts_with(secret));
                at.map(|at| (at, at + secret.len())).collect::<Vec<_>>()
            };
            let mut expected: Vec<_> = secrets.iter().flat_map(places).collect();
            expected.sort_unstable();
            let found = Digest::find(&digests(&secrets), &text);
            let mut found: Vec<_> = found.iter().map(|place| (place.start, place.end)).collect();
            found.sort_unstable();
            assert_eq!(found, expected, "{secrets:?} in {text:?}");
        }
    }

    #[test]
    fn a_text_of_equal_letters_is_no_more_work_than_another() {
        let known = digests(&(960..1_053).map(|length| vec!['a'; length]).collect::<Vec<_>>());
        let steps = |length| {
            let (found, steps) = work::of(|| Digest::find(&known, &vec!['a'; length]));
            // Nothing of it is left.
            assert_eq!(found.iter().map(|place| (place.start, place.end)).next(), Some((0, length)));
            steps
        };
        assert!(steps(2_000) <= 12 * 2_000 + MOST_CHARS);
        assert!(steps(8_000) <= 12 * 8_000 + MOST_CHARS);
        // Each length is one more to look for, and not one more time to read the text.
        let known = digests(&(4..1_000).map(|length| vec!['a'; length]).collect::<Vec<_>>());
        let (found, steps) = work::of(|| Digest::find(&known, &vec!['b'; 2_000]));
        assert!(found.is_empty() && steps <= 12 * 2_000, "{steps}");
    }
}
