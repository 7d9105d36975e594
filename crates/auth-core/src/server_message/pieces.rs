//! A text as characters that know where in the text they come from, so that what is found in another spelling of it can be cut out of the
//! text itself.

use crate::{shown_as, work};
use icu_normalizer::{DecomposingNormalizerBorrowed, properties::CanonicalCombiningClassMapBorrowed};
use zeroize::Zeroizing;

/// Where in a text a character comes from, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) from: usize,
    pub(super) to: usize,
}

impl Place {
    /// From the start of the one to the end of the other.
    pub(super) fn up_to(self, last: Self) -> Self {
        Self { from: self.from, to: last.to.max(self.to) }
    }
}

/// Characters and their places. They may be a secret's, so they are wiped.
#[derive(Default)]
pub(super) struct Pieces {
    chars: Zeroizing<Vec<char>>,
    places: Vec<Place>,
}

impl Pieces {
    /// Room for so many: what grows leaves copies behind.
    pub(super) fn with_capacity(room: usize) -> Self {
        Self { chars: Zeroizing::new(Vec::with_capacity(room)), places: Vec::with_capacity(room) }
    }

    pub(super) fn of(text: &str) -> Self {
        let mut pieces = Self::with_capacity(text.len());
        for (from, c) in text.char_indices() {
            pieces.put(c, Place { from, to: from + c.len_utf8() });
        }
        pieces
    }

    /// Adds a character as it is shown.
    pub(super) fn put(&mut self, c: char, place: Place) {
        if let Some(shown) = shown_as(c) {
            self.put_as_it_is(shown, place);
        }
    }

    fn put_as_it_is(&mut self, c: char, place: Place) {
        self.chars.push(c);
        self.places.push(place);
    }

    pub(super) fn chars(&self) -> &[char] {
        &self.chars
    }

    pub(super) fn places(&self) -> &[Place] {
        &self.places
    }

    /// The same as it is compared: decomposed by Unicode's rules, in lower case, and with one kind of blank, to which the `+` of forms
    /// belongs.
    pub(super) fn folded(&self) -> Self {
        // No character becomes more than four.
        let room = self.chars.iter().map(|c| if c.is_ascii() { 1 } else { 4 }).sum();
        let mut folded = Self::with_capacity(room);
        let normal = DecomposingNormalizerBorrowed::new_nfd();
        let mut has_marks = false;
        for (&c, &place) in self.chars.iter().zip(&self.places) {
            match c {
                '+' => folded.put_as_it_is(' ', place),
                c if c.is_ascii() => folded.put_as_it_is(c.to_ascii_lowercase(), place),
                c if c.is_whitespace() => folded.put_as_it_is(' ', place),
                c => {
                    has_marks = true;
                    for part in normal.normalize_iter(std::iter::once(c)).flat_map(char::to_lowercase) {
                        folded.put_as_it_is(part, place);
                    }
                }
            }
        }
        if has_marks {
            folded.put_marks_in_order();
        }
        folded
    }

    /// Marks on one letter stand in an order of their own, whoever typed them in which order.
    fn put_marks_in_order(&mut self) {
        let classes = CanonicalCombiningClassMapBorrowed::new();
        let class = |c: char| classes.get_u8(c);
        let mut from = 0;
        while let Some(first) = self.chars[from..].iter().position(|c| class(*c) != 0) {
            from += first;
            let rest = &self.chars[from..];
            let to = from + rest.iter().position(|c| class(*c) == 0).unwrap_or(rest.len());
            // Places are sorted and no characters, which a sort would leave copies of; those of one class stay as they are.
            let mut order: Vec<(u8, usize)> = (from..to).map(|at| (class(self.chars[at]), at)).collect();
            order.sort_unstable_by(|one, other| {
                work::count(1);
                one.cmp(other)
            });
            let chars: Zeroizing<Vec<char>> =
                Zeroizing::new(order.iter().map(|(_, at)| self.chars[*at]).collect());
            let places: Vec<Place> = order.iter().map(|(_, at)| self.places[*at]).collect();
            self.chars[from..to].copy_from_slice(&chars);
            self.places[from..to].copy_from_slice(&places);
            from = to;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        Pieces::of(text).folded().chars().iter().collect()
    }

    #[test]
    fn one_text_in_several_forms_is_one() {
        for (one, other) in [
            ("pässwörd", "PA\u{308}SSWO\u{308}RD"),
            ("ệ", "e\u{302}\u{323}"),
            ("ệ", "\u{ea}\u{323}"),
            ("가", "\u{1100}\u{1161}"),
            ("İ", "i\u{307}"),
            ("a b+c", "a\u{a0}b c"),
            ("a\u{200d}b\u{ad}", "ab"),
            ("Ω", "\u{2126}"),
        ] {
            assert_eq!(folded(one), folded(other), "{one} {other}");
        }
        assert_ne!(folded("passwort"), folded("pässwort"));
    }

    #[test]
    fn a_heap_of_marks_is_sorted_in_few_steps() {
        let marks = |each: usize| "\u{301}".repeat(each) + &"\u{323}".repeat(each);
        let (sorted, steps) = work::of(|| folded(&format!("{}a{}", marks(2), marks(8_000))));
        assert_eq!(
            sorted,
            format!("\u{323}\u{323}\u{301}\u{301}a{}{}", "\u{323}".repeat(8_000), "\u{301}".repeat(8_000))
        );
        assert!(steps <= 16_004 * 16, "{steps}");
    }

    #[test]
    fn each_part_knows_its_place() {
        let pieces = Pieces::of("xä\u{200b}y").folded();
        assert_eq!(pieces.chars(), ['x', 'a', '\u{308}', 'y']);
        let place = |from, to| Place { from, to };
        assert_eq!(pieces.places(), [place(0, 1), place(1, 3), place(1, 3), place(6, 7)]);
    }

    #[test]
    fn no_character_becomes_more_than_there_is_room_for() {
        let most = ('\0'..=char::MAX).map(|c| Pieces::of(c.encode_utf8(&mut [0; 4])).folded().chars().len());
        assert_eq!(most.max(), Some(4));
    }
}
