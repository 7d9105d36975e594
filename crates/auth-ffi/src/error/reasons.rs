//! Why, for the developer: what lies behind an error.

use crate::ports::Thrown;
use auth_client::{RequestError, ports::StoreError};
use auth_core::shown_as;
use std::error::Error;

/// What lies behind an error: for developers, in English, without secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct Reasons {
    /// One sentence for each cause, the nearest one first, such as `name not found: broker.example`. Empty if nothing is known.
    pub texts: Vec<String>,
    /// The number of what the app's own code threw, by which the layer finds it again. Null if it threw nothing.
    pub thrown: Option<i64>,
}

impl Reasons {
    /// What lies behind the error of a request.
    pub(super) fn of<E: Error + 'static>(failed: &RequestError<E>) -> Self {
        failed.source().map_or_else(Self::default, Self::beginning_with)
    }

    /// Why the store could not do it: its own words, and what lies behind them.
    pub(super) fn of_store(error: &StoreError) -> Self {
        Self::beginning_with(error)
    }

    fn beginning_with(error: &(dyn Error + 'static)) -> Self {
        let chain = std::iter::successors(Some(error), |&error| error.source());
        // A certificate that was refused may be quoted in it.
        let shown = |error: &dyn Error| error.to_string().chars().filter_map(shown_as).collect();
        Self { texts: chain.map(shown).collect(), thrown: Thrown::number_behind(error) }
    }
}
