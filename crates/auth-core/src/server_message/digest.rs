//! What a secret is known again by when it is not kept: a length and a digest.

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    ops::Range,
    sync::LazyLock,
};

/// Shorter texts are not searched for: they are part of ordinary words.
pub(super) const LEAST_CHARS: usize = 4;
/// Longer ones do not fit into what is read of a text.
pub(super) const MOST_CHARS: usize = 8 * 1024;

/// The keys of this process. A digest is never written anywhere, since the secret behind it could be guessed from it.
static KEYS: LazyLock<(RandomState, u64)> = LazyLock::new(|| {
    let keys = RandomState::new();
    // Odd, so that no character loses its weight.
    let base = keys.hash_one(0_u8) | 1;
    (keys, base)
});

/// A text of a known length: 16 bits that are cheap to compute for every place of another text, and 64 that decide.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Digest {
    chars: usize,
    hint: u16,
    digest: u64,
}

impl Digest {
    /// None of a text that is not searched for.
    pub(super) fn of(chars: &[char]) -> Option<Self> {
        let fits = (LEAST_CHARS..=MOST_CHARS).contains(&chars.len());
        fits.then(|| Self { chars: chars.len(), hint: hint(sum(chars)), digest: digest(chars) })
    }

    pub(super) fn chars(&self) -> usize {
        self.chars
    }

    /// Where one of these is in a text. They are sorted.
    pub(super) fn find(digests: &[Self], text: &[char]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        for alike in digests.chunk_by(|one, other| one.chars == other.chars) {
            let length = alike[0].chars;
            if length > text.len() {
                break;
            }
            // The weight of the character that leaves.
            let weight = (1..length).fold(1_u64, |weight, _| weight.wrapping_mul(KEYS.1));
            let mut sum = sum(&text[..length]);
            for at in 0..=text.len() - length {
                if at > 0 {
                    let left = u64::from(text[at - 1]).wrapping_mul(weight);
                    let entered = u64::from(text[at + length - 1]);
                    sum = sum.wrapping_sub(left).wrapping_mul(KEYS.1).wrapping_add(entered);
                }
                let hint = hint(sum);
                let window = &text[at..at + length];
                let is_one = |known: &Self| known.hint == hint && known.digest == digest(window);
                if alike.iter().any(is_one) {
                    found.push(at..at + length);
                }
            }
        }
        found
    }
}

fn sum(chars: &[char]) -> u64 {
    chars.iter().fold(0, |sum, c| sum.wrapping_mul(KEYS.1).wrapping_add(u64::from(*c)))
}

/// So few bits of the sum do not tell what it is the sum of.
fn hint(sum: u64) -> u16 {
    (sum >> 48) as u16
}

fn digest(chars: &[char]) -> u64 {
    let mut hasher = KEYS.0.build_hasher();
    chars.iter().for_each(|c| hasher.write_u32(u32::from(*c)));
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_wherever_it_is() {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        let mut digests: Vec<Digest> = ["abcd", "bcdefg", "wxyz", "long-as-it-is"]
            .iter()
            .filter_map(|text| Digest::of(&chars(text)))
            .collect();
        digests.sort();
        assert_eq!(Digest::find(&digests, &chars("abcdefg-abcdabcd")), [0..4, 8..12, 12..16, 1..7]);
        assert_eq!(Digest::find(&digests, &chars("wxy")), []);
        assert!(Digest::of(&chars("abc")).is_none());
    }
}
