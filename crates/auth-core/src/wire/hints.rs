//! Guesses about the host's texts, all in one place.
//!
//! No document says with which status or body a host refuses a wrong password, a dead wizard or a locked account.
//! Where the status leaves it open, these words in the host's text decide. They are compared with the text in lower case, in
//! which `_` and `-` are blanks. A text in another language matches nothing; the refusal is then the ordinary one of its
//! endpoint, which keeps the step.

use crate::http::MAX_WAIT;
use std::time::Duration;

fn has_any(about: &str, words: &[&str]) -> bool {
    words.iter().any(|word| about.contains(word))
}

/// Too many attempts. The vendor's sample reason is "Too many login attempts", its documents say "exceed the allowed
/// number of sign-in attempts", its settings "Amount of Tries".
pub(super) fn says_locked_out(about: &str) -> bool {
    let attempts = has_any(about, &["attempt", "tries", "request", "login"]);
    (attempts && has_any(about, &["too many", "exceeded", "maximum number of", "limit reached"]))
        || has_any(
            about,
            &["temporarily blocked", "temporarily locked", "blocked for", "locked for", "throttl"],
        )
        || (has_any(about, &["blocked", "locked", "try again in"]) && wait(about).is_some())
        || (about.contains("locked") && about.contains("try again"))
}

/// The longest time that a text names, such as "10 minutes", at most a day, like every wait that a host asks for.
pub(super) fn wait(about: &str) -> Option<Duration> {
    let words: Vec<&str> =
        about.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let time = |pair: &[&str]| {
        let is_number = pair[0].bytes().all(|letter| letter.is_ascii_digit());
        let number: u64 = is_number.then(|| pair[0].parse().unwrap_or(u64::MAX))?;
        let unit = match pair[1] {
            unit if unit.starts_with("sec") => 1,
            unit if unit.starts_with("min") => 60,
            unit if unit.starts_with("hour") => 3600,
            _ => return None,
        };
        Some(Duration::from_secs(number.saturating_mul(unit)).min(MAX_WAIT))
    };
    words.windows(2).filter_map(time).max()
}

const OVER: [&str; 6] = ["expired", "not found", "timed out", "unknown", "start again", "no longer"];

/// The host has ended the wizard: its uuid is unknown, expired or used up.
pub(super) fn says_wizard_is_dead(about: &str) -> bool {
    has_any(about, &["uuid", "wizard"])
        || (has_any(about, &["session", "sign in", "signin", "login", "process", "workflow"])
            && has_any(about, &OVER))
}

/// The same at the credentials, where "login" and "sign in" are also words for the account.
pub(super) fn says_wizard_is_dead_at_credentials(about: &str) -> bool {
    has_any(about, &["uuid", "wizard"])
        || (has_any(about, &["session", "process", "workflow"]) && has_any(about, &OVER))
}

/// The text is about a code.
pub(super) fn is_about_code(about: &str) -> bool {
    has_any(about, &["code", "otp"])
}

/// The text is about who signs in.
pub(super) fn is_about_credentials(about: &str) -> bool {
    has_any(about, &["password", "credential", "user", "account", "client", "email", "e mail"])
}

/// The text is about a two-factor method.
pub(super) fn is_about_method(about: &str) -> bool {
    has_any(about, &["method", "provider", "sms", "phone", "authenticator"])
}

/// The back office's 2FA token has expired, as opposed to a wrong code.
pub(super) fn says_token_is_dead(about: &str) -> bool {
    about.contains("token") || says_wizard_is_dead(about)
}

/// A QR code or its authorization token has expired.
pub(super) fn says_expired(about: &str) -> bool {
    has_any(about, &["expired", "timed out", "no longer", "too late"])
}

/// A QR code or its authorization token was used before.
pub(super) fn says_used(about: &str) -> bool {
    has_any(about, &["already", "been used", "used before"])
}

/// A token is not known, which is what hosts also say of one that was used.
pub(super) fn says_unknown(about: &str) -> bool {
    has_any(about, &["unknown", "invalid", "not valid", "not found", "does not exist"])
}

/// reCAPTCHA was missing or refused.
pub(super) fn says_recaptcha(about: &str) -> bool {
    about.contains("captcha")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lock_outs_are_known_in_many_words() {
        for text in [
            "too many login attempts",
            "too many attempts",
            "you have exceeded the allowed number of sign in attempts",
            "sign in is blocked for 10 minutes",
            "maximum number of attempts reached. try again in 10 minutes.",
            "your account is temporarily blocked",
            "account locked, try again later",
            "amount of tries exceeded",
            "too many requests",
        ] {
            assert!(says_locked_out(text), "{text}");
        }
        for text in [
            "the password has too many repeated characters",
            "wrong e mail or password",
            "wrong code, try again",
            "open the app and try again in a moment",
            "your account is blocked",
        ] {
            assert!(!says_locked_out(text), "{text}");
        }
    }

    #[test]
    fn a_wait_is_read_out_of_a_text() {
        assert_eq!(wait("5 attempts in 1 minute; blocked for 10 minutes."), Some(Duration::from_secs(600)));
        assert_eq!(wait("try again in 58 seconds"), Some(Duration::from_secs(58)));
        for forever in ["18446744073709551615 seconds", "99999999999999999999 hours", "25 hours"] {
            assert_eq!(wait(&format!("try again in {forever}")), Some(MAX_WAIT), "{forever}");
        }
        assert_eq!(wait("try again later"), None);
    }
}
