//! A time limit for adapters that does not count the time in which the process stood still.
//!
//! A process can be stopped for any time: a closed lid, a paused container, an app in the background, `SIGSTOP`. When it goes on, its
//! timers are over at once, while the answer that came meanwhile lies unread. A plain time limit then gives up an answer that is
//! there; of a refresh, that is the only one that names the new tokens.

use std::{
    future::poll_fn,
    pin::{Pin, pin},
    task::Poll,
    time::{Duration, Instant},
};

/// Time is counted in pieces of this length at most.
const PIECE: Duration = Duration::from_secs(1);
/// A piece that took this much longer than it should, and half of its length, is one in which the process stood still.
const STOOD_STILL: Duration = Duration::from_millis(100);
/// After the limit the work is looked at for so much longer.
const LAST_LOOK: Duration = Duration::from_millis(250);

/// Does the work, at most for this time and a last look of a quarter of a second. `None` if it was not done by then.
///
/// Time in which the process stood still does not count. `now` is a clock that goes on meanwhile, such as `Instant::now`; `sleep`
/// completes after the time that it is given, such as `tokio::time::sleep`. Work that is done at once starts no timer.
pub async fn within<T, S: Future<Output = ()>>(
    limit: Duration,
    work: impl Future<Output = T>,
    now: impl Fn() -> Instant,
    sleep: impl Fn(Duration) -> S,
) -> Option<T> {
    let mut work = pin!(work);
    let first = poll_fn(|cx| {
        Poll::Ready(match work.as_mut().poll(cx) {
            Poll::Ready(done) => Some(done),
            Poll::Pending => None,
        })
    });
    if let Some(done) = first.await {
        return Some(done);
    }
    let mut left = limit;
    while !left.is_zero() {
        let piece = left.min(PIECE);
        let begun = now();
        if let Some(done) = before(work.as_mut(), sleep(piece)).await {
            return Some(done);
        }
        let stood_still = now().saturating_duration_since(begun) > piece + piece / 2 + STOOD_STILL;
        // Some of it may have been used; and it has to come to an end.
        left -= if stood_still { (piece / 2).max(Duration::from_millis(1)).min(left) } else { piece };
    }
    before(work, sleep(limit.min(LAST_LOOK))).await
}

/// The result of the work if it is done before `end`.
async fn before<T>(mut work: Pin<&mut impl Future<Output = T>>, end: impl Future<Output = ()>) -> Option<T> {
    let mut end = pin!(end);
    poll_fn(|cx| match (work.as_mut().poll(cx), end.as_mut().poll(cx)) {
        (Poll::Ready(done), _) => Poll::Ready(Some(done)),
        (Poll::Pending, Poll::Ready(())) => Poll::Ready(None),
        (Poll::Pending, Poll::Pending) => Poll::Pending,
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        cell::{Cell, RefCell},
        future::{pending, ready},
        task::{Context, Waker},
    };

    fn run<T>(work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        loop {
            if let Poll::Ready(done) = work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                return done;
            }
        }
    }

    /// Work that is done once so much time was slept.
    fn done_after(slept: &Cell<Duration>, needed: Duration) -> impl Future<Output = ()> {
        poll_fn(move |_| if slept.get() >= needed { Poll::Ready(()) } else { Poll::Pending })
    }

    /// A clock that goes on by what is slept, and by some more each time.
    struct Slept {
        start: Instant,
        passed: Cell<Duration>,
        stands_still: Duration,
        naps: RefCell<Vec<u128>>,
    }

    impl Slept {
        fn new(stands_still: Duration) -> Self {
            let passed = Cell::new(Duration::ZERO);
            Self { start: an_instant(), passed, stands_still, naps: RefCell::default() }
        }

        fn now(&self) -> Instant {
            self.start + self.passed.get()
        }

        fn sleep(&self, span: Duration) -> std::future::Ready<()> {
            self.passed.set(self.passed.get() + span + self.stands_still);
            self.naps.borrow_mut().push(span.as_millis());
            ready(())
        }
    }

    #[allow(clippy::disallowed_methods, reason = "there is no other way to make one")]
    fn an_instant() -> Instant {
        Instant::now()
    }

    #[test]
    fn the_limit_is_kept_and_what_comes_at_the_last_moment_is_taken() {
        for (needed, in_time) in [(0, true), (2400, true), (2500, true), (2750, true), (2751, false)] {
            let slept = Slept::new(Duration::ZERO);
            let work = done_after(&slept.passed, Duration::from_millis(needed));
            let limit = Duration::from_millis(2500);
            let done = run(within(limit, work, || slept.now(), |span| slept.sleep(span)));
            assert_eq!(done.is_some(), in_time, "{needed}");
            assert!([1000, 1000, 500, 250].starts_with(&slept.naps.borrow()), "{:?}", slept.naps);
        }
    }

    #[test]
    fn time_in_which_the_process_stood_still_does_not_count() {
        let slept = Slept::new(Duration::from_secs(33));
        let limit = Duration::from_secs(2);
        assert!(run(within(limit, pending::<()>(), || slept.now(), |span| slept.sleep(span))).is_none());
        let naps = slept.naps.borrow();
        assert!(naps.len() > 8 && naps.len() < 40, "it comes to an end: {naps:?}");
        assert_eq!(naps[..3], [1000, 1000, 1000]);
    }
}
