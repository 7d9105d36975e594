//! Identifiers in a text, and the words that an identifier is made of.

/// An identifier or a word of a text.
#[derive(Debug)]
pub(crate) struct Identifier<'t> {
    pub(crate) text: &'t str,
    /// Where it begins, in bytes.
    pub(crate) start: usize,
    /// `keepItHTTPOnly` and `keep_it_HTTP_only` are the same four words.
    pub(crate) words: Vec<&'t str>,
}

/// All identifiers of a text.
pub(crate) fn identifiers(text: &str) -> Vec<Identifier<'_>> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(offset) = text[at..].find(is_part) {
        let start = at + offset;
        let rest = &text[start..];
        let text = &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())];
        found.push(Identifier { text, start, words: split(text) });
        at = start + text.len();
    }
    found
}

/// The words of an identifier, each in its own case.
pub(crate) fn of(identifier: &str) -> Vec<String> {
    split(identifier).into_iter().map(str::to_owned).collect()
}

fn split(identifier: &str) -> Vec<&str> {
    identifier.split('_').filter(|part| !part.is_empty()).flat_map(split_by_case).collect()
}

/// A word begins at a capital after a small letter or a digit, and at the last capital of several before a small letter.
fn split_by_case(part: &str) -> Vec<&str> {
    let letters: Vec<_> = part.char_indices().collect();
    let begins = |at: usize| {
        let (before, this) = (letters[at - 1].1, letters[at].1);
        let next_is_small = letters.get(at + 1).is_some_and(|(_, next)| next.is_lowercase());
        this.is_uppercase() && (!before.is_uppercase() || next_is_small)
    };
    let mut words = Vec::new();
    let mut start = 0;
    for at in (1..letters.len()).filter(|at| begins(*at)) {
        words.push(&part[start..letters[at].0]);
        start = letters[at].0;
    }
    words.push(&part[start..]);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_split_into_words_in_any_case() {
        for (identifier, words) in [
            ("keep_it", vec!["keep", "it"]),
            ("keepIt", vec!["keep", "It"]),
            ("KeepIt", vec!["Keep", "It"]),
            ("KEEP_IT", vec!["KEEP", "IT"]),
            ("__keep_It_", vec!["keep", "It"]),
            ("HTTPStatus2Go", vec!["HTTP", "Status2", "Go"]),
            ("keepIt_now", vec!["keep", "It", "now"]),
            ("größeÄndern", vec!["größe", "Ändern"]),
            ("x", vec!["x"]),
            ("__", vec![]),
        ] {
            assert_eq!(of(identifier), words, "{identifier}");
        }
    }

    #[test]
    fn identifiers_are_found_with_their_place() {
        let text = "let été = keep_it(A2); // 'x'";
        let found: Vec<_> = identifiers(text).iter().map(|it| (it.start, it.text)).collect();
        assert_eq!(found, [(0, "let"), (4, "été"), (12, "keep_it"), (20, "A2"), (29, "x")]);
    }
}
