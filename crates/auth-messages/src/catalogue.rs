//! All messages of one language.

use crate::{Language, Message, message::Data, wait};
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use std::{fmt, time::Duration};

/// The messages of one language, read once. Reading takes a fraction of a millisecond: load it when there is something to
/// say.
pub struct Catalogue {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Catalogue {
    /// Reads the messages of a language.
    pub fn load(language: Language) -> Self {
        let mut bundle = FluentBundle::new(vec![language.tag()]);
        // The marks around data would be seen in a terminal, and the languages here have one direction.
        bundle.set_use_isolating(false);
        for text in [language.errors(), language.b2auth()] {
            // What cannot be read is left out; the tests see to it that everything can.
            let (Ok(resource) | Err((resource, _))) = FluentResource::try_new(text.to_owned());
            let _in_tests = bundle.add_resource(resource);
        }
        Self { language, bundle }
    }

    /// Whose messages these are.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The message's text; in English if this language does not have it, and its id if English has not either.
    pub fn say(&self, message: &Message) -> String {
        let mut text = self.text(message).unwrap_or_else(|| match self.language {
            Language::ENGLISH => message.id(),
            _ => Self::load(Language::ENGLISH).text(message).unwrap_or_else(|| message.id()),
        });
        if let Some(next) = &message.then {
            text.push(' ');
            text.push_str(&self.say(next));
        }
        text
    }

    /// The message's own text, if it is there and has all its data.
    fn text(&self, message: &Message) -> Option<String> {
        let entry = self.bundle.get_message(message.id)?;
        let pattern = match message.about {
            Some(about) => entry.get_attribute(about)?.value(),
            None => entry.value()?,
        };
        let mut args = FluentArgs::with_capacity(message.data.len());
        for (name, data) in &message.data {
            match data {
                Data::Text(text) => args.set(*name, text.as_str()),
                Data::Wait(time) => args.set(*name, self.wait(*time)),
            }
        }
        let mut wrong = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&args), &mut wrong).into_owned();
        wrong.is_empty().then_some(text)
    }

    /// A wait as a person reads it, such as `9 min 59 s`.
    pub fn wait(&self, time: Duration) -> String {
        let parts = wait::parts(time);
        let parts = parts.iter().map(|(unit, count)| self.say(&Message::new(unit).with("count", count)));
        parts.collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Catalogue({})", self.language.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn german() -> Catalogue {
        Catalogue::load(Language::negotiate(["de"]))
    }

    #[test]
    fn data_is_put_in_as_it_stands() {
        let failed = Message::new("host_failed").with("status", 1503);
        assert_eq!(
            german().say(&failed),
            "Der Server hat ein Problem (HTTP 1503). Versuchen Sie es später erneut."
        );
        let usage = Message::new("usage").with("problem", "{ $x } {0}");
        assert_eq!(german().say(&usage), "Falscher Aufruf: { $x } {0}");
    }

    #[test]
    fn what_is_not_there_is_its_id() {
        assert_eq!(german().say(&Message::new("unheard_of").about("it")), "unheard_of.it");
    }

    #[test]
    fn a_message_without_its_data_does_not_pass_for_whole() {
        assert_eq!(german().say(&Message::new("locked_out")), "locked_out");
    }
}
