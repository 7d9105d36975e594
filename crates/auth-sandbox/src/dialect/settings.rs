//! The switches of a dialect.

use super::choices::{
    Cookies, Dates, Encoding, ErrorShape, Extra, FinalStatus, FinalWorkflow, NoToken, Providers,
    RefreshToken, SingleTwoFactor, TokenShape, UuidPolicy, WizardDone, WizardMethod,
};

/// How the sandbox speaks. Starts as a preset; every field can then be set by itself.
///
/// ```
/// use auth_sandbox::{Dialect, ErrorShape, NoToken};
///
/// let mut dialect = Dialect::preset("tutorial")?;
/// dialect.errors = ErrorShape::Laravel;
/// assert_eq!(dialect, "tutorial,errors=laravel".parse()?);
/// assert_eq!(dialect.no_token, NoToken::Null);
/// # Ok::<(), auth_sandbox::DialectError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dialect {
    /// What stands in the place of a token that is not given out yet.
    pub no_token: NoToken,
    /// The workflow of an answer that carries tokens.
    pub final_workflow: FinalWorkflow,
    /// Where the tokens of a refresh stand, in both offices.
    pub refresh_shape: TokenShape,
    /// Where the tokens of a back-office sign-in stand.
    pub back_tokens: TokenShape,
    /// How a refusal is written.
    pub errors: ErrorShape,
    /// The HTTP status of answers whose body says `code: 202`.
    pub http_status: FinalStatus,
    /// What the start of a wizard says of itself.
    pub wizard_done: WizardDone,
    /// How `tfaProviders` is filled.
    pub providers: Providers,
    /// The sign-in answer for a user with one second factor.
    pub single_2fa: SingleTwoFactor,
    /// Whether a wizard's uuid changes.
    pub uuid: UuidPolicy,
    /// Whether answers have things that no document knows.
    pub extra: Extra,
    /// By which method a wizard is opened.
    pub wizard_method: WizardMethod,
    /// How the dates of tokens are written.
    pub dates: Dates,
    /// What a refresh gives instead of a new refresh token.
    pub refresh_token: RefreshToken,
    /// In which encoding refusals are written.
    pub encoding: Encoding,
    /// Whether the host depends on cookies.
    pub cookies: Cookies,
    /// A workflow that every front-office sign-in answers with instead of its own. The sign-in ends there: the sandbox
    /// has no endpoint for it.
    pub unknown_workflow: Option<String>,
}
