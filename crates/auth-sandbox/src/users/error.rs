//! What can be wrong with a users file.

/// What is wrong with a users file, and where. Never quotes a value, because passwords stand in the same file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UsersError {
    /// The text is not TOML.
    #[error("line {line}: not valid TOML")]
    Syntax {
        /// The line, counted from 1.
        line: usize,
    },
    /// A field or table that the file may not have.
    #[error("line {line}: unknown field `{field}`")]
    UnknownField {
        /// The line, counted from 1.
        line: usize,
        /// The field's name.
        field: String,
    },
    /// A user lacks a field.
    #[error("line {line}: the user has no `{field}`")]
    MissingField {
        /// The line of the user, counted from 1.
        line: usize,
        /// The field's name.
        field: &'static str,
    },
    /// A field has a value it cannot have.
    #[error("line {line}: `{field}` must be {expected}")]
    BadField {
        /// The line, counted from 1.
        line: usize,
        /// The field's name.
        field: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// Two users of one office have the same e-mail (letter case does not matter).
    #[error("line {line}: another user of this office has the e-mail {email}")]
    DuplicateEmail {
        /// The line of the second user, counted from 1.
        line: usize,
        /// The e-mail.
        email: String,
    },
    /// Two users of one office have the same client id.
    #[error("line {line}: another user of this office has the client id {client_id}")]
    DuplicateClientId {
        /// The line of the second user, counted from 1.
        line: usize,
        /// The id.
        client_id: u64,
    },
    /// The file has no user.
    #[error("the file has no [[user]]")]
    NoUsers,
    /// No random numbers for a salt or secret.
    #[error("the system has no random numbers")]
    Random,
}
