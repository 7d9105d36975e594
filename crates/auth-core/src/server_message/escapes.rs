//! Undoing the escapes of URLs, of JSON and JavaScript, and of HTML, one layer at a time.

use super::pieces::{Pieces, Place};

/// The text without one layer of escapes; `None` if it has none.
pub(super) fn undone(pieces: &Pieces) -> Option<Pieces> {
    let chars = pieces.chars();
    if !chars.iter().any(|c| matches!(c, '%' | '\\' | '&')) {
        return None;
    }
    let mut undone = Pieces::with_capacity(chars.len());
    let (mut at, mut has_any) = (0, false);
    while at < chars.len() {
        let rest = &chars[at..];
        let escape = match rest[0] {
            '%' => in_url(rest),
            '\\' => in_json(rest),
            '&' => in_html(rest),
            _ => None,
        };
        let (c, length) = escape.unwrap_or((rest[0], 1));
        has_any |= escape.is_some();
        undone.put(c, place(pieces, at, length));
        at += length;
    }
    has_any.then_some(undone)
}

fn place(pieces: &Pieces, at: usize, length: usize) -> Place {
    pieces.places()[at].up_to(pieces.places()[at + length - 1])
}

/// The number that these characters are in hexadecimal digits.
fn hex(digits: &[char]) -> Option<u32> {
    let fits = (1..=6).contains(&digits.len());
    fits.then(|| digits.iter().try_fold(0, |sum, digit| Some(sum * 16 + digit.to_digit(16)?)))?
}

/// A character and the length of its escape.
type Escape = Option<(char, usize)>;

/// `%C3%A4`, of one character; `%E4` in the old encoding; `%u00E4` of JavaScript's.
fn in_url(rest: &[char]) -> Escape {
    if matches!(rest.get(1), Some('u' | 'U')) {
        return utf16(rest, 2, |rest| matches!(rest, ['%', 'u' | 'U', ..]));
    }
    let byte = |number: usize| {
        let digits = rest.get(number * 3..number * 3 + 3)?;
        (digits[0] == '%').then(|| hex(&digits[1..]))?.and_then(|byte| u8::try_from(byte).ok())
    };
    let first = byte(0)?;
    let length = match first {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 1,
    };
    let bytes: Option<Vec<u8>> = (0..length).map(byte).collect();
    let c = bytes.as_deref().and_then(|bytes| std::str::from_utf8(bytes).ok()?.chars().next());
    // One byte is one character there.
    Some(c.map_or((char::from(first), 3), |c| (c, length * 3)))
}

/// `\u00e4`, two of them for what lies beyond, `\u{e4}`, `\xe4`, `\n`, and a character with a backslash before it.
fn in_json(rest: &[char]) -> Escape {
    let &kind = rest.get(1)?;
    match kind {
        'u' | 'U' if rest.get(2) == Some(&'{') => {
            let end = rest.iter().take(10).position(|c| *c == '}')?;
            Some((char::from_u32(hex(&rest[3..end])?)?, end + 1))
        }
        'u' | 'U' => utf16(rest, 2, |rest| matches!(rest, ['\\', 'u' | 'U', ..])),
        'x' | 'X' => Some((char::from_u32(hex(rest.get(2..4)?)?)?, 4)),
        // In either case: a text in the other one is the same to whoever compares.
        'n' | 'r' | 't' | 'b' | 'f' | 'N' | 'R' | 'T' | 'B' | 'F' => Some((' ', 2)),
        '"' | '\'' | '/' | '\\' | '`' => Some((kind, 2)),
        _ => None,
    }
}

/// Four hexadecimal digits behind a head of this length, and four more if they are half of a character.
fn utf16(rest: &[char], head: usize, is_next: impl Fn(&[char]) -> bool) -> Escape {
    let length = head + 4;
    let unit = |at: usize| hex(rest.get(at + head..at + length)?).and_then(|unit| u16::try_from(unit).ok());
    let first = unit(0)?;
    if let Some(c) = char::from_u32(first.into()) {
        return Some((c, length));
    }
    let second = rest.get(length..).filter(|next| is_next(next)).and_then(|_| unit(length))?;
    let c = char::decode_utf16([first, second]).next()?.ok()?;
    Some((c, 2 * length))
}

