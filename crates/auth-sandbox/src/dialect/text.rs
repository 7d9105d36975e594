//! Dialects as text: `tutorial` or `reference,no_token=array,errors=laravel`.

use std::fmt;
use std::str::FromStr;

use super::{
    Cookies, Dates, Dialect, Encoding, ErrorShape, Extra, FinalStatus, FinalWorkflow, NoToken, Providers,
    RefreshToken, SingleTwoFactor, TokenShape, UuidPolicy, WizardDone, WizardMethod,
};

/// Why a text is no dialect.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DialectError {
    /// There is no preset of this name.
    #[error("no dialect is called {name:?}; there are {}", Dialect::PRESETS.join(", "))]
    UnknownPreset {
        /// The name given.
        name: String,
    },
    /// A preset after the first place would undo what stands before it.
    #[error("the dialect {name:?} must stand first")]
    PresetNotFirst {
        /// The name given.
        name: String,
    },
    /// There is no switch of this name.
    #[error("no dialect switch is called {key:?}")]
    UnknownSwitch {
        /// The name given.
        key: String,
    },
    /// The switch cannot have this value.
    #[error("{key} cannot be {value:?}; it can be {allowed}")]
    BadValue {
        /// The switch.
        key: &'static str,
        /// The value given.
        value: String,
        /// What it can be.
        allowed: String,
    },
}

/// Calls `$do!(key, field, type)` for every switch with a fixed set of values.
macro_rules! each_switch {
    ($do:ident) => {
        $do!("no_token", no_token, NoToken);
        $do!("final_workflow", final_workflow, FinalWorkflow);
        $do!("refresh_shape", refresh_shape, TokenShape);
        $do!("back_tokens", back_tokens, TokenShape);
        $do!("errors", errors, ErrorShape);
        $do!("http_status", http_status, FinalStatus);
        $do!("wizard_done", wizard_done, WizardDone);
        $do!("providers", providers, Providers);
        $do!("single_2fa", single_2fa, SingleTwoFactor);
        $do!("uuid", uuid, UuidPolicy);
        $do!("extra", extra, Extra);
        $do!("wizard_method", wizard_method, WizardMethod);
        $do!("dates", dates, Dates);
        $do!("refresh_token", refresh_token, RefreshToken);
        $do!("encoding", encoding, Encoding);
        $do!("cookies", cookies, Cookies);
    };
}

const UNKNOWN_WORKFLOW: &str = "unknown_workflow";

impl Dialect {
    /// Sets one switch by its name, as in `errors=laravel`.
    ///
    /// # Errors
    /// When there is no such switch or it cannot have this value.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), DialectError> {
        macro_rules! set {
            ($key:literal, $field:ident, $kind:ident) => {
                if key == $key {
                    self.$field = $kind::from_name(value).ok_or_else(|| DialectError::BadValue {
                        key: $key,
                        value: value.to_owned(),
                        allowed: $kind::ALL.iter().map(|one| one.name()).collect::<Vec<_>>().join(", "),
                    })?;
                    return Ok(());
                }
            };
        }
        each_switch!(set);
        if key == UNKNOWN_WORKFLOW {
            if value.is_empty() {
                return Err(DialectError::BadValue {
                    key: UNKNOWN_WORKFLOW,
                    value: String::new(),
                    allowed: "any name".to_owned(),
                });
            }
            self.unknown_workflow = Some(value.to_owned());
            return Ok(());
        }
        Err(DialectError::UnknownSwitch { key: key.to_owned() })
    }
}

impl FromStr for Dialect {
    type Err = DialectError;

    /// Reads an optional preset followed by any switches, separated by commas.
    fn from_str(text: &str) -> Result<Self, DialectError> {
        let mut dialect = Self::default();
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        for (place, part) in parts.enumerate() {
            match part.split_once('=') {
                Some((key, value)) => dialect.set(key.trim(), value.trim())?,
                None if place == 0 => dialect = Self::preset(part)?,
                None => return Err(DialectError::PresetNotFirst { name: part.to_owned() }),
            }
        }
        Ok(dialect)
    }
}

impl fmt::Display for Dialect {
    /// Writes every switch, so that the text reads back as the same dialect.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        macro_rules! show {
            ($key:literal, $field:ident, $kind:ident) => {
                parts.push(format!("{}={}", $key, self.$field.name()));
            };
        }
        each_switch!(show);
        if let Some(workflow) = &self.unknown_workflow {
            parts.push(format!("{UNKNOWN_WORKFLOW}={workflow}"));
        }
        f.write_str(&parts.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_reads_back() {
        for name in Dialect::PRESETS {
            let dialect = Dialect::preset(name).unwrap();
            assert_eq!(dialect.to_string().parse::<Dialect>().unwrap(), dialect, "{name}");
        }
    }

    #[test]
    fn switches_follow_the_preset() {
        let dialect: Dialect = "tutorial, no_token=array,unknown_workflow=2fa_email_auth".parse().unwrap();
        assert_eq!(dialect.no_token, NoToken::Array);
        assert_eq!(dialect.final_workflow, FinalWorkflow::Terminate);
        assert_eq!(dialect.unknown_workflow.as_deref(), Some("2fa_email_auth"));
        assert_eq!("".parse::<Dialect>().unwrap(), Dialect::default());
    }

    #[test]
    fn mistakes_are_named() {
        let error = |text: &str| text.parse::<Dialect>().unwrap_err().to_string();
        assert_eq!(
            error("french"),
            "no dialect is called \"french\"; there are reference, tutorial, laravel, legacy"
        );
        assert_eq!(error("uuid=keep,legacy"), "the dialect \"legacy\" must stand first");
        assert_eq!(error("colour=red"), "no dialect switch is called \"colour\"");
        assert_eq!(error("uuid=red"), "uuid cannot be \"red\"; it can be keep, rotate");
        assert!(error("unknown_workflow=").contains("unknown_workflow"));
    }
}
