//! The languages that there are, and which one is meant.

use fluent_langneg::{NegotiationStrategy, negotiate_languages};
use unic_langid::LanguageIdentifier;

/// A language that the messages are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language {
    code: &'static str,
    errors: &'static str,
    b2auth: &'static str,
}

macro_rules! language {
    ($code:literal) => {
        Language {
            code: $code,
            errors: include_str!(concat!("../locales/", $code, "/errors.ftl")),
            b2auth: include_str!(concat!("../locales/", $code, "/b2auth.ftl")),
        }
    };
}

impl Language {
    /// Every language that there is.
    pub const ALL: &[Self] = &[Self::ENGLISH, language!("de"), language!("es")];

    /// What is said where the wanted language is not known.
    pub const ENGLISH: Self = language!("en");

    /// The language tag, such as `en`.
    pub const fn code(self) -> &'static str {
        self.code
    }

    /// The messages that b2auth and apps share, as Fluent text.
    pub const fn errors(self) -> &'static str {
        self.errors
    }

    /// The messages of b2auth alone, as Fluent text.
    pub const fn b2auth(self) -> &'static str {
        self.b2auth
    }

    /// The language that fits the wishes best, the first wish first; English if none does. A wish is a language tag such
    /// as `de-AT`, or a name in the manner of POSIX, such as `de_AT.UTF-8`.
    pub fn negotiate<'a>(wishes: impl IntoIterator<Item = &'a str>) -> Self {
        let wishes: Vec<LanguageIdentifier> =
            wishes.into_iter().filter_map(|wish| bare(wish).parse().ok()).collect();
        let known: Vec<LanguageIdentifier> = Self::ALL.iter().map(|language| language.tag()).collect();
        let best = negotiate_languages(&wishes, &known, None, NegotiationStrategy::Lookup);
        let best = best.first().and_then(|tag| known.iter().position(|one| one == *tag));
        best.map_or(Self::ENGLISH, |at| Self::ALL[at])
    }

    pub(crate) fn tag(self) -> LanguageIdentifier {
        self.code.parse().unwrap_or_default()
    }
}

/// Without the encoding and the modifier that POSIX puts behind: `de_AT.UTF-8`, `es@euro`.
fn bare(wish: &str) -> &str {
    wish.split(['.', '@']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wish_that_is_known_is_taken() {
        for (wishes, expected) in [
            (&["de"][..], "de"),
            (&["de-AT"], "de"),
            (&["de_AT.UTF-8"], "de"),
            (&["es@euro"], "es"),
            (&["ES"], "es"),
            (&["es-419"], "es"),
            (&["ja", "es"], "es"),
            (&["ja"], "en"),
            (&["en_GB", "de"], "en"),
            (&["C"], "en"),
            (&["POSIX"], "en"),
            (&["", "no language at all"], "en"),
            (&[], "en"),
        ] {
            assert_eq!(Language::negotiate(wishes.iter().copied()).code(), expected, "{wishes:?}");
        }
    }

    #[test]
    fn every_code_is_a_language_tag() {
        for language in Language::ALL {
            assert_eq!(language.tag().to_string(), language.code());
        }
    }
}
