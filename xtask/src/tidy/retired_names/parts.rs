//! Tells code from prose. Prose is Markdown and comments, without their code spans and examples; all else is code. Texts
//! that users are shown are both: they have names and sentences.

/// One line: its code, and its prose.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    pub(crate) code: String,
    pub(crate) prose: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Markdown,
    /// Comments begin with `//` or `/*`.
    Source,
    /// Comments begin with `#`.
    Script,
    Texts,
    Other,
}

/// The parts of each line of a file.
pub(crate) fn split<'t>(path: &str, text: &'t str) -> impl Iterator<Item = Parts> + use<'t> {
    let kind = kind(path);
    let mut example = false;
    let mut comment = false;
    text.lines().map(move |line| match kind {
        Kind::Markdown => prose(line, &mut example),
        Kind::Source => source(line, &mut comment, &mut example),
        Kind::Script => {
            let mut marks = line.match_indices('#').map(|(at, _)| at);
            let start = marks.find(|at| *at == 0 || line[..*at].ends_with(char::is_whitespace));
            let (code, remark) = line.split_at(start.unwrap_or(line.len()));
            Parts { code: code.to_owned(), prose: remark.to_owned() }
        }
        Kind::Texts => Parts { code: line.to_owned(), prose: line.to_owned() },
        Kind::Other => Parts { code: line.to_owned(), prose: String::new() },
    })
}

fn kind(path: &str) -> Kind {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "md" => Kind::Markdown,
        "rs" | "kt" | "kts" | "swift" | "h" => Kind::Source,
        "toml" | "sh" | "yml" | "yaml" => Kind::Script,
        "ftl" | "strings" | "properties" => Kind::Texts,
        _ => Kind::Other,
    }
}

/// A line of a document or of a comment; `example` is whether it is between two fences.
fn prose(line: &str, example: &mut bool) -> Parts {
    if line.trim_start().starts_with("```") {
        *example = !*example;
        return Parts::default();
    }
    if *example {
        return Parts { code: line.to_owned(), prose: String::new() };
    }
    let mut parts = Parts::default();
    for (piece, is_code) in line.split('`').zip([false, true].into_iter().cycle()) {
        let part = if is_code { &mut parts.code } else { &mut parts.prose };
        part.push_str(piece);
        // What was apart stays apart.
        part.push_str(" ` ");
    }
    parts
}

/// A line of source; `comment` is whether it begins inside of `/* */`.
fn source(line: &str, comment: &mut bool, example: &mut bool) -> Parts {
    let start = if *comment { 0 } else { comment_start(line).unwrap_or(line.len()) };
    let (code, remark) = line.split_at(start);
    if remark.is_empty() {
        *example = false;
        return Parts { code: code.to_owned(), prose: String::new() };
    }
    *comment = (*comment || remark.starts_with("/*")) && !remark.contains("*/");
    let Parts { code: spans, prose } = prose(remark.trim_start_matches(['/', '*', '!', ' ']), example);
    Parts { code: format!("{code} ` {spans}"), prose }
}

/// Where a comment begins: at the first `//` or `/*` that is not in a text.
fn comment_start(line: &str) -> Option<usize> {
    let mut in_text = false;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match c {
            // Neither `\"` nor the letter `'"'`.
            '"' if before != '\\' && !line[at + 1..].starts_with('\'') => in_text = !in_text,
            '/' if !in_text && before != ':' && line[at + 1..].starts_with(['/', '*']) => return Some(at),
            _ => {}
        }
        before = c;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(path: &str, text: &str) -> Vec<(String, String)> {
        let tidy = |part: String| part.replace('`', " ").split_whitespace().collect::<Vec<_>>().join(" ");
        split(path, text).map(|it| (tidy(it.code), tidy(it.prose))).collect()
    }

    fn line(path: &str, text: &str) -> (String, String) {
        parts(path, text).remove(0)
    }

    #[test]
    fn comments_are_told_from_texts() {
        for (text, code, prose) in [
            ("a(); // b", "a();", "b"),
            ("a(\"// b\"); // c", "a(\"// b\");", "c"),
            ("a('\"'); // b", "a('\"');", "b"),
            ("a(\"\\\" // b\")", "a(\"\\\" // b\")", ""),
            ("https://a", "https://a", ""),
            ("    /// A `b` c", "b", "A c"),
            ("a /* b */", "a", "b */"),
        ] {
            assert_eq!(line("a.rs", text), (code.to_owned(), prose.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_comment_goes_on_to_its_end() {
        let found = parts("a.kt", "/**\n * b\n */\nc");
        assert_eq!(found[1], (String::new(), "b".to_owned()));
        assert_eq!(found[3], ("c".to_owned(), String::new()));
    }

    #[test]
    fn an_example_in_a_comment_is_code() {
        let found = parts("a.rs", "/// ```no_run\n/// b\n/// ```\n/// c\nfn d() {}");
        let codes: Vec<_> = found.iter().map(|(code, _)| code.as_str()).collect();
        assert_eq!(codes, ["", "b", "", "", "fn d() {}"]);
        assert_eq!(found[3].1, "c");
    }

    #[test]
    fn other_files_have_their_own_ways() {
        assert_eq!(line("a.md", "b `c` d"), ("c".into(), "b d".into()));
        assert_eq!(line("a.sh", "b \"$#\" # c"), ("b \"$#\"".into(), "# c".into()));
        assert_eq!(line("a.ftl", "b = c"), ("b = c".into(), "b = c".into()));
        assert_eq!(line("a.json", "b // c"), ("b // c".into(), String::new()));
    }
}
