//! One retired name: what is refused, where, and what to write instead.

use super::words::{self, Identifier};

/// One line of the list.
#[derive(Debug)]
pub(crate) struct Entry {
    retired: String,
    /// What is written instead.
    pub(crate) standard: String,
    /// The words of the identifier or of the phrase.
    words: Vec<String>,
    what: What,
    /// Whether it is also refused as a part of a longer identifier.
    within: bool,
    /// Only in code, or only in prose; else in both.
    only: Option<Part>,
    /// Only in files whose paths begin like one of these; everywhere if there are none.
    only_in: Vec<String>,
    /// Not in files whose paths begin like one of these.
    not_in: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// An identifier in the case of any language.
    Identifier,
    /// One word as it is written: in lower case it means something else.
    Exact,
    /// Words with blanks between them.
    Phrase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Code,
    Prose,
}

/// Reads all entries; for lines that are none, their number and why.
pub(crate) fn read(list: &str) -> (Vec<Entry>, Vec<(usize, String)>) {
    let (mut entries, mut problems): (Vec<Entry>, Vec<_>) = (Vec::new(), Vec::new());
    for (line, number) in list.lines().zip(1..) {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        match Entry::parse(line) {
            Some(entry) if entries.iter().any(|other| other.retired.eq_ignore_ascii_case(&entry.retired)) => {
                problems.push((number, format!("names `{}` twice", entry.retired)));
            }
            Some(entry) => entries.push(entry),
            None => problems.push((number, "is not `retired -> standard`, with `| where` or without".into())),
        }
    }
    (entries, problems)
}

impl Entry {
    fn parse(line: &str) -> Option<Self> {
        let (names, scope) = line.split_once('|').unwrap_or((line, ""));
        let (retired, standard) = names.split_once(" -> ")?;
        let (retired, standard) = (retired.trim(), standard.trim());
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ' ';
        if retired.is_empty() || standard.is_empty() || !retired.chars().all(is_name) {
            return None;
        }
        let phrase: Vec<_> = retired.split_whitespace().map(str::to_lowercase).collect();
        let (what, words) = if phrase.len() > 1 {
            (What::Phrase, phrase)
        } else {
            let words = words::of(retired);
            let is_exact = words.len() == 1 && retired.starts_with(|c: char| c.is_ascii_uppercase());
            (if is_exact { What::Exact } else { What::Identifier }, words)
        };
        let mut entry = Self {
            retired: retired.to_owned(),
            standard: standard.to_owned(),
            words,
            what,
            within: false,
            only: None,
            only_in: Vec::new(),
            not_in: Vec::new(),
        };
        for word in scope.split_whitespace() {
            match word {
                "code" => entry.only = Some(Part::Code),
                "prose" => entry.only = Some(Part::Prose),
                "within" => entry.within = true,
                path => match path.strip_prefix('!') {
                    Some(path) => entry.not_in.push(path.to_owned()),
                    // A word that is neither of the above nor a path is a mistake.
                    None if path.contains(['/', '.']) => entry.only_in.push(path.to_owned()),
                    None => return None,
                },
            }
        }
        Some(entry)
    }

    /// Whether it is refused in some part of this file.
    pub(crate) fn is_about(&self, path: &str) -> bool {
        let begins_like = |paths: &[String]| paths.iter().any(|start| path.starts_with(start.as_str()));
        (self.only_in.is_empty() || begins_like(&self.only_in)) && !begins_like(&self.not_in)
    }

    /// Whether it is refused in code, or in prose.
    pub(crate) fn is_about_part(&self, is_code: bool) -> bool {
        self.only.is_none_or(|only| (only == Part::Code) == is_code)
    }

    /// Whether a text has all of its words, in whatever order; the text is in lower case.
    pub(crate) fn may_be_in(&self, lower_case: &str) -> bool {
        self.words.iter().all(|word| lower_case.contains(&word.to_lowercase()))
    }

    /// What is refused in a text that has these identifiers.
    pub(crate) fn find<'e>(
        &'e self,
        text: &str,
        identifiers: &[Identifier<'_>],
    ) -> impl Iterator<Item = String> + use<'e> {
        let found: Vec<_> = match self.what {
            What::Phrase => {
                let windows = identifiers.windows(self.words.len());
                windows.filter(|window| self.is_phrase(text, window)).map(|_| self.retired.clone()).collect()
            }
            What::Identifier | What::Exact => {
                let names = identifiers.iter().filter(|identifier| self.is_name(identifier));
                names.map(|identifier| identifier.text.to_owned()).collect()
            }
        };
        found.into_iter()
    }

    fn is_name(&self, identifier: &Identifier<'_>) -> bool {
        let is_same = |words: &[&str]| {
            words.iter().zip(&self.words).all(|(word, own)| match self.what {
                What::Exact => word == own,
                _ => word.eq_ignore_ascii_case(own),
            })
        };
        let words = &identifier.words;
        if self.within {
            words.windows(self.words.len()).any(is_same)
        } else {
            words.len() == self.words.len() && is_same(words)
        }
    }

    fn is_phrase(&self, text: &str, window: &[Identifier<'_>]) -> bool {
        let mut gaps = window.windows(2).map(|pair| &text[pair[0].start + pair[0].text.len()..pair[1].start]);
        let mut words = window.iter().zip(&self.words);
        words.all(|(identifier, word)| identifier.text.eq_ignore_ascii_case(word))
            && gaps.all(|gap| gap.trim().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_no_entries_are_found() {
        let (entries, problems) = read("# A remark\n\na -> b\nc\n-> d\ne ->\na -> f\ng -> h | cod\nx-y -> z");
        assert_eq!(entries.len(), 1);
        assert_eq!(problems.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [4, 5, 6, 7, 8, 9]);
        assert_eq!(problems[3].1, "names `a` twice");
    }
}
