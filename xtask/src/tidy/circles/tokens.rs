//! Paths in tokens: the arguments of a macro or of an attribute follow no grammar that is known here, but a path in
//! them looks like a path everywhere.

use proc_macro2::{Delimiter, Literal, TokenStream, TokenTree};

/// A path in tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TokenPath {
    pub(crate) path: Vec<String>,
    pub(crate) line: usize,
    /// It is followed by `!`.
    pub(crate) is_macro: bool,
}

/// All paths in the tokens, also in groups. A single name counts if it can be nothing but the name of an item: it begins
/// with a capital letter, or is called.
pub(crate) fn paths(tokens: TokenStream) -> Vec<TokenPath> {
    let mut found = Vec::new();
    search(tokens, &[], &mut found);
    found
}

/// The text values in the tokens that are paths of two names or more: `#[serde(with = "crate::iso")]`.
pub(crate) fn paths_in_texts(tokens: TokenStream) -> Vec<TokenPath> {
    let mut found = Vec::new();
    let mut is_value = false;
    for token in tokens {
        match &token {
            TokenTree::Group(group) => found.extend(paths_in_texts(group.stream())),
            TokenTree::Literal(literal) if is_value => found.extend(path_in_text(literal)),
            _ => {}
        }
        is_value = is_punct(Some(&token), '=');
    }
    found
}

fn path_in_text(literal: &Literal) -> Option<TokenPath> {
    let text: syn::LitStr = syn::parse_str(&literal.to_string()).ok()?;
    let path: syn::Path = syn::parse_str(&text.value()).ok()?;
    let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let is_path = path.leading_colon.is_none() && names.len() > 1;
    is_path.then(|| TokenPath { path: names, line: literal.span().start().line, is_macro: false })
}

/// `prefix` is the path before a group in braces, as in `crate::{a, b}`.
fn search(tokens: TokenStream, prefix: &[String], found: &mut Vec<TokenPath>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            TokenTree::Ident(first) => {
                let line = first.span().start().line;
                let (names, mut after) = path_at(&tokens, at);
                let path = [prefix, &names].concat();
                match group_after(&tokens, after) {
                    Some(group) => {
                        search(group, &path, found);
                        after += 3;
                    }
                    None => {
                        let is_macro =
                            is_punct(tokens.get(after), '!') && !is_punct(tokens.get(after + 1), '=');
                        let counts =
                            !prefix.is_empty() || names.len() > 1 || is_macro || names_item(&tokens, at);
                        if counts && begins_here(&tokens, at) {
                            found.push(TokenPath { path, line, is_macro });
                        }
                    }
                }
                at = after;
            }
            TokenTree::Group(group) => {
                search(group.stream(), &[], found);
                at += 1;
            }
            _ => at += 1,
        }
    }
}

/// The names from here on that are joined by `::`, and where the next token is.
fn path_at(tokens: &[TokenTree], start: usize) -> (Vec<String>, usize) {
    let (mut names, mut at) = (Vec::new(), start);
    while let Some(TokenTree::Ident(name)) = tokens.get(at) {
        names.push(name.to_string().trim_start_matches("r#").to_owned());
        at += 1;
        let goes_on = is_colons(tokens, at) && matches!(tokens.get(at + 2), Some(TokenTree::Ident(_)));
        if !goes_on {
            break;
        }
        at += 2;
    }
    (names, at)
}

/// What is in the braces after `::`.
fn group_after(tokens: &[TokenTree], at: usize) -> Option<TokenStream> {
    match tokens.get(at + 2) {
        Some(TokenTree::Group(group)) if is_colons(tokens, at) && group.delimiter() == Delimiter::Brace => {
            Some(group.stream())
        }
        _ => None,
    }
}

/// Whether a single name can only be that of an item.
fn names_item(tokens: &[TokenTree], at: usize) -> bool {
    let starts_with_capital = tokens[at].to_string().starts_with(char::is_uppercase);
    let is_called = matches!(
        tokens.get(at + 1),
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis
    );
    starts_with_capital || is_called
}

/// Whether the name is not a field, a method, a lifetime, a variable of a macro, a new function or the end of a longer
/// path.
fn begins_here(tokens: &[TokenTree], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).and_then(|at| tokens.get(at));
    match before(1) {
        Some(TokenTree::Punct(punct)) => match punct.as_char() {
            '.' => is_punct(before(2), '.'),
            '\'' => false,
            '$' => tokens[at].to_string() == "crate",
            ':' => !is_punct(before(2), ':'),
            _ => true,
        },
        Some(TokenTree::Ident(word)) => word != "fn",
        _ => true,
    }
}

fn is_colons(tokens: &[TokenTree], at: usize) -> bool {
    is_punct(tokens.get(at), ':') && is_punct(tokens.get(at + 1), ':')
}

fn is_punct(token: Option<&TokenTree>, wanted: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(tokens: &str) -> Vec<String> {
        let paths = paths(tokens.parse().unwrap());
        paths.iter().map(|it| it.path.join("::") + if it.is_macro { "!" } else { "" }).collect()
    }

    #[test]
    fn paths_are_found_in_any_grammar() {
        assert_eq!(found("\"{}\", crate::a::B, [super::c]"), ["crate::a::B", "super::c"]);
        assert_eq!(found("x = a::b() => { self::C {} }"), ["a::b", "self::C"]);
        assert_eq!(found("$crate::a::b!(x)"), ["crate::a::b!"]);
        assert_eq!(found("use crate::{a::B, c::{D, e}};"), ["crate::a::B", "crate::c::D", "crate::c::e"]);
        assert_eq!(found("r#mod::a, Vec::<B>::new(), 0..Max"), ["mod::a", "Vec", "B", "Max"]);
    }

    #[test]
    fn single_names_count_only_if_they_are_items() {
        assert_eq!(found("Live, load(x), live, x.load(), x.Load, fn load(), &'Live"), ["Live", "load"]);
        assert_eq!(found("$name::x, ::std::a, <A>::b, debug!(x), a != b"), ["A", "debug!"]);
    }

    #[test]
    fn lines_are_those_of_the_source() {
        let lines: Vec<_> = paths("a::b,\n\nc::d".parse().unwrap()).iter().map(|it| it.line).collect();
        assert_eq!(lines, [1, 3]);
    }

    #[test]
    fn texts_that_are_paths_are_found() {
        let tokens = "with = \"crate::iso\", rename = \"iso\", (x = \"super::a::b\"), y = \"a b::c\", z = 'c', \"a::b\"";
        let paths = paths_in_texts(tokens.parse().unwrap());
        let paths: Vec<_> = paths.iter().map(|it| it.path.join("::")).collect();
        assert_eq!(paths, ["crate::iso", "super::a::b"]);
    }
}
