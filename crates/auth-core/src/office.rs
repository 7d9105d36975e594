//! The two doors of a B2Core host.

use std::{fmt, str::FromStr};

/// Which part of the platform somebody signs in to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Office {
    /// The client's side, `/api/v2/my`: a wizard with two-factor methods and forced reset.
    Front,
    /// The staff's side, `/api/v2`: password, then an e-mailed code where it is demanded.
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

/// The text names no office.
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
