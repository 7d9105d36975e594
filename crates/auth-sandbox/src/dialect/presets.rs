//! Named dialects.

use super::{
    Cookies, Dates, Dialect, DialectError, Encoding, ErrorShape, Extra, FinalStatus, FinalWorkflow, NoToken,
    Providers, RefreshToken, SingleTwoFactor, TokenShape, UuidPolicy, WizardDone, WizardMethod,
};

impl Dialect {
    /// The names that [`Dialect::preset`] knows.
    pub const PRESETS: [&str; 4] = ["reference", "tutorial", "laravel", "legacy"];

    /// A dialect by name.
    ///
    /// - `reference`: the vendor's reference pages; the default
    /// - `tutorial`: the vendor's sign-in tutorial
    /// - `laravel`: a host that shows its framework: empty arrays, its validation errors, tokens under `data`
    /// - `legacy`: older pages and clients: a wizard done at its start, errors inside HTTP 200, a method always chosen
    ///
    /// # Errors
    /// When there is no such name.
    pub fn preset(name: &str) -> Result<Self, DialectError> {
        match name {
            "reference" => Ok(Self::reference()),
            "tutorial" => Ok(Self {
                no_token: NoToken::Null,
                final_workflow: FinalWorkflow::Terminate,
                providers: Providers::Empty,
                ..Self::reference()
            }),
            "laravel" => Ok(Self {
                no_token: NoToken::Array,
                final_workflow: FinalWorkflow::LowerTerminate,
                refresh_shape: TokenShape::Data,
                errors: ErrorShape::Laravel,
                ..Self::reference()
            }),
            "legacy" => Ok(Self {
                no_token: NoToken::Missing,
                refresh_shape: TokenShape::Data,
                back_tokens: TokenShape::Data,
                errors: ErrorShape::V1,
                wizard_done: WizardDone::Yes,
                single_2fa: SingleTwoFactor::List,
                ..Self::reference()
            }),
            _ => Err(DialectError::UnknownPreset { name: name.to_owned() }),
        }
    }

    fn reference() -> Self {
        Self {
            no_token: NoToken::Object,
            final_workflow: FinalWorkflow::Login,
            refresh_shape: TokenShape::Top,
            back_tokens: TokenShape::Top,
            errors: ErrorShape::Envelope,
            http_status: FinalStatus::Ok,
            wizard_done: WizardDone::No,
            providers: Providers::Full,
            single_2fa: SingleTwoFactor::Direct,
            uuid: UuidPolicy::Keep,
            extra: Extra::Off,
            wizard_method: WizardMethod::Both,
            dates: Dates::Iso,
            refresh_token: RefreshToken::New,
            encoding: Encoding::Utf8,
            cookies: Cookies::Unused,
            unknown_workflow: None,
        }
    }
}

impl Default for Dialect {
    fn default() -> Self {
        Self::reference()
    }
}
