//! Which characters of a text from outside are shown, and how the others are written where they must not be lost.

use std::{borrow::Cow, fmt::Write};

/// What is shown in place of a character of a text that somebody else wrote: the character itself, a blank, or nothing.
///
/// A blank stands for control characters and for the separators of lines and paragraphs, so that a text stays one line. What cannot be
/// seen is left out: the format characters (direction, joiners, byte order marks, tags, interlinear marks), the other characters
/// that Unicode has programs ignore where they do not know them (fillers, selectors of variants), noncharacters, and private use, of
/// which nobody knows what it looks like. Joined emoji come apart by it, and Persian loses its narrow breaks; both stay readable.
///
/// Characters that no version of Unicode has given a meaning are left as they are.
pub fn shown_as(c: char) -> Option<char> {
    match c {
        ' '..='~' => Some(c),
        '\u{2028}' | '\u{2029}' => Some(' '),
        _ if c.is_control() => Some(' '),
        _ if is_unseen(c) => None,
        _ => Some(c),
    }
}

/// A text in which each character that [`shown_as`] does not show as it is has its escape of JSON, such as `\\u202e` or `\\n`: for what a
/// person has to find again, such as a path. In JSON it means the same as before.
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| shown_as(c) == Some(c)) {
        return Cow::Borrowed(text);
    }
    let mut visible = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => visible.push_str("\\n"),
            '\r' => visible.push_str("\\r"),
            '\t' => visible.push_str("\\t"),
            c if shown_as(c) == Some(c) => visible.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _infallible = write!(visible, "\\u{unit:04x}");
                }
            }
        }
    }
    Cow::Owned(visible)
}

/// The categories Cf and Co, the property Default_Ignorable_Code_Point, and the noncharacters.
fn is_unseen(c: char) -> bool {
    let is_last_of_plane = u32::from(c) & 0xfffe == 0xfffe;
    is_last_of_plane
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
            | '\u{890}' | '\u{891}' | '\u{8e2}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}' | '\u{f0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use icu_properties::{
        CodePointMapData, CodePointSetData,
        props::{DefaultIgnorableCodePoint, GeneralCategory, NoncharacterCodePoint},
    };

    #[test]
    fn all_of_unicode_is_shown_by_its_category() {
        let categories = CodePointMapData::<GeneralCategory>::new();
        let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
        let no_characters = CodePointSetData::new::<NoncharacterCodePoint>();
        let mut wrong = Vec::new();
        let mut counts = [0; 3];
        for c in '\0'..=char::MAX {
            let expected = match categories.get(c) {
                GeneralCategory::Control
                | GeneralCategory::LineSeparator
                | GeneralCategory::ParagraphSeparator => Some(' '),
                GeneralCategory::Format | GeneralCategory::PrivateUse => None,
                _ if ignorable.contains(c) || no_characters.contains(c) => None,
                _ => Some(c),
            };
            counts[match expected {
                None => 0,
                Some(' ') => 1,
                Some(_) => 2,
            }] += 1;
            if shown_as(c) != expected {
                wrong.push(format!("{:04x}", u32::from(c)));
            }
        }
        assert!(wrong.is_empty(), "{wrong:?}");
        // The tables were there: 65 control characters, two separators and the blank.
        assert_eq!(counts[1], 68);
        assert!(counts[0] > 140_000 && counts[2] > 900_000, "{counts:?}");
    }

    #[test]
    fn what_is_not_shown_can_be_found_again() {
        assert_eq!(visible("/tmp/ä b\\n"), "/tmp/ä b\\n");
        assert_eq!(visible("a\u{1b}]0;x\u{7}\r\n\tb"), "a\\u001b]0;x\\u0007\\r\\n\\tb");
        let text = "\u{202e}\u{2028}\u{e0041}\u{9b}";
        let json = serde_json::to_string(text).unwrap();
        let shown = visible(&json);
        assert_eq!(shown, r#""\u202e\u2028\udb40\udc41\u009b""#);
        assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), text);
    }
}
