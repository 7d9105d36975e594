//! The account that records belong to.

use crate::{Host, Office, shown_as};
use std::{fmt, str::FromStr, sync::Arc};

/// A name for one of several accounts kept side by side, such as `default` or `bot-eu`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Profile(Arc<str>);

impl Profile {
    /// The profile's name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Profile {
    fn default() -> Self {
        Self("default".into())
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is not the name of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a profile name has 1 to 64 letters, digits, dots, dashes, underscores or @ signs")]
pub struct ProfileError;

impl FromStr for Profile {
    type Err = ProfileError;

    fn from_str(text: &str) -> Result<Self, ProfileError> {
        let is_letter = |c: char| c.is_alphanumeric() && shown_as(c) == Some(c);
        let fits = |c: char| is_letter(c) || matches!(c, '.' | '-' | '_' | '@');
        if text.is_empty() || text.chars().count() > 64 || !text.chars().all(fits) {
            return Err(ProfileError);
        }
        Ok(Self(text.into()))
    }
}

/// The key of an account in a store: profile, host and office.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AccountKey {
    /// The profile's name.
    pub profile: Profile,
    /// The host of the account.
    pub host: Host,
    /// The office it signs in to.
    pub office: Office,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked() {
        for good in ["default", "bot-eu_2", "ann@example.com"] {
            assert_eq!(good.parse::<Profile>().unwrap().as_str(), good);
        }
        for bad in ["", "a b", "a/b", "a\n", "a\u{3164}", &"x".repeat(65)] {
            assert!(bad.parse::<Profile>().is_err(), "{bad:?}");
        }
    }
}
