//! The user's input, checked before anything is sent: what cannot be right costs no attempt.

use crate::secret::OneTimeCode;
use zeroize::Zeroizing;

/// What is wrong with the user's input.
///
/// `Display` is [for developers](crate#texts-for-people-and-texts-for-developers).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InputProblem {
    /// The e-mail is empty.
    #[error("an e-mail address is needed")]
    EmailNeeded,
    /// The text does not have the form of an e-mail address.
    #[error("this is no e-mail address")]
    NoEmail,
    /// The password is empty.
    #[error("a password is needed")]
    PasswordNeeded,
    /// The new password is empty.
    #[error("a new password is needed")]
    NewPasswordNeeded,
    /// The code is empty.
    #[error("a code is needed")]
    CodeNeeded,
    /// The code has characters that are not digits, or more than 64 of them.
    #[error("a code has digits only")]
    CodeNotDigits,
    /// The code has characters that are neither letters nor digits, or more than 64 of them.
    #[error("a code has letters and digits only")]
    CodeNotLettersOrDigits,
}

impl InputProblem {
    /// A stable name for programs, within the kind `invalid_input`.
    pub fn kind(self) -> &'static str {
        match self {
            Self::EmailNeeded => "email_needed",
            Self::NoEmail => "no_email",
            Self::PasswordNeeded => "password_needed",
            Self::NewPasswordNeeded => "new_password_needed",
            Self::CodeNeeded => "code_needed",
            Self::CodeNotDigits => "code_not_digits",
            Self::CodeNotLettersOrDigits => "code_not_letters_or_digits",
        }
    }
}

/// What a code may be made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CodeAlphabet {
    /// ASCII digits: authenticator apps and SMS.
    Digits,
    /// ASCII letters and digits: e-mailed codes.
    LettersAndDigits,
}

impl CodeAlphabet {
    fn has(self, c: char) -> bool {
        match self {
            Self::Digits => c.is_ascii_digit(),
            Self::LettersAndDigits => c.is_ascii_alphanumeric(),
        }
    }

    /// What is wrong with a code that has other characters, or too many.
    fn problem(self) -> InputProblem {
        match self {
            Self::Digits => InputProblem::CodeNotDigits,
            Self::LettersAndDigits => InputProblem::CodeNotLettersOrDigits,
        }
    }
}

/// Documented codes have six characters. Hosts may differ, so every length up to this one is sent.
const MAX_CODE_LENGTH: usize = 64;

/// The code as it is sent: without blanks and dashes.
pub(super) fn clean_code(
    code: &OneTimeCode,
    alphabet: CodeAlphabet,
) -> Result<Zeroizing<String>, InputProblem> {
    let typed = code.expose();
    // With capacity for all of it: a `String` that grows leaves a copy behind.
    let mut code = Zeroizing::new(String::with_capacity(typed.len()));
    code.extend(typed.chars().filter(|c| !c.is_whitespace() && *c != '-'));
    match code.len() {
        0 => Err(InputProblem::CodeNeeded),
        1..=MAX_CODE_LENGTH if code.chars().all(|c| alphabet.has(c)) => Ok(code),
        _ => Err(alphabet.problem()),
    }
}
