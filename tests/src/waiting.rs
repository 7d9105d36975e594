//! Waiting for another process. The guard only keeps a broken test from hanging; no test passes because of it.

use std::time::{Duration, Instant};

/// Long enough for the slowest machine.
pub const GUARD: Duration = Duration::from_secs(60);

/// Looks again and again until there is something.
#[track_caller]
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(started.elapsed() < GUARD, "waited in vain for {what}");
        std::thread::yield_now();
        std::thread::park_timeout(Duration::from_millis(5));
    }
}
