//! Guesses, in one place.
//!
//! No document says with which status or body a host refuses a wrong password, a dead wizard or a locked account.
//! Where the status leaves it open, these words in the host's text decide; they are tried in lower case. A text in
//! another language matches nothing, and the refusal then counts as the ordinary one of its endpoint, which keeps
//! the step.

use crate::ServerText;

/// The vendor's sample reason for a block is "Too many login attempts".
pub(super) fn says_locked_out(said: &ServerText) -> bool {
    said.mentions(&["too many"])
}

/// The sign-in itself is over: its uuid is unknown, expired or spent.
pub(super) fn says_wizard_is_dead(said: &ServerText) -> bool {
    said.mentions(&[
        "uuid",
        "wizard",
        "authentication session",
        "session expired",
        "session has expired",
        "session not found",
    ])
}

/// The back office's 2FA token is over, as opposed to the code being wrong.
pub(super) fn says_token_is_dead(said: &ServerText) -> bool {
    said.mentions(&["token"])
}

/// reCAPTCHA was missing or refused.
pub(super) fn says_recaptcha(said: &ServerText) -> bool {
    said.mentions(&["recaptcha", "captcha"])
}
