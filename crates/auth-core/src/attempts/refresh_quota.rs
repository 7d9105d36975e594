//! How many refreshes an operator allows all processes together to send to a host.

use std::time::Duration;

/// The most refreshes that all processes that share a store send to one host in any span of this length. They take it in slices:
/// a process writes once for several refreshes, and sends them within the [life](Self::slice_life) of the slice. What it does not
/// send by then is lost, so that the sum never exceeds the quota, whichever process dies.
///
/// Somebody who waits for a token goes before refreshes of a service's own accord ([`QuotaShare`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshQuota {
    requests: u32,
    window: Duration,
}

/// Which share of the quota a refresh may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QuotaShare {
    /// Nobody waits for it: a fifth of the quota stays free for those who do.
    Background,
    /// Somebody waits for it: all of the quota.
    OnDemand,
}

/// A window is at least this long.
const MIN_WINDOW: Duration = Duration::from_millis(100);
/// And at most this long: as long as a block of the host's is believed.
const MAX_WINDOW: Duration = Duration::from_secs(86_400);
/// The longest life of a slice, and the shortest where the window is not shorter.
const SLICE_LIVES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(1));

impl RefreshQuota {
    /// So many refreshes in any span of `window`: at least one, and in 100 ms to a day.
    #[must_use]
    pub fn new(requests: u32, window: Duration) -> Self {
        Self { requests: requests.max(1), window: window.clamp(MIN_WINDOW, MAX_WINDOW) }
    }

    /// So many refreshes in any second.
    #[must_use]
    pub fn per_second(requests: u32) -> Self {
        Self::new(requests, Duration::from_secs(1))
    }

    /// So many refreshes in any minute.
    #[must_use]
    pub fn per_minute(requests: u32) -> Self {
        Self::new(requests, Duration::from_secs(60))
    }

    /// How many refreshes.
    #[must_use]
    pub fn requests(&self) -> u32 {
        self.requests
    }

    /// In any span of this length.
    #[must_use]
    pub fn window(&self) -> Duration {
        self.window
    }

    /// How many of them this share may use. At least one, so that a quota of one is no standstill.
    #[must_use]
    pub fn share(&self, share: QuotaShare) -> u32 {
        match share {
            QuotaShare::OnDemand => self.requests,
            QuotaShare::Background => (self.requests - self.requests.div_ceil(5)).max(1),
        }
    }

    /// How long a slice can be spent: a twentieth of the window, 100 ms to one second.
    #[must_use]
    pub fn slice_life(&self) -> Duration {
        (self.window / 20).clamp(SLICE_LIVES.0, SLICE_LIVES.1)
    }

    /// The most in one slice: what comes free while it lives.
    #[must_use]
    pub fn max_slice(&self) -> u32 {
        let share = self.slice_life().as_secs_f64() / self.window.as_secs_f64();
        // At most as many as there are: the life is never longer than the window.
        ((f64::from(self.requests) * share) as u32).clamp(1, self.requests)
    }

    /// Slices that one machine takes in this span are written down as one.
    pub(super) fn grain(&self) -> Duration {
        self.window / 60
    }

    /// How long what was taken counts: until the last of it may have been sent, and a window from there.
    pub(super) fn counts_for(&self) -> Duration {
        self.window + self.slice_life() + self.grain()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_is_what_comes_free_while_it_lives() {
        let a_minute = RefreshQuota::per_minute(600);
        assert_eq!((a_minute.slice_life(), a_minute.max_slice()), (Duration::from_secs(1), 10));
        let a_second = RefreshQuota::per_second(100);
        assert_eq!((a_second.slice_life(), a_second.max_slice()), (Duration::from_millis(100), 10));
        assert_eq!(RefreshQuota::per_minute(5).max_slice(), 1);
        assert_eq!(RefreshQuota::new(0, Duration::ZERO).max_slice(), 1);
    }

    #[test]
    fn who_waits_has_a_share_of_his_own() {
        let share = |requests| RefreshQuota::per_minute(requests).share(QuotaShare::Background);
        assert_eq!([1, 2, 5, 10, 600].map(share), [1, 1, 4, 8, 480]);
    }
}
