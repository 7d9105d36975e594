//! How long to wait before the host is asked again.

use auth_core::{CallError, LockedOut, ports::TransportError, qr::QrSignInError};
use std::time::Duration;

const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(30);
/// A host that asks for a longer wait than this has to be asked again by the user.
const MAX_ASKED: Duration = Duration::from_secs(120);

/// Attempts that failed one after the other.
#[derive(Debug, Default)]
pub(super) struct Retries(u32);

impl Retries {
    /// How long to wait after this failure, with jitter. `None` if trying again is of no use.
    pub(super) fn next(&mut self, error: &QrSignInError) -> Option<Duration> {
        let asked = match error {
            QrSignInError::Call(error) => match error {
                CallError::LockedOut(LockedOut { retry_after, .. }) => Some(*retry_after),
                CallError::HostFailed { retry_after, .. } => *retry_after,
                CallError::Transport(TransportError::Failed) => return None,
                CallError::Transport(_) | CallError::NotB2Core { .. } => None,
                CallError::Redirected { .. }
                | CallError::BlockedByGateway { .. }
                | CallError::Protocol { .. } => return None,
            },
            _ => return None,
        };
        match asked {
            Some(asked) if asked > MAX_ASKED => None,
            Some(asked) => Some(asked + self.back_off()),
            None => Some(self.back_off()),
        }
    }

    /// Twice as long each time, and between the half and the whole of it, so that many displays do not come back together.
    pub(super) fn back_off(&mut self) -> Duration {
        let whole = FIRST.saturating_mul(1 << self.0.min(10)).min(LONGEST);
        self.0 = self.0.saturating_add(1);
        let random = getrandom::u32().map_or(0.5, |random| f64::from(random) / f64::from(u32::MAX));
        whole.mul_f64(0.5 + random / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auth_core::LockedOutBy;

    #[test]
    fn the_wait_grows_and_ends_at_half_a_minute() {
        let mut retries = Retries::default();
        let mut whole = FIRST;
        for _ in 0..100 {
            let wait = retries.back_off();
            assert!(wait >= whole / 2 && wait <= whole, "{wait:?} of {whole:?}");
            whole = (whole * 2).min(LONGEST);
        }
    }

    #[test]
    fn what_the_host_asks_for_is_kept_unless_it_is_too_long() {
        let locked = |seconds| {
            let retry_after = Duration::from_secs(seconds);
            QrSignInError::Call(CallError::LockedOut(LockedOut { retry_after, by: LockedOutBy::Host }))
        };
        assert!(Retries::default().next(&locked(60)) >= Some(Duration::from_secs(60)));
        assert_eq!(Retries::default().next(&locked(600)), None);
        assert!(Retries::default().next(&CallError::from(TransportError::Unreachable).into()).is_some());
        // A captive portal, which goes away.
        assert!(Retries::default().next(&CallError::from(TransportError::Tls).into()).is_some());
        assert_eq!(Retries::default().next(&QrSignInError::NoCode), None);
    }
}
