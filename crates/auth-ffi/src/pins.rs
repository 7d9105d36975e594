//! Certificate pins: for the HTTP stack of this library, and for transports of the app's own.

use crate::AuthError;
use auth_client::Timestamp;
use std::sync::Arc;

/// The keys of which one has to be in the host's chain of certificates: at least two, so that the host can change its key.
#[derive(uniffi::Object)]
pub struct CertificatePins {
    pub(crate) inner: auth_client::CertificatePins,
}

/// What becomes of pins that have expired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum AfterExpiry {
    /// They are ignored: the host's certificate is checked as without pins. An app that is not updated keeps working.
    Ignore,
    /// The host is refused until the app has newer pins.
    Refuse,
}

/// Whether pins hold at a point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum PinsNow {
    /// One of the pinned keys has to be in the chain.
    InForce,
    /// They have expired and count for nothing.
    Ignored,
    /// They have expired, and no certificate is accepted.
    Refused,
}

#[uniffi::export]
impl CertificatePins {
    /// Pins such as `sha256/BASE64`, in OkHttp's or in curl's spelling, until they expire.
    ///
    /// # Errors
    /// `Setup` if a text is no pin, if there are fewer than two different ones, or if the date is beyond all calendars.
    #[uniffi::constructor]
    pub fn new(
        pins: Vec<String>,
        expires_at_epoch_seconds: Option<i64>,
        after_expiry: AfterExpiry,
    ) -> Result<Arc<Self>, AuthError> {
        let setup = |problem: &dyn ToString| AuthError::Setup { problem: problem.to_string() };
        let inner = auth_client::CertificatePins::new(pins.iter().map(String::as_str));
        let inner = inner.map_err(|error| setup(&error))?;
        let Some(seconds) = expires_at_epoch_seconds else { return Ok(Arc::new(Self { inner })) };
        let at = Timestamp::from_second(seconds).map_err(|_| setup(&"the pins' expiry is no date"))?;
        let then = match after_expiry {
            AfterExpiry::Ignore => auth_client::AfterExpiry::Ignore,
            AfterExpiry::Refuse => auth_client::AfterExpiry::Refuse,
        };
        Ok(Arc::new(Self { inner: inner.expiring(at, then) }))
    }

    /// The pins, as OkHttp writes them.
    pub fn pins(&self) -> Vec<String> {
        self.inner.pins().iter().map(ToString::to_string).collect()
    }

    /// Whether they hold at this time.
    pub fn at(&self, epoch_seconds: i64) -> PinsNow {
        let now = Timestamp::from_second(epoch_seconds);
        let latest = if epoch_seconds < 0 { Timestamp::MIN } else { Timestamp::MAX };
        match self.inner.at(now.unwrap_or(latest)) {
            auth_client::PinsNow::InForce => PinsNow::InForce,
            auth_client::PinsNow::Ignored => PinsNow::Ignored,
            auth_client::PinsNow::Refused => PinsNow::Refused,
        }
    }

    /// True if this is the SHA-256 of one of the keys.
    pub fn contains(&self, sha256: Vec<u8>) -> bool {
        sha256.try_into().is_ok_and(|digest| self.inner.contains(&auth_client::Pin::of_sha256(digest)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "sha256/AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    const TWO: &str = "sha256//AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";

    fn made(
        pins: &[&str],
        expiry: Option<i64>,
        then: AfterExpiry,
    ) -> Result<Arc<CertificatePins>, AuthError> {
        CertificatePins::new(pins.iter().map(ToString::to_string).collect(), expiry, then)
    }

    #[test]
    fn pins_are_those_of_the_core() {
        let pins = made(&[ONE, TWO], Some(100), AfterExpiry::Refuse).unwrap();
        assert_eq!(pins.pins(), [ONE.to_owned(), TWO.replace("//", "/")]);
        assert_eq!((pins.at(99), pins.at(100)), (PinsNow::InForce, PinsNow::Refused));
        assert_eq!((pins.at(i64::MIN), pins.at(i64::MAX)), (PinsNow::InForce, PinsNow::Refused));
        assert_eq!(made(&[ONE, TWO], Some(100), AfterExpiry::Ignore).unwrap().at(100), PinsNow::Ignored);
        assert!(pins.contains(vec![1; 32]) && !pins.contains(vec![3; 32]) && !pins.contains(vec![1; 31]));
    }

    #[test]
    fn what_cannot_be_pinned_is_a_set_up_error() {
        for (pins, expiry) in [(&[ONE][..], None), (&[ONE, "sha256/x"], None), (&[ONE, TWO], Some(i64::MAX))]
        {
            let refused = made(pins, expiry, AfterExpiry::Ignore);
            assert!(matches!(refused, Err(AuthError::Setup { .. })), "{pins:?} {expiry:?}");
        }
    }
}
