//! What the page says, in each of its languages.

use serde_json::{Map, Value};

/// The languages, by their tags; the first is the default.
pub(super) const LANGUAGES: [(&str, &str); 3] = [
    ("en", include_str!("../../../page/texts/en.json")),
    ("de", include_str!("../../../page/texts/de.json")),
    ("es", include_str!("../../../page/texts/es.json")),
];

/// The texts of a language. Empty only if the file were broken, which a test excludes.
pub(super) fn texts(language: &str) -> Map<String, Value> {
    let known = LANGUAGES.iter().find(|(tag, _)| *tag == language).unwrap_or(&LANGUAGES[0]);
    serde_json::from_str(known.1).unwrap_or_default()
}

/// The language that was asked for by its tag, or else the best known one of an `Accept-Language` header.
pub(super) fn chosen(asked: Option<&str>, header: &str) -> &'static str {
    let known = |tag: &str| {
        let primary = tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
        LANGUAGES.iter().map(|(tag, _)| *tag).find(|tag| *tag == primary)
    };
    if let Some(language) = asked.and_then(known) {
        return language;
    }
    let mut best = (0.0, LANGUAGES[0].0);
    for part in header.split(',') {
        let (tag, weight) = part.split_once(";q=").unwrap_or((part, "1"));
        let weight: f32 = weight.trim().parse().unwrap_or(0.0);
        if let Some(language) = known(tag).filter(|_| weight > best.0) {
            best = (weight, language);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_the_same_texts_with_the_same_gaps() {
        let gaps = |text: &Value| {
            let text = text.as_str().unwrap();
            assert!(!text.trim().is_empty());
            let mut gaps: Vec<String> =
                text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap().to_owned()).collect();
            gaps.sort();
            gaps
        };
        let shape = |language: &str| {
            let texts = texts(language);
            texts.iter().map(|(key, text)| (key.clone(), gaps(text))).collect::<Vec<_>>()
        };
        let english = shape("en");
        assert!(english.len() > 30, "{english:?}");
        for (language, _) in LANGUAGES {
            assert_eq!(shape(language), english, "{language}");
        }
    }

    #[test]
    fn every_text_is_used() {
        let script = include_str!("../../../page/page.js");
        let page = include_str!("../../../page/index.html");
        for key in texts("en").keys() {
            let used = script.contains(&format!("\"{key}\"")) || page.contains(&format!("{{{{{key}}}}}"));
            assert!(used, "{key}");
        }
    }

    #[test]
    fn the_wish_wins_over_the_header() {
        for (asked, header, language) in [
            (None, "", "en"),
            (None, "fr, es-MX;q=0.7, de;q=0.3", "es"),
            (None, "de-AT", "de"),
            (Some("de"), "es", "de"),
            (Some("xx"), "es", "es"),
        ] {
            assert_eq!(chosen(asked, header), language, "{asked:?} {header:?}");
        }
    }
}
