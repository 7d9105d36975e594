//! The secret that steering takes where others than this machine can reach the sandbox.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;

/// The shortest token that may be given.
const SHORTEST: usize = 16;
/// What a token of our own begins with, so that it is known again.
const MARK: &str = "sandbox-";

/// A token that is too short, or has blanks at its ends, control characters or others than ASCII.
#[derive(Debug)]
pub(crate) struct BadToken;

/// One token, and what is needed to compare with it in a time that tells nothing.
pub(crate) struct SteeringToken {
    text: String,
    key: hmac::Key,
    tag: hmac::Tag,
}

impl SteeringToken {
    /// A token that somebody has chosen.
    pub(crate) fn new(text: &str) -> Result<Self, BadToken> {
        let is_plain =
            text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) && text == text.trim();
        if text.len() < SHORTEST || !is_plain {
            return Err(BadToken);
        }
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_| BadToken)?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, &bytes);
        let tag = hmac::sign(&key, text.as_bytes());
        Ok(Self { text: text.to_owned(), key, tag })
    }

    /// A random one.
    pub(crate) fn fresh() -> Result<Self, BadToken> {
        let mut bytes = [0; 24];
        getrandom::fill(&mut bytes).map_err(|_| BadToken)?;
        Self::new(&format!("{MARK}{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether this is the token. How much of it is right cannot be told from the time it takes.
    pub(crate) fn is(&self, given: &str) -> bool {
        hmac::verify(&self.key, given.as_bytes(), self.tag.as_ref()).is_ok()
    }
}

impl fmt::Debug for SteeringToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SteeringToken(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::SteeringToken;

    #[test]
    fn a_fresh_token_is_long_and_another_one_each_time() {
        let [one, other] = [(); 2].map(|()| SteeringToken::fresh().unwrap());
        assert!(one.is(one.text()) && !one.is(other.text()) && one.text().len() == 40);
        assert_eq!(format!("{one:?}"), "SteeringToken(..)");
    }

    #[test]
    fn tokens_that_a_header_cannot_carry_are_refused() {
        for bad in ["", "fifteen letters", " 16 with a blank", "sixteen letters\n", "sechzehn Bücher!"] {
            assert!(SteeringToken::new(bad).is_err(), "{bad:?}");
        }
        assert!(SteeringToken::new("sixteen letters.").is_ok());
    }
}
