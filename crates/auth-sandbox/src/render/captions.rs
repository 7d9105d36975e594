//! The names of the second factors in the client's language.

use crate::users::Method;

/// The languages the sandbox knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Language {
    #[default]
    English,
    German,
    Japanese,
}

impl Language {
    /// The best known language of an `Accept-Language` header; English if there is none.
    pub(crate) fn preferred(header: &str) -> Self {
        let mut best = (0.0, Self::English);
        for part in header.split(',') {
            let (tag, weight) = part.split_once(";q=").unwrap_or((part, "1"));
            let weight: f32 = weight.trim().parse().unwrap_or(0.0);
            let primary = tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
            let language = match primary.as_str() {
                "en" | "*" => Self::English,
                "de" => Self::German,
                "ja" => Self::Japanese,
                _ => continue,
            };
            if weight > best.0 {
                best = (weight, language);
            }
        }
        best.1
    }

    pub(crate) fn caption(self, method: Method) -> &'static str {
        match (self, method) {
            (Self::English, Method::Google) => "Google Authenticator",
            (Self::English, Method::Sms) => "SMS",
            (Self::German, Method::Google) => "Google-Authenticator-App",
            (Self::German, Method::Sms) => "SMS-Code",
            (Self::Japanese, Method::Google) => "Google 認証システム",
            (Self::Japanese, Method::Sms) => "SMS認証",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn the_heaviest_known_language_wins() {
        for (header, language) in [
            ("", Language::English),
            ("ja", Language::Japanese),
            ("fr, de-AT;q=0.7, en;q=0.3", Language::German),
            ("en;q=0.1,ja-JP;q=0.9", Language::Japanese),
            ("xx", Language::English),
        ] {
            assert_eq!(Language::preferred(header), language, "{header:?}");
        }
    }
}
