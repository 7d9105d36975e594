//! What a sign-in leads to, by the dialect and the user.

use super::choices::SingleTwoFactor;
use super::settings::Dialect;
use crate::users::Method;

/// What follows right credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Tokens,
    Code(Method),
    Choose,
    ResetCode,
    Unknown,
}

impl Dialect {
    /// What follows right credentials for a user with these second factors.
    pub(crate) fn after_credentials(&self, methods: &[Method], force_reset: bool) -> Next {
        match methods {
            _ if self.unknown_workflow.is_some() => Next::Unknown,
            _ if force_reset => Next::ResetCode,
            [] => Next::Tokens,
            [only] if self.single_2fa == SingleTwoFactor::Direct => Next::Code(*only),
            _ => Next::Choose,
        }
    }
}
