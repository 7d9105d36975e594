//! What an app's own code threw, as it is carried through this library.

use std::{error::Error, fmt};

/// An error or exception of the app's own. It stays on the app's side, in a table, and is known here by its number; so that nothing here
/// can print it. Whoever gets the error finds the number in its chain of sources, and takes the exception out of the table.
#[derive(Debug)]
pub(crate) struct Thrown {
    port: &'static str,
    number: i64,
}

impl Thrown {
    /// Whether the code of the app that implements this port said what it threw.
    pub(crate) fn by(port: &'static str, number: Option<i64>) -> Option<Self> {
        number.map(|number| Self { port, number })
    }

    /// The number of what was thrown, if it is behind this error.
    pub(crate) fn number_behind(error: &(dyn Error + 'static)) -> Option<i64> {
        let mut chain = std::iter::successors(Some(error), |&error| error.source());
        chain.find_map(|error| error.downcast_ref::<Self>()).map(|thrown| thrown.number)
    }
}

impl fmt::Display for Thrown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the app's own {} failed", self.port)
    }
}

impl Error for Thrown {}
