//! The two offices of a B2Core host.

use std::{fmt, str::FromStr};

/// Which part of the platform somebody signs in to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Office {
    /// For clients, `/api/v2/my`: a wizard with two-factor methods and forced password reset.
    Front,
    /// For staff, `/api/v2`: a password, then an e-mailed code if the host demands it.
    Back,
}

impl Office {
    /// `front` or `back`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Front => "front",
            Self::Back => "back",
        }
    }
}

impl fmt::Display for Office {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is not the name of an office.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an office is front or back")]
pub struct UnknownOffice;

impl FromStr for Office {
    type Err = UnknownOffice;

    fn from_str(text: &str) -> Result<Self, UnknownOffice> {
        match text {
            "front" => Ok(Self::Front),
            "back" => Ok(Self::Back),
            _ => Err(UnknownOffice),
        }
    }
}
