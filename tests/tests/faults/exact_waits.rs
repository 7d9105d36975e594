//! Waiting exactly as long as the client says, with the host's clock and ours moved together: the host never blocks.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use auth_client::ports::Clock;
use auth_client::secret::Password;
use auth_client::{
    AuthClient, BootTime, CallError, Credentials, LockedOutBy, Office, SignInError, SignInStep,
    SignedDuration, SystemClock, Timestamp,
};
use auth_sandbox::{Act, Endpoint, Fault, Sandbox};
use e2e::past::block_on;

/// Both of the system's clocks, moved by the same time; the wall clock by some more, where somebody has set it.
#[derive(Clone, Default)]
struct Ahead {
    nanos: Arc<AtomicI64>,
    set_by: Arc<AtomicI64>,
}

impl Ahead {
    fn pass(&self, span: Duration) {
        self.nanos.fetch_add(i64::try_from(span.as_nanos()).expect("a short time"), Ordering::SeqCst);
    }

    fn by(&self) -> i64 {
        self.nanos.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        let by = SignedDuration::from_nanos(self.by())
            + SignedDuration::from_millis(self.set_by.load(Ordering::SeqCst));
        SystemClock.now().checked_add(by).expect("a date")
    }

    fn boot_time(&self) -> Option<BootTime> {
        let now = SystemClock.boot_time()?;
        Some(BootTime { elapsed: now.elapsed + Duration::from_nanos(self.by().unsigned_abs()), ..now })
    }

    async fn sleep(&self, how_long: Duration) {
        tokio::time::sleep(how_long).await;
    }
}

/// What a wrong password comes to: nothing but that, or a wait and who asks for it.
async fn try_wrong(client: &AuthClient) -> Option<(Duration, LockedOutBy)> {
    let sign_in = client.sign_in(Office::Front);
    let SignInStep::Start(start) = sign_in.current() else { panic!() };
    let form = match start.open().await {
        Ok(SignInStep::Credentials(form)) => form,
        other => panic!("{other:?}"),
    };
    let failed = form.submit(Credentials::new("plain@example.com", Password::new("wrong"))).await;
    match failed.expect_err("it is wrong").cause {
        SignInError::WrongCredentials { .. } => None,
        SignInError::Call(CallError::LockedOut(lock)) => Some((lock.retry_after, lock.by)),
        other => panic!("{other:?}"),
    }
}

/// Uses up the attempts, waits as told, so often; the host counts at its own times.
fn wait_as_told(rounds: u32, slow: Duration, set_wall: i64) {
    let sandbox = Sandbox::start().expect("the sandbox starts");
    if !slow.is_zero() {
        sandbox.fault(Fault::at(Endpoint::SignIn, Act::delay_before(slow)));
    }
    let clock = Ahead::default();
    let client = AuthClient::builder(sandbox.url()).clock(clock.clone()).build().expect("a client");
    block_on(async {
        for _ in 0..5 {
            assert_eq!(try_wrong(&client).await, None);
            let some = Duration::from_millis(1700);
            clock.pass(some);
            sandbox.advance(some);
        }
        for round in 0..rounds {
            clock.set_by.fetch_add(set_wall, Ordering::SeqCst);
            let (wait, by) = try_wrong(&client).await.expect("the attempts are used up");
            assert_eq!(by, LockedOutBy::RateLimiter, "round {round}");
            assert!(wait <= Duration::from_secs(63), "round {round}: {wait:?}");
            clock.pass(wait);
            sandbox.advance(wait);
            assert_eq!(try_wrong(&client).await, None, "round {round}: the host takes it");
        }
    });
    let blocked = sandbox.requests().iter().filter(|request| request.status == 429).count();
    assert_eq!(blocked, 0);
}

#[test]
fn waiting_exactly_as_told_never_brings_the_block() {
    wait_as_told(5, Duration::ZERO, 0);
}

#[test]
fn nor_where_the_host_takes_long_before_it_counts() {
    wait_as_told(2, Duration::from_millis(700), 0);
}

#[test]
fn nor_where_somebody_sets_the_wall_clock_in_between() {
    for set_by in [-12 * 3600 * 1000, -120_000, 120_000, 3600 * 1000] {
        wait_as_told(3, Duration::ZERO, set_by);
    }
}
