//! One scripted misbehaviour.

use super::{Act, Endpoint, Spot};
use crate::users::Office;

/// Something that goes wrong: where, how, from which request on and how often.
///
/// As text it is `[OFFICE/]ENDPOINT:ACT[=VALUE][,OPTION=VALUE]...`; the crate's README lists the words.
///
/// ```
/// use auth_sandbox::{Act, Endpoint, Fault, Office, Sandbox};
///
/// let fault = Fault::at(Endpoint::Refresh, Act::drop_after()).office(Office::Front).times(1);
/// assert_eq!(fault.to_string(), "front/refresh:drop=after,times=1");
/// assert_eq!(fault, "front/refresh:drop=after,times=1".parse()?);
///
/// let sandbox = Sandbox::start()?;
/// sandbox.fault(fault);
/// sandbox.fault(Fault::anywhere(Act::status(503)).after(10));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub(super) endpoint: Option<Endpoint>,
    pub(super) office: Option<Office>,
    pub(super) act: Act,
    pub(super) times: Option<u64>,
    pub(super) after: u64,
}

impl Fault {
    /// A fault at one endpoint, in both offices.
    pub fn at(endpoint: Endpoint, act: Act) -> Self {
        Self { endpoint: Some(endpoint), office: None, act, times: None, after: 0 }
    }

    /// A fault at every path but the sandbox's own, those without an endpoint too.
    pub fn anywhere(act: Act) -> Self {
        Self { endpoint: None, office: None, act, times: None, after: 0 }
    }

    /// In this office only.
    #[must_use]
    pub fn office(mut self, office: Office) -> Self {
        self.office = Some(office);
        self
    }

    /// Acts on this many requests; without it until it is cleared.
    #[must_use]
    pub fn times(mut self, requests: u64) -> Self {
        self.times = Some(requests);
        self
    }

    /// Lets this many requests pass before it acts, counted from when it is set.
    #[must_use]
    pub fn after(mut self, requests: u64) -> Self {
        self.after = requests;
        self
    }

    /// How it misbehaves.
    pub fn act(&self) -> &Act {
        &self.act
    }

    pub(super) fn is_at(&self, spot: Spot) -> bool {
        self.endpoint.is_none_or(|endpoint| spot.endpoint == Some(endpoint))
            && self.office.is_none_or(|office| spot.office == Some(office))
    }
}
