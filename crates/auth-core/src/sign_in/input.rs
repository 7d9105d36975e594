//! Input that cannot be right, found before anything is sent.

/// What is wrong with the user's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InputProblem {
    /// The e-mail is empty.
    #[error("an e-mail address is needed")]
    EmailNeeded,
    /// The text has not the form of an e-mail address.
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
    /// The code has other characters than digits, or far too many.
    #[error("a code has digits only")]
    CodeNotDigits,
    /// The code has other characters than letters and digits, or far too many.
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
