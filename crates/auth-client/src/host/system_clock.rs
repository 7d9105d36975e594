//! The system's clocks.

use async_trait::async_trait;
use auth_core::{BootTime, Timestamp, ports::Clock};
use std::{
    ops::Deref,
    sync::Arc,
    time::{Duration, SystemTime},
};

/// The wall clock, the time since the machine was started, and tokio's timers.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::try_from(SystemTime::now()).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    fn boot_time(&self) -> Option<BootTime> {
        boot::now()
    }

    #[inline]
    fn coarse_now(&self) -> i64 {
        coarse::now()
    }

    async fn sleep(&self, how_long: Duration) {
        tokio::time::sleep(how_long).await;
    }
}

/// The clock that a client uses. The system's can be read without a call through the port.
#[derive(Clone)]
pub(crate) struct ClockInUse {
    clock: Arc<dyn Clock>,
    is_system: bool,
}

impl ClockInUse {
    /// The given clock, or the system's.
    pub(crate) fn new(clock: Option<Arc<dyn Clock>>) -> Self {
        let is_system = clock.is_none();
        Self { clock: clock.unwrap_or_else(|| Arc::new(SystemClock)), is_system }
    }

    /// The wall clock as [`Clock::coarse_now`] tells it, in nanoseconds since 1970.
    #[inline]
    pub(crate) fn coarse_now(&self) -> i64 {
        if self.is_system { coarse::now() } else { self.clock.coarse_now() }
    }
}

impl Deref for ClockInUse {
    type Target = dyn Clock;

    fn deref(&self) -> &Self::Target {
        &*self.clock
    }
}

/// A wall clock that is a few milliseconds behind and a few nanoseconds away.
mod coarse {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    #[inline]
    pub(super) fn now() -> i64 {
        let now = rustix::time::clock_gettime(rustix::time::ClockId::RealtimeCoarse);
        now.tv_sec.wrapping_mul(1_000_000_000).wrapping_add(now.tv_nsec)
    }

    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    pub(super) fn now() -> i64 {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        now.map_or(0, |now| i64::try_from(now.as_nanos()).unwrap_or(i64::MAX))
    }
}

#[cfg(unix)]
mod boot {
    use auth_core::BootTime;
    use rustix::time::{ClockId, clock_gettime};
    use std::{sync::OnceLock, time::Duration};

    #[cfg(any(target_os = "linux", target_os = "android"))]
    const CLOCK: ClockId = ClockId::Boottime;
    /// Apple's goes on while the machine sleeps.
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    const CLOCK: ClockId = ClockId::Monotonic;

    pub(super) fn now() -> Option<BootTime> {
        let now = clock_gettime(CLOCK);
        let elapsed = Duration::new(u64::try_from(now.tv_sec).ok()?, u32::try_from(now.tv_nsec).ok()?);
        Some(BootTime { id: id(), elapsed })
    }

    /// The same for all processes since the machine was started; where it cannot be read, for this process only.
    fn id() -> u64 {
        static ID: OnceLock<u64> = OnceLock::new();
        *ID.get_or_init(|| read().or_else(|| getrandom::u64().ok()).unwrap_or(0))
    }

    fn read() -> Option<u64> {
        let text = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        let digits: String = text.chars().filter(char::is_ascii_hexdigit).take(16).collect();
        u64::from_str_radix(&digits, 16).ok()
    }
}

/// Without a clock that is known to go on while the machine sleeps, the wall clock alone is asked.
#[cfg(not(unix))]
mod boot {
    pub(super) fn now() -> Option<auth_core::BootTime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clocks_agree_and_go_forward() {
        let clock = SystemClock;
        assert!((clock.now().as_millisecond() - clock.coarse_now() / 1_000_000).abs() < 1000);
        let (earlier, later) = (clock.reading(), clock.reading());
        assert!(!matches!(later.since(&earlier), auth_core::Elapsed::Unknown));
    }
}