/// `&#228;`, `&#xe4;`, `&auml;`. The semicolon of a number may be missing.
fn in_html(rest: &[char]) -> Escape {
    if rest.get(1) == Some(&'#') {
        let (radix, start) = if matches!(rest.get(2), Some('x' | 'X')) { (16, 3) } else { (10, 2) };
        // Any number of zeros may lead.
        let digits = rest[start..].iter().take(16).take_while(|c| c.is_digit(radix)).count();
        let number = rest[start..start + digits]
            .iter()
            .try_fold(0_u32, |sum, digit| sum.checked_mul(radix)?.checked_add(digit.to_digit(radix)?));
        let c = number.filter(|_| digits > 0).and_then(char::from_u32)?;
        let end = start + digits;
        return Some((c, end + usize::from(rest.get(end) == Some(&';'))));
    }
    let end = rest.iter().take(LONGEST_NAME + 2).position(|c| *c == ';')?;
    let name: String = rest[1..end].iter().collect();
    named(&name).map(|c| (c, end + 1))
}

const LONGEST_NAME: usize = 6;

/// The characters that languages escape by name: what HTML needs, what ASCII has beside letters and digits, and Latin-1, which
/// PHP's `htmlentities` writes so.
fn named(name: &str) -> Option<char> {
    let at = |names: &str, first: u32, name: &str| {
        let number = names.split(' ').position(|known| known == name)?;
        char::from_u32(first + u32::try_from(number).ok()?)
    };
    let found = NAMED.iter().find(|(known, _)| *known == name).map(|(_, c)| *c);
    // In these the case tells a letter from another; in the others it does not.
    found.or_else(|| at(LATIN_1, 0xa0, name)).or_else(|| {
        let lower = name.to_ascii_lowercase();
        NAMED.iter().find(|(known, _)| *known == lower).map(|(_, c)| *c).or_else(|| at(LATIN_1, 0xa0, &lower))
    })
}

const NAMED: [(&str, char); 36] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("excl", '!'),
    ("num", '#'),
    ("dollar", '$'),
    ("percnt", '%'),
    ("lpar", '('),
    ("rpar", ')'),
    ("ast", '*'),
    ("plus", '+'),
    ("comma", ','),
    ("period", '.'),
    ("sol", '/'),
    ("colon", ':'),
    ("semi", ';'),
    ("equals", '='),
    ("quest", '?'),
    ("commat", '@'),
    ("lsqb", '['),
    ("lbrack", '['),
    ("bsol", '\\'),
    ("rsqb", ']'),
    ("rbrack", ']'),
    ("hat", '^'),
    ("lowbar", '_'),
    ("grave", '`'),
    ("lcub", '{'),
    ("verbar", '|'),
    ("vert", '|'),
    ("rcub", '}'),
    ("tilde", '~'),
    ("zwj", '\u{200d}'),
    ("zwnj", '\u{200c}'),
];

/// From U+00A0 on.
const LATIN_1: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute \
    micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute \
    Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN \
    szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute \
    ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";

#[cfg(test)]
mod tests {
    use super::*;

    fn once(text: &str) -> Option<String> {
        undone(&Pieces::of(text)).map(|pieces| pieces.chars().iter().collect())
    }

    #[test]
    fn each_escape_is_its_character() {
        for (escaped, plain) in [
            ("p%C3%A4%2f%2F", "pä//"),
            ("%E4x%F0%9F%98%80%80", "äx😀 "),
            ("%u00e4%uD83D%uDE00", "ä😀"),
            (r#"\u00E4\ud83d\ude00\u{1F600}\xe4\/\"\\n"#, "ä😀😀ä/\"\\n"),
            (r"a\tb", "a b"),
            ("&#39;&#x27;&#x0000027&#39x&apos;&lt;&AMP;&amp;amp;", "''''x'<&&amp;"),
            ("&auml;&Auml;&yuml;&nbsp;&szlig;&sol;", "äÄÿ\u{a0}ß/"),
            ("a&shy;b&#8203;c%E2%80%8B", "abc"),
        ] {
            // The blank that one of them is stands for a control character.
            assert_eq!(once(escaped).as_deref(), Some(plain), "{escaped}");
        }
        for plain in [
            "a",
            "100%",
            "%zz",
            "%4",
            "&",
            "&&;",
            "&#;",
            "&#x;",
            "&nothing;",
            r"\q",
            r"\u12",
            r"\ud83d",
            "\\",
            "&#1114112;",
        ] {
            assert_eq!(once(plain), None, "{plain}");
        }
    }

    #[test]
    fn what_was_escaped_knows_its_place() {
        let undone = undone(&Pieces::of("x&amp;%C3%A4y")).unwrap();
        let places: Vec<_> = undone.places().iter().map(|place| (place.from, place.to)).collect();
        assert_eq!(places, [(0, 1), (1, 6), (6, 12), (12, 13)]);
    }
}
